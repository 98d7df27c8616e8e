"""Delivering a stored message: SMTP, the outbox folder, or memory. The only user of smtplib."""

import os
from email import message_from_bytes
from email.message import Message as WireMessage
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import delete, update

from matchmaker import jobs
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.mail.models import Message, MessageState
from matchmaker.settings import Settings

if TYPE_CHECKING:
    from smtplib import SMTP

MEMORY: list[WireMessage] = []  # what the backend "memory" delivered, newest last
TIMEOUT = 20  # seconds


def _given_up(message_id: int) -> None:
    message = db.session.get(Message, message_id)
    if message is not None and message.state == MessageState.QUEUED:
        message.state = MessageState.FAILED


@jobs.task(retries=7, interrupted=_given_up)
def deliver(message_id: int) -> None:
    """Deliver one stored message; a failure is stored with it and tried again later, seven times in about six hours."""
    message = db.session.get(Message, message_id)
    if message is None or message.state == MessageState.SENT:
        return
    raw, recipient = message.raw, message.recipient
    db.session.rollback()
    settings: Settings = current_app.config["SETTINGS"]
    try:
        _BACKENDS[settings.mail](settings, message_id, recipient, raw)
    except Exception as error:  # also an address that the server can't be told: whatever it is stands with the message
        _note(message_id, MessageState.QUEUED, str(error))
        raise
    _note(message_id, MessageState.SENT, "")


def retry(message: Message) -> None:
    """Queue a failed message once more, inside the present transaction; one that waits already is left alone."""
    failed = update(Message).where(Message.id == message.id, Message.state == MessageState.FAILED)
    if db.session.execute(failed.values(state=MessageState.QUEUED)).rowcount:  # type: ignore[attr-defined]
        jobs.enqueue(deliver, message.id)


@jobs.daily
def forget_mails() -> None:
    """Remove mails that were sent long ago."""
    with transaction():
        old = delete(Message).where(Message.state == MessageState.SENT, Message.sent_at < jobs.kept_since())
        db.session.execute(old.execution_options(synchronize_session=False))


def _note(message_id: int, state: MessageState, error: str) -> None:
    with transaction():
        message = db.session.get_one(Message, message_id)
        message.state, message.error, message.attempts = state, error[:2000], message.attempts + 1
        message.sent_at = now() if state == MessageState.SENT else None


def _by_smtp(settings: Settings, _message_id: int, recipient: str, raw: bytes) -> None:
    with _connect(settings) as server:
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.sendmail(parseaddr(settings.mail_from)[1], [recipient], raw)


def _connect(settings: Settings) -> "SMTP":
    import smtplib
    import ssl

    address = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == "none":
        return smtplib.SMTP(*address, timeout=TIMEOUT)
    checked = ssl.create_default_context()  # smtplib's own default takes any certificate
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(*address, timeout=TIMEOUT, context=checked)
    server = smtplib.SMTP(*address, timeout=TIMEOUT)
    try:
        server.starttls(context=checked)
    except BaseException:
        server.close()
        raise
    return server


def _into_folder(settings: Settings, message_id: int, _recipient: str, raw: bytes) -> None:
    folder = Path(settings.instance_dir) / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{message_id:08d}.part"
    with partial.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / f"{message_id:08d}.eml")


def _into_memory(_settings: Settings, _message_id: int, _recipient: str, raw: bytes) -> None:
    MEMORY.append(message_from_bytes(raw))


_BACKENDS = {"smtp": _by_smtp, "outbox": _into_folder, "memory": _into_memory}
