"""The people of requests and meetings: loaded with account and organisation, in the same statement."""

from typing import Any

from sqlalchemy.orm import InstrumentedAttribute, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.db import db
from matchmaker.registrations.models import Participant


def person(*paths: InstrumentedAttribute[Any]) -> list[ORMOption]:
    """Return the options that load a participant along each path, with what is shown of a person."""
    options: list[ORMOption] = []
    for path in paths:
        options += [
            joinedload(path).joinedload(Participant.user),
            joinedload(path).joinedload(Participant.organisation),
        ]
    return options


def participant_in_event(event_id: int, participant_id: int) -> Participant | None:
    """Return a participant of this event, in whatever state, with account and organisation."""
    query = db.select(Participant).where(Participant.id == participant_id, Participant.event_id == event_id)
    return db.session.scalar(query.options(joinedload(Participant.user), joinedload(Participant.organisation)))
