"""Places of an event and its waiting list. Call these only while the event is locked (``events.queries.locked``)."""

from collections.abc import Sequence

from sqlalchemy import func

from matchmaker import jobs
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events.models import Event
from matchmaker.registrations import notices
from matchmaker.registrations.models import ACTIVE_STATES, Participant, ParticipantState
from matchmaker.registrations.signals import participant_confirmed


def taken(event_id: int) -> int:
    """Return how many places are taken: confirmed and attended participants."""
    query = db.select(func.count(Participant.id)).where(
        Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES)
    )
    return db.session.scalar(query) or 0


def has_room(event: Event) -> bool:
    """Whether one more may be confirmed."""
    return event.capacity is None or taken(event.id) < event.capacity


def confirm(participant: Participant) -> None:
    """Give a participant a place and tell the other capabilities. The caller has made sure that one is free."""
    participant.state, participant.decided_at, participant.decision_reason = ParticipantState.CONFIRMED, now(), ""
    db.session.flush()
    participant_confirmed.send(participant)


def seat_or_wait(event: Event, participant: Participant) -> bool:
    """Confirm a participant if a place is free for somebody new, else put it at the end of the waiting list."""
    fill(event, except_ids=[participant.id])
    if has_room(event):
        confirm(participant)
        return True
    participant.state, participant.decided_at = ParticipantState.WAITING, None
    db.session.flush()
    return False


def fill(event: Event, *, except_ids: Sequence[int] = ()) -> list[Participant]:
    """Give free places to those who have waited longest and tell them by mail; return them.

    Without a capacity nobody moves up by itself: then people wait because an organiser put them there.
    """
    if event.capacity is None or event.cancelled_at is not None or event.ends_at <= now():
        return []
    free = event.capacity - taken(event.id)
    return promote(event, free, except_ids=except_ids) if free > 0 else []


def promote(event: Event, number: int | None = None, *, except_ids: Sequence[int] = ()) -> list[Participant]:
    """Confirm the first ``number`` of the waiting list (``None``: all) and tell them."""
    query = db.select(Participant).where(
        Participant.event_id == event.id,
        Participant.state == ParticipantState.WAITING,
        Participant.id.not_in(except_ids),
    )
    promoted = list(db.session.scalars(query.order_by(Participant.registered_at, Participant.id).limit(number)))
    for participant in promoted:
        confirm(participant)
        jobs.enqueue(notices.tell, participant.id, "promoted", notices.stamp())
    return promoted
