"""Reading runs, and the rows a schedule is made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.meetings.models import (
    Meeting,
    MeetingRequest,
    MeetingSettings,
    MeetingState,
    Place,
    Seat,
    SeatKind,
    Slot,
)
from matchmaker.registrations.models import ACTIVE_STATES, Participant
from matchmaker.scheduling.models import DraftMeeting, ScheduleRun, ScheduleState

BUSY_STATES = (ScheduleState.QUEUED, ScheduleState.RUNNING)


@dataclass(frozen=True)
class Situation:
    """Everything a plan of one event depends on, as rows, at one moment."""

    moment: datetime
    settings: MeetingSettings
    slots: Sequence[Slot]
    places: Sequence[Place]
    requests: Sequence[MeetingRequest]
    participants: dict[int, Participant]
    blocked: Sequence[tuple[int, int]]  # (participant, slot) occupied by something other than a meeting
    meetings: Sequence[Meeting]


def situation_of(event_id: int) -> Situation:
    """Return what a plan of an event depends on now, in a fixed number of statements."""
    settings = db.session.scalar(db.select(MeetingSettings).where(MeetingSettings.event_id == event_id))
    active = db.select(Participant).where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES))
    people = active.options(joinedload(Participant.user), joinedload(Participant.organisation))
    participants = {row.id: row for row in db.session.scalars(people.order_by(Participant.id))}
    accepted = db.select(MeetingRequest).where(MeetingRequest.event_id == event_id, MeetingRequest.state == "accepted")
    requests = [
        row
        for row in db.session.scalars(accepted.order_by(MeetingRequest.id))
        if row.sender_id in participants and row.receiver_id in participants
    ]
    blocked = (
        db.select(Seat.participant_id, Seat.slot_id)
        .join(Slot)
        .where(Slot.event_id == event_id, Seat.kind != SeatKind.MEETING)
        .order_by(Seat.participant_id, Seat.slot_id)
    )
    return Situation(
        moment=now(),
        settings=settings or MeetingSettings(event_id=event_id, online_places=True),
        slots=db.session.scalars(db.select(Slot).where(Slot.event_id == event_id).order_by(Slot.starts_at)).all(),
        places=db.session.scalars(
            db.select(Place).where(Place.event_id == event_id).order_by(Place.position, Place.id)
        ).all(),
        requests=requests,
        participants=participants,
        blocked=[(participant_id, slot_id) for participant_id, slot_id in db.session.execute(blocked)],
        meetings=live_meetings(event_id),
    )


def live_meetings(event_id: int) -> Sequence[Meeting]:
    """Return the meetings of an event that are not cancelled, with slot and place."""
    query = (
        db.select(Meeting)
        .where(Meeting.event_id == event_id, Meeting.state != MeetingState.CANCELLED)
        .options(joinedload(Meeting.slot), joinedload(Meeting.place))
    )
    return db.session.scalars(query.order_by(Meeting.id)).all()


def run_of(event_id: int, run_id: int) -> ScheduleRun | None:
    """Return a run of this event."""
    return db.session.scalar(db.select(ScheduleRun).where(ScheduleRun.event_id == event_id, ScheduleRun.id == run_id))


def runs_of(event_id: int) -> Sequence[ScheduleRun]:
    """Return the newest runs of an event, newest first."""
    query = db.select(ScheduleRun).where(ScheduleRun.event_id == event_id).options(joinedload(ScheduleRun.started_by))
    return db.session.scalars(query.order_by(ScheduleRun.id.desc()).limit(30)).all()


def busy_run(event_id: int) -> ScheduleRun | None:
    """Return the run of an event that is queued or running."""
    query = db.select(ScheduleRun).where(ScheduleRun.event_id == event_id, ScheduleRun.state.in_(BUSY_STATES))
    return db.session.scalar(query.limit(1))


def draft_of(run: ScheduleRun) -> Sequence[DraftMeeting]:
    """Return the meetings of a draft in order of time, with everything a page shows of them."""
    person = joinedload(DraftMeeting.request)
    query = (
        db.select(DraftMeeting)
        .where(DraftMeeting.run_id == run.id)
        .join(DraftMeeting.slot)
        .options(
            joinedload(DraftMeeting.slot),
            joinedload(DraftMeeting.place),
            person.joinedload(MeetingRequest.sender).joinedload(Participant.user),
            person.joinedload(MeetingRequest.sender).joinedload(Participant.organisation),
            person.joinedload(MeetingRequest.receiver).joinedload(Participant.user),
            person.joinedload(MeetingRequest.receiver).joinedload(Participant.organisation),
        )
    )
    return db.session.scalars(query.order_by(Slot.starts_at, DraftMeeting.id)).all()


def figures_before(event_id: int) -> dict[str, int]:
    """Return what a new run would work on: accepted requests, slots, meetings that stand."""
    counts = {
        "requests": db.select(func.count(MeetingRequest.id)).where(
            MeetingRequest.event_id == event_id, MeetingRequest.state == "accepted"
        ),
        "slots": db.select(func.count(Slot.id)).where(Slot.event_id == event_id),
        "meetings": db.select(func.count(Meeting.id)).where(
            Meeting.event_id == event_id, Meeting.state != MeetingState.CANCELLED
        ),
    }
    return {name: db.session.scalar(query) or 0 for name, query in counts.items()}
