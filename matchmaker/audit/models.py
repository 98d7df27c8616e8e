"""The table of the audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.clock import now
from matchmaker.db import Base


class AuditEntry(Base):
    """One act: ``action`` such as ``event.published`` on ``subject`` such as ``event 3``, with what changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_event_id_created_at", "event_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(200), default="")
    changes: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
