"""What the landing page and the health page show."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError

from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events.models import Event, Visibility
from matchmaker.jobs import Job, JobState
from matchmaker.mail import Message, MessageState
from matchmaker.migrating import FOLDER


def upcoming_events(limit: int = 4) -> list[Event]:
    """Return the next public events."""
    query = db.select(Event).where(
        Event.published_at.is_not(None),
        Event.cancelled_at.is_(None),
        Event.visibility == Visibility.PUBLIC,
        Event.ends_at > now(),
    )
    return list(db.session.scalars(query.order_by(Event.starts_at).limit(limit)))


def readiness() -> dict[str, Any]:
    """Return the state of the installation: database, migrations, seconds the oldest due job and mail have waited."""
    from alembic.migration import MigrationContext

    try:
        if MigrationContext.configure(db.session.connection()).get_current_revision() != _newest():
            return {"status": "migrate", "database": "ok", "migrations": "behind"}
        oldest_job = db.session.scalar(
            db.select(func.min(Job.due_at)).where(Job.state == JobState.QUEUED, Job.due_at <= now())
        )
        oldest_mail = db.session.scalar(
            db.select(func.min(Message.created_at)).where(Message.state == MessageState.QUEUED)
        )
    except SQLAlchemyError:
        db.session.rollback()
        return {"status": "unavailable", "database": "unavailable"}
    return {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "oldest_job_seconds": _age(oldest_job),
        "oldest_mail_seconds": _age(oldest_mail),
    }


@cache
def _newest() -> str | None:
    """The newest migration that came with this version; the files don't change while it runs."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(FOLDER)).get_current_head()


def _age(moment: datetime | None) -> int:
    return int((now() - moment).total_seconds()) if moment else 0
