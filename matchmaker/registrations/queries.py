"""Reading participants."""

from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.registrations.models import Invitation, Participant


def participant_of(event_id: int, user: User | None) -> Participant | None:
    """Return the registration of a user for an event, in whatever state."""
    if user is None:
        return None
    query = db.select(Participant).where(Participant.event_id == event_id, Participant.user_id == user.id)
    return db.session.scalar(query)


def is_invited(event_id: int, user: User | None) -> bool:
    """Whether the address of a user was invited to an event."""
    if user is None or not user.is_confirmed:
        return False
    query = db.select(Invitation.id).where(Invitation.event_id == event_id, Invitation.email == user.email)
    return db.session.scalar(query) is not None
