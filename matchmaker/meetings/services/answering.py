"""Answering requests, and closing those that nobody answered."""

from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import update

from matchmaker import audit, jobs
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import Conflict, Invalid, NotAllowed
from matchmaker.events.models import Event
from matchmaker.meetings import notices
from matchmaker.meetings.models import OPEN_STATES, MeetingRequest, RequestState
from matchmaker.registrations.models import Participant

ANSWERS = (RequestState.ACCEPTED, RequestState.LATER, RequestState.DECLINED)


class Answer(NamedTuple):
    """What the receiver says: accepted, later or declined; own stars 1-5 with a yes, a reason with a no."""

    state: str
    stars: int | None = None
    reason: str = ""


def answer(request: MeetingRequest, participant: Participant, given: Answer) -> None:
    """Store the receiver's answer, once: whoever comes second, or after a withdrawal, gets a Conflict.

    "Later" keeps the request open and tells nobody. The sender must still take part, and the event not be over.
    """
    if request.receiver_id != participant.id:
        raise NotAllowed(_("Only the receiver can answer a request."))
    if given.state not in ANSWERS:
        raise Invalid(_("Please choose an answer."))
    if given.stars is not None and not 1 <= given.stars <= 5:
        raise Invalid(_("Please choose 1 to 5 stars."))
    if now() >= request.event.ends_at:
        raise NotAllowed(_("The event is over."))
    changed = db.session.execute(
        update(MeetingRequest)
        .where(MeetingRequest.id == request.id, MeetingRequest.state.in_(OPEN_STATES))
        .values(
            state=given.state,
            answer_stars=given.stars if given.state == RequestState.ACCEPTED else None,
            reason=given.reason.strip() if given.state == RequestState.DECLINED else "",
            answered_at=now(),
        )
        .execution_options(synchronize_session="fetch")
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(_("The request of %(name)s is closed by now.", name=request.sender.display_name))
    if given.state != RequestState.LATER:
        jobs.enqueue(notices.request_answered, request.id)


def expire(event: Event, actor: User | None = None) -> int:
    """Close every open request of an event as expired and return how many; nobody is mailed about silence."""
    changed = db.session.execute(
        update(MeetingRequest)
        .where(MeetingRequest.event_id == event.id, MeetingRequest.state.in_(OPEN_STATES))
        .values(state=RequestState.EXPIRED, answered_at=now())
        .execution_options(synchronize_session="fetch")
    )
    count = int(changed.rowcount)  # type: ignore[attr-defined]
    if actor:
        audit.record(actor, "requests.expired", f"event {event.slug}", event.id, {"requests": count})
    return count


def expire_of_past_events() -> int:
    """Close the open requests of all events that are over and return how many."""
    over = db.select(Event).where(
        Event.ends_at <= now(),
        Event.id.in_(db.select(MeetingRequest.event_id).where(MeetingRequest.state.in_(OPEN_STATES))),
    )
    return sum(expire(event) for event in db.session.scalars(over).all())
