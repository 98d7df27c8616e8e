"""Asking for a meeting, and taking a request back. A request carries no time and reserves nothing."""

from datetime import datetime
from typing import NoReturn

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from matchmaker import jobs
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import Conflict, Invalid, NotAllowed, NotFound
from matchmaker.meetings import notices, queries
from matchmaker.meetings.errors import AlreadyAsked
from matchmaker.meetings.models import LIVE_STATES, MeetingRequest, MeetingSettings, RequestState
from matchmaker.meetings.services.seating import lock
from matchmaker.profiles.models import Profile
from matchmaker.profiles.queries import avoids, takes_requests_from
from matchmaker.registrations.models import Participant
from matchmaker.web.times import local_datetime


def ask(sender: Participant, receiver: Participant, message: str, stars: int) -> MeetingRequest:
    """Store a request to somebody of the same event and tell them.

    Refused: oneself, one's own organisation, hidden or inactive people (NotFound), after the deadline, with the budget
    of open requests used up, after a decline by the same person, by whoever
    the other does not want to be asked by, and while the two have a live request (AlreadyAsked).
    """
    lock((sender.id, receiver.id))  # two requests at once must not both fit into the last place of the budget
    db.session.refresh(receiver, ["state"])  # and the other may be leaving
    check_askable(sender, receiver)
    rules = queries.rules_of(sender.event_id)
    _check_deadline(sender, rules)
    _check_pair(sender, receiver)
    if queries.open_sent(sender.id) >= rules.max_requests:
        raise NotAllowed(
            _("You have %(n)s open requests, which is the most at this event. Withdraw one or wait for an answer.",
              n=rules.max_requests)
        )  # fmt: skip
    low, high = sorted((sender.id, receiver.id))
    request = MeetingRequest(
        event_id=sender.event_id, sender_id=sender.id, receiver_id=receiver.id, low_id=low, high_id=high,
        message=message.strip(), stars=stars, state=RequestState.PENDING,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(request)
            db.session.flush()
    except IntegrityError:
        _refuse_pair(sender, receiver)
    jobs.enqueue(notices.request_received, receiver.id)
    return request


def check_askable(sender: Participant, receiver: Participant) -> None:
    """Refuse people whom this participant can't ask at all, whatever happened before."""
    if sender.id == receiver.id:
        raise Invalid(_("You can't ask yourself for a meeting."))
    if receiver.event_id != sender.event_id or not receiver.is_active or _is_hidden(receiver):
        raise NotFound
    if sender.organisation_id is not None and sender.organisation_id == receiver.organisation_id:
        raise Invalid(_("%(name)s belongs to your own organisation.", name=receiver.display_name))
    if avoids(sender, receiver):
        raise Invalid(_("%(name)s is on your list of whom you never want to meet.", name=receiver.display_name))
    if not takes_requests_from(receiver, sender):  # one sentence for both reasons: nobody learns who avoids them
        raise NotAllowed(_("%(name)s takes requests from some kinds of participants only.", name=receiver.display_name))


def requests_closed_at(participant: Participant, rules: MeetingSettings) -> datetime:
    """Return the moment from which nobody can ask any more."""
    event = participant.event
    return min(rules.requests_close_at or event.ends_at, event.ends_at)


def withdraw(request: MeetingRequest, participant: Participant) -> None:
    """Take back a request one sent, or an agreement without a meeting, which either side may end.

    A request that led to a live meeting stays: the meeting has to be cancelled.
    """
    lock((request.sender_id, request.receiver_id))  # the other may be answering, or booking, at this moment
    db.session.refresh(request)
    was_agreed = request.state == RequestState.ACCEPTED
    if request.sender_id != participant.id and not was_agreed:
        raise NotAllowed(_("Only the sender can withdraw a request."))
    if queries.live_meeting_of(request.id):
        raise Conflict(_("A meeting is arranged for this request. Cancel the meeting instead."))
    changed = db.session.execute(
        update(MeetingRequest)
        .where(MeetingRequest.id == request.id, MeetingRequest.state.in_(LIVE_STATES))
        .values(state=RequestState.WITHDRAWN, answered_at=now())
        .execution_options(synchronize_session="fetch")
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(_("This request is closed by now."))
    if was_agreed:
        jobs.enqueue(notices.agreement_ended, request.id, request.other(participant.id).id)


def _is_hidden(receiver: Participant) -> bool:
    query = db.select(Profile.id).where(Profile.participant_id == receiver.id, Profile.is_visible.is_(False))
    return db.session.scalar(query) is not None


def _check_deadline(sender: Participant, rules: MeetingSettings) -> None:
    if not sender.event.has_meetings:
        raise NotFound
    closed_at = requests_closed_at(sender, rules)
    if now() >= closed_at:
        moment = local_datetime(closed_at, sender.event.timezone)
        raise NotAllowed(_("Requests closed on %(moment)s.", moment=moment))


def _check_pair(sender: Participant, receiver: Participant) -> None:
    if queries.live_request_between(sender.id, receiver.id):
        _refuse_pair(sender, receiver)
    latest = queries.latest_between(sender.id, receiver.id)
    if latest and latest.state == RequestState.DECLINED:
        raise NotAllowed(_("%(name)s declined your request, so only %(name)s can ask now.", name=receiver.display_name))


def _refuse_pair(sender: Participant, receiver: Participant) -> NoReturn:
    live = queries.live_request_between(sender.id, receiver.id)
    if live is None:  # pragma: no cover - closed in the instant between the clash and this look
        raise Conflict(_("Please try again."))
    name = receiver.display_name
    if live.state == RequestState.ACCEPTED:
        raise AlreadyAsked(_("You and %(name)s have agreed to meet.", name=name), live.id, by_other=False)
    if live.sender_id == sender.id:
        raise AlreadyAsked(_("You have asked %(name)s already.", name=name), live.id, by_other=False)
    raise AlreadyAsked(_("%(name)s has asked you. You can accept.", name=name), live.id, by_other=True)
