"""Short ways to do in tests what people do in forms."""

from datetime import UTC, datetime
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.db import db, transaction
from matchmaker.events.models import Event
from matchmaker.mail import MEMORY
from matchmaker.registrations import services
from matchmaker.registrations.models import Participant, ParticipantState

LATER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def set_event(event: Event, **values: Any) -> None:
    with transaction():
        for name, value in values.items():
            setattr(db.session.get_one(Event, event.id), name, value)


def register(event: Event, user: User, **values: Any) -> Participant:
    with transaction():
        return services.register(event.id, services.RegistrationValues(**values), user)


def cancel(participant: Participant) -> Participant:
    with transaction():
        return services.cancel(participant.id, participant.user)


def decide(event: Event, participant: Participant, action: str, by: User, reason: str = "") -> Participant:
    with transaction():
        return services.decide(event.id, participant.id, action, by, reason)


def states(event: Event) -> dict[str, str]:
    query = db.select(Participant).where(Participant.event_id == event.id)
    return {p.user.first_name: ParticipantState(p.state).value for p in db.session.scalars(query)}


def mails() -> list[tuple[str, str]]:
    """Recipient and subject of every mail so far."""
    return [(str(m["To"]), str(m["Subject"])) for m in MEMORY]
