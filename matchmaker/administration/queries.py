"""What administrators see: lists of the whole installation and its figures."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_

from matchmaker import audit
from matchmaker.accounts.models import Membership, MembershipState, Organisation, User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events.models import Event
from matchmaker.jobs import Job, JobState
from matchmaker.mail import Message, MessageState
from matchmaker.meetings.models import Meeting
from matchmaker.registrations.models import Participant
from matchmaker.web.folding import fold

USER_STATES = ("active", "unconfirmed", "disabled", "administrators")


class Figures(NamedTuple):
    """How much there is, and what waits or went wrong. Waits in whole seconds."""

    users: int
    unconfirmed: int
    organisations: int
    events: int
    participants: int
    meetings: int
    jobs_failed: int
    jobs_waiting: int
    oldest_job_seconds: int
    mails_failed: int
    mails_waiting: int
    oldest_mail_seconds: int


def figures() -> Figures:
    """Return the figures of the first page, in one statement."""
    row = db.session.execute(
        db.select(
            _count(User.id, User.disabled_at.is_(None)),
            _count(User.id, and_(User.confirmed_at.is_(None), User.disabled_at.is_(None))),
            _count(Organisation.id),
            _count(Event.id),
            _count(Participant.id),
            _count(Meeting.id, Meeting.state != "cancelled"),
            _count(Job.id, Job.state.in_((JobState.FAILED, JobState.INTERRUPTED))),
            _count(Job.id, Job.state == JobState.QUEUED),
            db.select(func.min(Job.due_at)).where(Job.state == JobState.QUEUED).scalar_subquery(),
            _count(Message.id, Message.state == MessageState.FAILED),
            _count(Message.id, Message.state == MessageState.QUEUED),
            db.select(func.min(Message.created_at)).where(Message.state == MessageState.QUEUED).scalar_subquery(),
        )
    ).one()
    values = [_seconds(value) if position in (8, 11) else value for position, value in enumerate(row)]
    return Figures(*values)


def users(search: str, state: str) -> Select[Any]:
    """Return a query of accounts by name or address and state, by name."""
    query = db.select(User)
    for word in search.lower().split():
        pattern = f"%{word}%"
        names = func.lower(User.first_name + " " + User.last_name)
        query = query.where(or_(User.email.like(pattern), names.like(pattern)))
    conditions = {
        "active": and_(User.confirmed_at.is_not(None), User.disabled_at.is_(None)),
        "unconfirmed": and_(User.confirmed_at.is_(None), User.disabled_at.is_(None)),
        "disabled": User.disabled_at.is_not(None),
        "administrators": User.is_admin.is_(True),
    }
    if state in conditions:
        query = query.where(conditions[state])
    return query.order_by(func.lower(User.last_name), func.lower(User.first_name), User.id)


def organisations(search: str) -> Select[Any]:
    """Return a query of (organisation, number of members) by name."""
    members = (
        db.select(func.count(Membership.id))
        .where(Membership.organisation_id == Organisation.id, Membership.state == MembershipState.ACTIVE)
        .scalar_subquery()
    )
    query = db.select(Organisation, members.label("members"))
    for word in fold(search).split():
        query = query.where(Organisation.search_text.like(f"%{word}%"))
    return query.order_by(Organisation.search_text, Organisation.id)


def jobs_list(state: str) -> Select[Any]:
    """Return a query of background jobs, newest first."""
    query = db.select(Job).order_by(Job.created_at.desc(), Job.id)
    return query.where(Job.state == state) if state in set(JobState) else query


def mails(search: str, state: str) -> Select[Any]:
    """Return a query of mails by recipient or subject, newest first, without their text."""
    query = db.select(
        Message.id, Message.recipient, Message.subject, Message.state, Message.attempts, Message.error,
        Message.created_at, Message.sent_at,
    ).order_by(Message.id.desc())  # fmt: skip
    if search:
        pattern = f"%{search.lower()}%"
        query = query.where(or_(func.lower(Message.recipient).like(pattern), func.lower(Message.subject).like(pattern)))
    return query.where(Message.state == state) if state in set(MessageState) else query


def recent_acts(limit: int = 10) -> list[audit.AuditEntry]:
    """Return the last acts that belong to no event: about accounts and organisations."""
    query = db.select(audit.AuditEntry).where(audit.AuditEntry.event_id.is_(None))
    return list(db.session.scalars(query.order_by(audit.AuditEntry.id.desc()).limit(limit)))


def _count(column: Any, condition: ColumnElement[bool] | None = None) -> Any:
    query = db.select(func.count(column))
    return (query if condition is None else query.where(condition)).scalar_subquery()


def _seconds(moment: datetime | None) -> int:
    return max(0, int((now() - moment).total_seconds())) if moment else 0
