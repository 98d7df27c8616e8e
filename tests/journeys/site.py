"""A real installation for journeys: its own folder, database, gunicorn with job thread, mails as files."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds that anything may take on a busy machine


@dataclass
class Site:
    """One running installation. Use as a context manager."""

    folder: Path
    environment: str = "development"
    extra: dict[str, str] = field(default_factory=dict)
    port: int = 0

    def __enter__(self) -> Self:
        self.port = self.port or _free_port()
        self.flask("db", "upgrade")
        self.log = (self.folder / "server.log").open("wb")
        # One process with threads: its job thread is where matching and scheduling run.
        command = ["gunicorn", "--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "6", "wsgi:app"]
        self.server = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=self.settings, stdout=self.log, stderr=self.log
        )
        wait_until(self._answers, "the server answers")
        return self

    def __exit__(self, *_: object) -> None:
        self.server.terminate()
        try:
            self.server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        self.log.close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of the server, of commands and of what ``store.py`` does."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")}
        return (
            own
            | {
                "MATCHMAKER_ENVIRONMENT": self.environment,
                "MATCHMAKER_INSTANCE_DIR": str(self.folder),
                "MATCHMAKER_BASE_URL": self.address,
                "MATCHMAKER_MAIL": "outbox",
                "MATCHMAKER_JOBS": "thread",
                "MATCHMAKER_RATE_LIMITS": "no",  # a dozen people from one address within a minute
                "MATCHMAKER_SOLVER_SECONDS": "5",
                "PYTHONPATH": str(ROOT),
            }
            | self.extra
        )

    def flask(self, *words: str) -> str:
        """Run ``flask ...`` of this installation and return what it prints."""
        return self._run("-m", "flask", "--app", "wsgi", *words)

    def store(self, story: str, *words: str) -> str:
        """Run a function of ``store.py`` in the environment of the server and return what it prints."""
        return self._run("-m", "tests.journeys.store", story, *words).strip()

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.settings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def mails(self, to: str = "") -> list[EmailMessage]:
        """Return the mails that left so far, oldest first, to one address or to everybody."""
        files = sorted((self.folder / "outbox").glob("*.eml"), key=lambda file: (file.stat().st_mtime, file.name))
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [mail for mail in found if not to or str(mail["To"]) == to]

    def mail(self, to: str, words: str) -> EmailMessage:
        """Wait for a mail to somebody with these words in its subject; the newest one if there are several."""

        def newest() -> EmailMessage | None:
            return next((mail for mail in reversed(self.mails(to)) if words in str(mail["Subject"])), None)

        return wait_until(newest, f"a mail “{words}” to {to}; there are {[str(m['Subject']) for m in self.mails(to)]}")

    def fetch(self, address: str) -> tuple[int, bytes]:
        """Read an address as a calendar program does, without cookies: status and body."""
        try:
            with urlopen(Request(address), timeout=PATIENCE) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, b""

    def _answers(self) -> bool:
        assert self.server.poll() is None, (self.folder / "server.log").read_text()[-3000:]
        try:
            return self.fetch(f"{self.address}/health/live")[0] == 200
        except URLError:
            return False


def wait_until(question: Any, what: str) -> Any:
    """Ask again and again until the answer is true; return it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited in vain until {what}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
