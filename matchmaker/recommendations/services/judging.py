"""What one participant thinks of another: not relevant, later, never."""

from sqlalchemy import delete

from matchmaker.db import db
from matchmaker.profiles import queries as profiles
from matchmaker.profiles import services as profile_services
from matchmaker.recommendations.errors import NothingToSetAside
from matchmaker.recommendations.models import Feedback, FeedbackKind, Recommendation
from matchmaker.registrations.models import Participant


def set_aside(participant: Participant, other: Participant, kind: FeedbackKind) -> None:
    """Note that a participant finds another not relevant, or wants to decide later; the last word counts."""
    if participant.id == other.id:
        raise NothingToSetAside
    hold = db.select(Participant.id).where(Participant.id == participant.id).with_for_update(key_share=True)
    db.session.execute(hold)  # a double click is one word
    take_back(participant, other)
    db.session.add(Feedback(participant_id=participant.id, other_id=other.id, kind=kind))
    db.session.flush()


def take_back(participant: Participant, other: Participant) -> None:
    """Undo ``set_aside``; nothing happens when there is nothing to undo."""
    db.session.execute(delete(Feedback).where(Feedback.participant_id == participant.id, Feedback.other_id == other.id))


def never_meet(participant: Participant, other: Participant) -> None:
    """Keep two apart for good, and take each out of the list of the other at once."""
    profile_services.never_meet(participant, other)
    apart = profiles.kept_apart(participant.event_id).get(participant.id, set())
    one, two = Recommendation.participant_id, Recommendation.other_id
    pair = ((one == participant.id) & two.in_(apart)) | ((two == participant.id) & one.in_(apart))
    db.session.execute(delete(Recommendation).where(pair))
