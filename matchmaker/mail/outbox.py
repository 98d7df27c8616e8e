"""Composing a message and storing it for delivery. The only user of the mail library for writing."""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from flask import current_app, render_template
from sqlalchemy.exc import IntegrityError

from matchmaker import jobs
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.mail.delivery import deliver
from matchmaker.mail.models import Message

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Mail:
    """One mail to one person. ``key`` says what it is about, so that it is stored once: ``"meeting-12-0-user-5"``.

    ``calendar`` is iCalendar text; its ``method`` (REQUEST, CANCEL, PUBLISH) is repeated in the MIME part.
    """

    key: str
    to: str
    subject: str
    text: str
    html: str = ""
    event_id: int | None = None
    calendar: bytes = b""
    method: str = "REQUEST"
    headers: dict[str, str] = field(default_factory=dict)


def render_mail(template: str, **values: object) -> tuple[str, str]:
    """Render ``<template>.txt`` and ``<template>.html`` and return both."""
    return render_template(f"{template}.txt", **values), render_template(f"{template}.html", **values)


def sender_address() -> str:
    """Return the address that mails come from; it is also the organiser of calendar entries."""
    return parseaddr(current_app.config["SETTINGS"].mail_from)[1]


def queue_mail(mail: Mail) -> Message | None:
    """Store a mail and its delivery job in the present transaction.

    Returns ``None`` if this ``key`` was stored before, or the address is that of an erased account (RFC 2606 ``.invalid``).
    """
    if mail.to.endswith(".invalid") or db.session.scalar(db.select(Message.id).where(Message.key == mail.key)):
        return None
    message = Message(
        key=mail.key, event_id=mail.event_id, recipient=mail.to, subject=_line(mail.subject)[:400], raw=compose(mail)
    )
    try:
        with db.session.begin_nested():
            db.session.add(message)
    except IntegrityError:  # the same notice ran elsewhere at the same time and was quicker
        if db.session.scalar(db.select(Message.id).where(Message.key == mail.key)) is None:
            raise
        return None
    jobs.enqueue(deliver, message.id)
    return message


def compose(mail: Mail) -> bytes:
    """Return the message as it goes over the wire (RFC 5322, RFC 6047 for the calendar part)."""
    from email.policy import SMTP

    settings = current_app.config["SETTINGS"]
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))  # not every mail server takes 8-bit parts
    message["Subject"] = _line(mail.subject)
    message["From"] = settings.mail_from
    message["To"] = mail.to
    message["Date"] = format_datetime(now())
    domain = sender_address().rpartition("@")[2]
    message["Message-ID"] = f"<{re.sub(r'[^A-Za-z0-9.-]', '-', mail.key)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = _line(value)
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        message.add_alternative(
            mail.calendar, maintype="text", subtype="calendar", params={"method": mail.method, "charset": "utf-8"}
        )
        # Some clients ignore the alternative part and look for a file.
        message.add_attachment(mail.calendar, maintype="application", subtype="ics", filename="meeting.ics")
    return message.as_bytes()


def _line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()
