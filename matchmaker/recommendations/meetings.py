"""Who met whom, for the rules that don't recommend the same people again."""

from collections.abc import Collection

from sqlalchemy.orm import aliased

from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.meetings.models import Meeting, MeetingState, Slot
from matchmaker.registrations.models import Participant

Met = set[tuple[int, int]]


def who_met(event_id: int, only: Collection[int] | None = None) -> tuple[Met, Met]:
    """Return the pairs of participants of an event who met at it, and the pairs who met at another one before.

    A meeting that is over and was not cancelled or missed took place. ``only``: pairs among these participants.
    """
    held = (Meeting.state == MeetingState.HELD) | ((Meeting.state == MeetingState.SCHEDULED) & (Slot.ends_at <= now()))
    took_place = db.select(Meeting.first_id, Meeting.second_id).join(Meeting.slot).where(held)
    here = took_place.where(Meeting.event_id == event_id)
    first, second, one, other = (aliased(Participant) for _ in range(4))
    before = (
        db.select(one.id, other.id)
        .select_from(Meeting)
        .join(Meeting.slot)
        .join(first, first.id == Meeting.first_id)
        .join(second, second.id == Meeting.second_id)
        .join(one, (one.user_id == first.user_id) & (one.event_id == event_id))
        .join(other, (other.user_id == second.user_id) & (other.event_id == event_id))
        .where(held, Meeting.event_id != event_id)
    )
    if only is not None:
        here = here.where(Meeting.first_id.in_(only), Meeting.second_id.in_(only))
        before = before.where(one.id.in_(only), other.id.in_(only))
    pairs = [{(first_id, second_id) for first_id, second_id in db.session.execute(query)} for query in (here, before)]
    return pairs[0], pairs[1]
