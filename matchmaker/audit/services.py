"""Adding to the audit trail."""

from collections.abc import Mapping
from typing import Any, Protocol

from matchmaker.audit.models import AuditEntry
from matchmaker.db import db


class Actor(Protocol):
    """Whoever acts: an account."""

    id: Any

    @property
    def full_name(self) -> str:
        """The name that is kept even when the account is erased."""


def record(
    actor: Actor | None,
    action: str,
    subject: str,
    event_id: int | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry in the present transaction. ``changes``: field -> [before, after], or plain facts; JSON values only."""
    db.session.add(
        AuditEntry(
            event_id=event_id,
            actor_id=actor.id if actor else None,
            actor_name=actor.full_name if actor else "",
            action=action,
            subject=subject[:200],
            changes=dict(changes or {}),
        )
    )
