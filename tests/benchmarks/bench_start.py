"""How long a command of the application takes to start, and how much memory a web process holds."""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tests.free_port import free_port

ROOT = Path(__file__).resolve().parents[2]


def run() -> Iterator[dict[str, Any]]:
    """Yield seconds of ``flask routes`` next to a bare import of Flask and SQLAlchemy, and megabytes of a web process."""
    bare = [sys.executable, "-c", "import flask, sqlalchemy.orm"]
    for name, command in (
        ("flask routes", [sys.executable, "-m", "flask", "--app", "wsgi", "routes"]),
        ("baseline: import flask, sqlalchemy", bare),
    ):
        times = [seconds(command) for _repeat in range(6)][1:]
        yield {"what": name, "median s": median(times), "min s": min(times), "max s": max(times)}
    yield {"what": "web process after 20 pages", "resident MB": round(resident_megabytes(), 1)}


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def resident_megabytes() -> float:
    """Start one gunicorn worker on an empty database, read 20 pages, and return the worker's resident memory."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "MATCHMAKER_INSTANCE_DIR": folder,
            "MATCHMAKER_BASE_URL": f"http://127.0.0.1:{port}",
        }
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], cwd=ROOT, env=environment, check=True
        )
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "wsgi:app", "-b", f"127.0.0.1:{port}", "--worker-class", "gthread",
             "--threads", "4", "--log-level", "error"], cwd=ROOT, env=environment,
        )  # fmt: skip
        try:
            for _page in range(20):
                read(f"http://127.0.0.1:{port}/")
                read(f"http://127.0.0.1:{port}/events/")
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            status = Path(f"/proc/{children[0]}/status").read_text()
        finally:
            server.terminate()
            server.wait()
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024


def read(url: str, tries: int = 100) -> bytes:
    for _attempt in range(tries):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)
