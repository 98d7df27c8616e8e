"""Putting a whole plan into effect: creating, moving and cancelling meetings at once, under the same unique indexes."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matchmaker import audit, jobs
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event
from matchmaker.meetings import notices, queries
from matchmaker.meetings.errors import PlanRefused
from matchmaker.meetings.models import Meeting, MeetingRequest, MeetingState, Place, Seat, SeatKind, Slot
from matchmaker.meetings.queries.meetings import whole
from matchmaker.meetings.services.places import join_link
from matchmaker.meetings.services.seating import free_seats, lock
from matchmaker.registrations.models import Participant
from matchmaker.web.times import local_datetime


class Placement(NamedTuple):
    """One accepted request with the slot and place that the plan gives it."""

    request_id: int
    slot_id: int
    place_id: int | None = None


class PlanResult(NamedTuple):
    """What publishing changed; ``kept`` stayed as it was: unchanged, locked or past."""

    created: list[Meeting]
    moved: list[Meeting]
    cancelled: list[Meeting]
    kept: list[Meeting]


@dataclass
class _Change:
    """The plan against what is there."""

    create: list[Placement]
    move: list[tuple[Meeting, Placement]]
    cancel: list[Meeting]
    kept: list[Meeting]
    places_before: dict[int, int | None]


def publish_plan(
    event: Event, placements: Iterable[Placement | tuple[int, int, int | None]], actor: User
) -> PlanResult:
    """Make the meetings of an event agree with a complete plan: all of it, or PlanRefused with reasons and nothing.

    Meetings that are locked, have begun or are over are never touched, whatever the plan says about them. A meeting that
    the plan leaves out is cancelled and its request stays accepted. Everything is freed before anything is taken, so
    that two meetings may swap slots. Only people whose meeting changed are told.
    """
    plan = [each if isinstance(each, Placement) else Placement(*each) for each in placements]
    event_queries.locked(event.id)
    lock(db.session.scalars(db.select(Participant.id).where(Participant.event_id == event.id)))
    db.session.expire_all()
    change = _compare(event, plan)
    _check(event, change)
    slot_changes = [meeting.id for meeting, placement in change.move if meeting.slot_id != placement.slot_id]
    try:
        with db.session.begin_nested():
            _free(change, slot_changes)
            created = _take(event, change, set(slot_changes))
    except IntegrityError as error:
        raise PlanRefused(_("The plan clashes with what was booked meanwhile. Nothing was changed."), []) from error
    result = PlanResult(created, [meeting for meeting, _placement in change.move], change.cancel, change.kept)
    _tell(result)
    counts = {name: len(getattr(result, name)) for name in ("created", "moved", "cancelled", "kept")}
    audit.record(actor, "plan.published", f"event {event.slug}", event.id, counts)
    return result


def _compare(event: Event, plan: Sequence[Placement]) -> _Change:
    wanted = {placement.request_id: placement for placement in plan}
    if len(wanted) < len(plan):
        raise PlanRefused(_("The plan has a request twice."), [])
    query = db.select(Meeting).where(Meeting.event_id == event.id, Meeting.state != MeetingState.CANCELLED)
    change = _Change([], [], [], [], {})
    for meeting in db.session.scalars(query.options(*whole()).order_by(Meeting.id)):
        placement = wanted.pop(meeting.request_id, None)
        if meeting.is_locked or meeting.state != MeetingState.SCHEDULED or meeting.slot.starts_at <= now():
            change.kept.append(meeting)
        elif placement is None:
            change.cancel.append(meeting)
        elif (placement.slot_id, placement.place_id) == (meeting.slot_id, meeting.place_id):
            change.kept.append(meeting)
        else:
            change.move.append((meeting, placement))
            change.places_before[meeting.id] = meeting.place_id
    change.create = list(wanted.values())
    return change


def _check(event: Event, change: _Change) -> None:
    """Refuse with a line for each reason. The indexes would refuse most of it too, but could not say why."""
    slots = {slot.id: slot for slot in queries.slots_of(event.id)}
    places = {place.id: place.name for place in queries.places_of(event.id)}
    requests = {request.id: request for request in queries.accepted_requests(event.id)}
    problems: list[str] = []
    taking: list[tuple[MeetingRequest | Meeting, Placement]] = list(change.move)
    for placement in change.create:
        if placement.request_id in requests:
            taking.append((requests[placement.request_id], placement))
        else:
            problems.append(_("Request %(id)s is not accepted any more.", id=placement.request_id))
    for pair, placement in taking:
        names = _names(pair)
        if placement.slot_id not in slots or (placement.place_id is not None and placement.place_id not in places):
            problems.append(_("%(names)s: the slot or place no longer exists.", names=names))
        elif slots[placement.slot_id].starts_at <= now():
            problems.append(_("%(names)s: the slot has begun.", names=names))
    if not problems:
        problems = _clashes(event, change, taking, slots, places)
    if problems:
        raise PlanRefused(_("The plan can't be published as it is. Nothing was changed."), problems)


def _clashes(
    event: Event,
    change: _Change,
    taking: Sequence[tuple[MeetingRequest | Meeting, Placement]],
    slots: dict[int, Slot],
    places: dict[int, str],
) -> list[str]:
    """People and places that the plan would need twice in a slot."""
    staying = db.select(Seat.slot_id, Participant).join(Participant, Participant.id == Seat.participant_id)
    leaving = [meeting.id for meeting in change.cancel] + [meeting.id for meeting, _placement in change.move]
    staying = staying.where(
        Participant.event_id == event.id, (Seat.kind != SeatKind.MEETING) | Seat.meeting_id.not_in(leaving)
    )
    people: dict[int, Participant] = {}
    seats: Counter[tuple[int, int]] = Counter()
    rooms = Counter((meeting.slot_id, meeting.place_id) for meeting in change.kept if meeting.place_id is not None)
    for slot_id, participant in db.session.execute(staying):
        seats[slot_id, participant.id] += 1
        people[participant.id] = participant
    for pair, placement in taking:
        for participant in _two(pair):
            seats[placement.slot_id, participant.id] += 1
            people[participant.id] = participant
        if placement.place_id is not None:
            rooms[placement.slot_id, placement.place_id] += 1
    doubles = [(slot_id, people[who].display_name) for (slot_id, who), count in seats.items() if count > 1]
    doubles += [(slot_id, places[place_id or 0]) for (slot_id, place_id), count in rooms.items() if count > 1]
    moments = {slot_id: local_datetime(slots[slot_id].starts_at, event.timezone) for slot_id, _name in doubles}
    return sorted(
        _("%(moment)s: %(name)s is occupied.", moment=moments[slot_id], name=name) for slot_id, name in doubles
    )


def _free(change: _Change, slot_changes: Sequence[int]) -> None:
    free_seats([meeting.id for meeting in change.cancel] + list(slot_changes))
    for meeting in change.cancel:
        meeting.state = MeetingState.CANCELLED
        meeting.cancel_reason = _("The schedule was made anew.")
        meeting.sequence, meeting.changed_at = meeting.sequence + 1, now()
    for meeting, _placement in change.move:
        # Without a place for a moment: two meetings that swap tables would meet in the unique index on the way.
        meeting.place_id = None
    db.session.flush()


def _take(event: Event, change: _Change, slot_changes: set[int]) -> list[Meeting]:
    rules = queries.rules_of(event.id)
    places: dict[int | None, Place] = {place.id: place for place in queries.places_of(event.id)}
    for meeting, placement in change.move:
        if placement.place_id != change.places_before[meeting.id]:
            meeting.join_link = join_link(rules, places.get(placement.place_id))
        meeting.slot_id, meeting.place_id = placement.slot_id, placement.place_id
        meeting.sequence, meeting.changed_at = meeting.sequence + 1, now()
    requests = {request.id: request for request in queries.accepted_requests(event.id)}
    created = [
        Meeting(
            event_id=event.id, request_id=p.request_id, first_id=requests[p.request_id].sender_id,
            second_id=requests[p.request_id].receiver_id, slot_id=p.slot_id, place_id=p.place_id,
            join_link=join_link(rules, places.get(p.place_id)), uid=str(uuid.uuid4()),
        )
        for p in change.create
    ]  # fmt: skip
    db.session.add_all(created)
    db.session.flush()
    for meeting, _placement in change.move:
        db.session.expire(meeting, ["slot", "place"])
    _seat([meeting for meeting, _placement in change.move if meeting.id in slot_changes] + created)
    return created


def _seat(meetings: Sequence[Meeting]) -> None:
    for meeting in meetings:
        for participant_id in (meeting.first_id, meeting.second_id):
            db.session.add(
                Seat(
                    participant_id=participant_id, slot_id=meeting.slot_id, kind=SeatKind.MEETING, meeting_id=meeting.id
                )
            )
    db.session.flush()


def _tell(result: PlanResult) -> None:
    for meetings, notice in (
        (result.created, notices.meeting_confirmed),
        (result.moved, notices.meeting_moved),
        (result.cancelled, notices.meeting_cancelled),
    ):
        for meeting in meetings:
            jobs.enqueue(notice, meeting.id, meeting.sequence)


def _two(pair: MeetingRequest | Meeting) -> tuple[Participant, Participant]:
    return (pair.first, pair.second) if isinstance(pair, Meeting) else (pair.sender, pair.receiver)


def _names(pair: MeetingRequest | Meeting) -> str:
    return ", ".join(participant.display_name for participant in _two(pair))
