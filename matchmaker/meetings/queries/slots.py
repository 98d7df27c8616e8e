"""Reading the grid: rules, blocks, slots, places and who or what occupies them."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events.models import Event, Mode
from matchmaker.meetings.models import Meeting, MeetingBlock, MeetingSettings, MeetingState, Place, Seat, Slot
from matchmaker.registrations.models import Participant


def rules_of(event_id: int) -> MeetingSettings:
    """Return the meeting settings of an event; the defaults, not stored, where nobody has set any."""
    stored = db.session.scalar(db.select(MeetingSettings).where(MeetingSettings.event_id == event_id))
    return stored or MeetingSettings(
        event_id=event_id,
        slot_minutes=20,
        gap_minutes=5,
        online_places=True,
        join_link_template="",
        max_requests=20,
        max_meetings=None,
        requests_close_at=None,
        self_booking=True,
        explains=True,
        version=0,
    )


def blocks_of(event_id: int) -> list[MeetingBlock]:
    """Return the blocks of an event in order of time."""
    query = db.select(MeetingBlock).where(MeetingBlock.event_id == event_id)
    return list(db.session.scalars(query.order_by(MeetingBlock.day, MeetingBlock.starts)))


def block_in_event(event_id: int, block_id: int) -> MeetingBlock | None:
    """Return a block of this event."""
    return db.session.scalar(
        db.select(MeetingBlock).where(MeetingBlock.id == block_id, MeetingBlock.event_id == event_id)
    )


def slots_of(event_id: int) -> list[Slot]:
    """Return the slots of an event in order of time."""
    return list(db.session.scalars(db.select(Slot).where(Slot.event_id == event_id).order_by(Slot.starts_at)))


def slot_in_event(event_id: int, slot_id: int) -> Slot | None:
    """Return a slot of this event."""
    return db.session.scalar(db.select(Slot).where(Slot.id == slot_id, Slot.event_id == event_id))


def places_of(event_id: int) -> list[Place]:
    """Return the places of an event in the order in which they are given out."""
    query = db.select(Place).where(Place.event_id == event_id).order_by(Place.position, Place.id)
    return list(db.session.scalars(query))


def place_in_event(event_id: int, place_id: int) -> Place | None:
    """Return a place of this event."""
    return db.session.scalar(db.select(Place).where(Place.id == place_id, Place.event_id == event_id))


def free_places(event_id: int, slot_id: int) -> list[Place]:
    """Return the places that no live meeting uses in this slot."""
    taken = db.select(Meeting.place_id).where(
        Meeting.slot_id == slot_id, Meeting.state != MeetingState.CANCELLED, Meeting.place_id.is_not(None)
    )
    query = db.select(Place).where(Place.event_id == event_id, Place.id.not_in(taken))
    return list(db.session.scalars(query.order_by(Place.position, Place.id)))


def needs_place(event: Event, rules: MeetingSettings, first: Participant, second: Participant) -> bool:
    """Whether a meeting of these two needs a place, given that the event has any.

    At a hybrid event with online rooms, two people of whom one takes part online meet online and need no table.
    """
    apart = event.mode == Mode.HYBRID and Mode.ONLINE in (first.mode, second.mode)
    return not (rules.online_places and apart)


def seats_of(participant: Participant) -> dict[int, Seat]:
    """Return what occupies a participant, by slot, with meeting, partner and session: one statement."""
    query = (
        db.select(Seat)
        .where(Seat.participant_id == participant.id)
        .options(
            joinedload(Seat.slot),
            joinedload(Seat.agenda_session),
            *[
                joinedload(Seat.meeting).joinedload(side).joinedload(fact)
                for side in (Meeting.first, Meeting.second)
                for fact in (Participant.user, Participant.organisation)
            ],
        )
    )
    return {seat.slot_id: seat for seat in db.session.scalars(query)}


def free_slots(first: Participant, second: Participant, moment: datetime | None = None) -> list[Slot]:
    """Return the slots after ``moment`` (now) in which both are free and, where one is needed, a place is too."""
    event_id = first.event_id
    busy = db.select(Seat.slot_id).where(Seat.participant_id.in_((first.id, second.id)))
    query = db.select(Slot).where(Slot.event_id == event_id, Slot.starts_at > (moment or now()), Slot.id.not_in(busy))
    places = db.session.scalar(db.select(func.count(Place.id)).where(Place.event_id == event_id)) or 0
    if places and needs_place(first.event, rules_of(event_id), first, second):
        full = (
            db.select(Meeting.slot_id)
            .where(Meeting.event_id == event_id, Meeting.state != MeetingState.CANCELLED, Meeting.place_id.is_not(None))
            .group_by(Meeting.slot_id)
            .having(func.count(Meeting.id) >= places)
        )
        query = query.where(Slot.id.not_in(full))
    return list(db.session.scalars(query.order_by(Slot.starts_at)))


def occupancy(event_id: int) -> dict[int, int]:
    """Return the number of live meetings of each slot that has any."""
    query = (
        db.select(Meeting.slot_id, func.count(Meeting.id))
        .where(Meeting.event_id == event_id, Meeting.state != MeetingState.CANCELLED)
        .group_by(Meeting.slot_id)
    )
    return {slot_id: count for slot_id, count in db.session.execute(query)}  # noqa: C416 - rows are not pairs
