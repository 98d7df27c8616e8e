"""Reading events and their roles."""

from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.events.models import Event, EventRole


def event_by_slug(slug: str) -> Event | None:
    """Return the event with this slug, whoever may see it."""
    return db.session.scalar(db.select(Event).where(Event.slug == slug))


def role_of(event_id: int, user: User | None) -> EventRole | None:
    """Return the role of a user at an event, if any."""
    if user is None:
        return None
    return db.session.scalar(db.select(EventRole).where(EventRole.event_id == event_id, EventRole.user_id == user.id))


def is_organiser(event_id: int, user: User | None) -> bool:
    """Whether a user may organise an event: by role, or as administrator."""
    return user is not None and (user.is_admin or role_of(event_id, user) is not None)
