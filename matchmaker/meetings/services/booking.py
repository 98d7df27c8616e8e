"""Arranging, moving and cancelling meetings. Who wins a race is decided by the unique indexes, not by looking first."""

import uuid
from collections.abc import Callable

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matchmaker import audit, jobs
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import Conflict, NotAllowed, NotFound
from matchmaker.meetings import notices, queries
from matchmaker.meetings.errors import SlotTaken
from matchmaker.meetings.models import Meeting, MeetingRequest, MeetingSettings, MeetingState, Place, RequestState, Slot
from matchmaker.meetings.services.places import candidates, join_link
from matchmaker.meetings.services.seating import free_seats, lock, take_seats
from matchmaker.registrations.models import Participant


def book(request: MeetingRequest, slot: Slot, place: Place | None = None, *, by: Participant | None = None) -> Meeting:
    """Arrange the meeting of an accepted request in a slot, with seats for both and a place, all or nothing.

    ``place`` empty: the first free one. ``by`` is one of the two who books for both, which the event has to allow; empty:
    an organiser. The same booking twice is one meeting. Whoever comes too late gets SlotTaken.
    """
    lock((request.sender_id, request.receiver_id))
    db.session.refresh(request)
    rules = queries.rules_of(request.event_id)
    _check_slot(request.event_id, slot)
    existing = queries.live_meeting_of(request.id)
    if existing:
        if existing.slot_id == slot.id:
            return existing
        raise Conflict(_("This meeting is arranged already, at another time."))
    if request.state != RequestState.ACCEPTED:
        raise Conflict(_("Only an accepted request can become a meeting."))
    if by is not None:
        _check_self_booking(request, rules)
    _check_people(request)
    meeting = _take(request.sender, request.receiver, slot, place, lambda free: _new(request, slot, free, rules))
    jobs.enqueue(notices.meeting_confirmed, meeting.id, meeting.sequence)
    return meeting


def move(
    meeting: Meeting,
    slot: Slot,
    place: Place | None = None,
    *,
    by: Participant | None = None,
    actor: User | None = None,
) -> None:
    """Bring a meeting into another slot, or to another place in the same slot; both keep what they have if it fails.

    ``place`` empty: the present one where it is free, else the first free one. Past and cancelled meetings stay; one of
    the two (``by``) can't move a locked one.
    """
    lock((meeting.first_id, meeting.second_id))
    db.session.refresh(meeting)
    check_changeable(meeting)
    _check_slot(meeting.event_id, slot)
    rules = queries.rules_of(meeting.event_id)
    if by is not None:
        if meeting.is_locked:
            raise NotAllowed(_("The organiser has fixed this meeting."))
        if not rules.self_booking:
            raise NotAllowed(_("Meetings are scheduled by the organiser at this event."))
    before = _where(meeting)
    preferred = place or meeting.place
    _take(meeting.first, meeting.second, slot, place, lambda p: _put(meeting, slot, p, rules), preferred, meeting.id)
    if _where(meeting) == before:
        return
    meeting.sequence, meeting.changed_at = meeting.sequence + 1, now()
    db.session.flush()
    jobs.enqueue(notices.meeting_moved, meeting.id, meeting.sequence)
    if actor:
        change = {"slot": [before[0], meeting.slot_id], "place": [before[1], meeting.place_id]}
        audit.record(actor, "meeting.moved", f"meeting {meeting.id}", meeting.event_id, change)


def cancel(
    meeting: Meeting,
    *,
    by: Participant | None = None,
    actor: User | None = None,
    reason: str = "",
    keep_request: bool = False,
) -> None:
    """Cancel a meeting that has not begun: frees both seats and the place and tells the other side.

    The request is closed too, so that the next plan does not bring the meeting back; ``keep_request`` leaves it accepted.
    """
    lock((meeting.first_id, meeting.second_id))
    db.session.refresh(meeting)
    check_changeable(meeting)
    meeting.state, meeting.cancel_reason = MeetingState.CANCELLED, reason.strip()
    meeting.cancelled_by_id = by.id if by else None
    meeting.sequence, meeting.changed_at = meeting.sequence + 1, now()
    if not keep_request:
        meeting.request.state = RequestState.WITHDRAWN
    free_seats([meeting.id])
    db.session.flush()
    jobs.enqueue(notices.meeting_cancelled, meeting.id, meeting.sequence)
    if actor:
        change = {"reason": meeting.cancel_reason}
        audit.record(actor, "meeting.cancelled", f"meeting {meeting.id}", meeting.event_id, change)


def set_locked(meeting: Meeting, *, locked: bool, actor: User) -> None:
    """Fix a meeting where it is, or let re-planning and its people move it again."""
    if meeting.is_locked != locked:
        meeting.is_locked = locked
        action = "meeting.locked" if locked else "meeting.unlocked"
        audit.record(actor, action, f"meeting {meeting.id}", meeting.event_id)


def check_changeable(meeting: Meeting) -> None:
    """Refuse a meeting that was cancelled or has begun."""
    if meeting.state == MeetingState.CANCELLED:
        raise Conflict(_("This meeting was cancelled."))
    if meeting.state != MeetingState.SCHEDULED or meeting.slot.starts_at <= now():
        raise Conflict(_("This meeting has begun or is over."))


def _where(meeting: Meeting) -> tuple[int, int | None]:
    return meeting.slot_id, meeting.place_id


def _check_slot(event_id: int, slot: Slot) -> None:
    if slot.event_id != event_id:
        raise NotFound
    if slot.starts_at <= now():
        raise Conflict(_("This slot has begun. Choose a later one."))


def _check_self_booking(request: MeetingRequest, rules: MeetingSettings) -> None:
    if not rules.self_booking:
        raise NotAllowed(_("Meetings are scheduled by the organiser at this event."))
    if rules.max_meetings is None:
        return
    counts = queries.live_counts((request.sender_id, request.receiver_id))
    for person in (request.sender, request.receiver):
        if counts.get(person.id, 0) >= rules.max_meetings:
            raise Conflict(
                _("%(name)s has %(n)s meetings, which is the most at this event.",
                  name=person.display_name, n=rules.max_meetings)
            )  # fmt: skip


def _check_people(request: MeetingRequest) -> None:
    for person in (request.sender, request.receiver):
        db.session.refresh(person, ["state"])  # may have left since it was read, before it was locked
        if not person.is_active:
            raise Conflict(_("%(name)s no longer takes part.", name=person.display_name))


def _new(request: MeetingRequest, slot: Slot, place: Place | None, rules: MeetingSettings) -> Meeting:
    meeting = Meeting(
        event_id=request.event_id, request_id=request.id, first_id=request.sender_id, second_id=request.receiver_id,
        slot_id=slot.id, place_id=place.id if place else None, join_link=join_link(rules, place), uid=str(uuid.uuid4()),
    )  # fmt: skip
    db.session.add(meeting)
    db.session.flush()
    take_seats(meeting)
    return meeting


def _put(meeting: Meeting, slot: Slot, place: Place | None, rules: MeetingSettings) -> Meeting:
    new_place_id = place.id if place else None
    if slot.id != meeting.slot_id:
        free_seats([meeting.id])
    if new_place_id != meeting.place_id:
        meeting.join_link = join_link(rules, place)
    same_slot = slot.id == meeting.slot_id
    meeting.slot_id, meeting.place_id = slot.id, new_place_id
    db.session.flush()
    if not same_slot:
        take_seats(meeting)
    return meeting


def _take(
    first: Participant,
    second: Participant,
    slot: Slot,
    place: Place | None,
    attempt: Callable[[Place | None], Meeting],
    preferred: Place | None = None,
    own_meeting_id: int | None = None,
) -> Meeting:
    """Try the place asked for, or one free place after the other, each in a savepoint, until the indexes agree."""
    places = [place] if place else candidates(first, second, slot, preferred, own_meeting_id)
    if not places:
        raise SlotTaken(_("No place is free in this slot any more. Choose another one."))
    for candidate in places:
        try:
            with db.session.begin_nested():
                return attempt(candidate)
        except IntegrityError:
            _refuse_occupied(first, second, slot, own_meeting_id)
    raise SlotTaken(_("No place is free in this slot any more. Choose another one."))


def _refuse_occupied(first: Participant, second: Participant, slot: Slot, own_meeting_id: int | None) -> None:
    """Say who is occupied in the slot; nobody: then it was the place."""
    for person in (first, second):
        seat = queries.seats_of(person).get(slot.id)
        if seat and (own_meeting_id is None or seat.meeting_id != own_meeting_id):
            name = person.display_name
            raise SlotTaken(_("%(name)s is not free in this slot any more. Choose another one.", name=name))
