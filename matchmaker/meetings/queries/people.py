"""The people of requests and meetings: loaded with account and organisation, and what their profiles say in short."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.db import db
from matchmaker.profiles.models import Profile, ProfileItem, Side
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


@dataclass(frozen=True)
class Summary:
    """What a profile says in short."""

    description: str
    offers: list[str]
    needs: list[str]


def summary_of(participant: Participant) -> Summary:
    """Return description, offers and needs of a participant; empty ones where there is no profile."""
    query = (
        db.select(Profile.description, ProfileItem.side, ProfileItem.text)
        .outerjoin(ProfileItem, ProfileItem.profile_id == Profile.id)
        .where(Profile.participant_id == participant.id)
        .order_by(ProfileItem.position)
    )
    rows = db.session.execute(query).all()
    return Summary(
        description=rows[0][0] if rows else "",
        offers=[text for _description, side, text in rows if side == Side.OFFER],
        needs=[text for _description, side, text in rows if side == Side.NEED],
    )


def participant_in_event(event_id: int, participant_id: int) -> Participant | None:
    """Return a participant of this event, in whatever state, with account and organisation."""
    query = db.select(Participant).where(Participant.id == participant_id, Participant.event_id == event_id)
    return db.session.scalar(query.options(joinedload(Participant.user), joinedload(Participant.organisation)))
