"""Reading the audit trail."""

from sqlalchemy import Select

from matchmaker.audit.models import AuditEntry
from matchmaker.db import db


def entries_of(event_id: int) -> Select[tuple[AuditEntry]]:
    """Return the entries of one event, newest first."""
    return db.select(AuditEntry).where(AuditEntry.event_id == event_id).order_by(AuditEntry.id.desc())
