"""Reading runs, and the rows a schedule is made from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events.models import Event, Mode
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
from matchmaker.meetings.queries.people import person
from matchmaker.meetings.queries.slots import needs_place, places_of, rules_of, slots_of
from matchmaker.registrations.models import ACTIVE_STATES, Participant
from matchmaker.scheduling.models import DraftAct, DraftMeeting, ScheduleRun, ScheduleState, WhatIf, WhatIfState

BUSY_STATES = (ScheduleState.QUEUED, ScheduleState.RUNNING)


@dataclass(frozen=True)
class Situation:
    """Everything a plan of one event depends on, as rows, at one moment."""

    moment: datetime
    event: Event
    settings: MeetingSettings
    slots: Sequence[Slot]
    places: Sequence[Place]
    requests: Sequence[MeetingRequest]
    participants: dict[int, Participant]
    blocked: Sequence[tuple[int, int]]  # (participant, slot) occupied by something other than a meeting
    meetings: Sequence[Meeting]

    @cached_property
    def needs_places(self) -> bool:
        """Whether places limit a plan: the event has some, and not everybody meets online anyway."""
        people = self.participants
        pairs = ((people[request.sender_id], people[request.receiver_id]) for request in self.requests)
        return bool(self.places) and any(needs_place(self.event, self.settings, *pair) for pair in pairs)

    @cached_property
    def is_mixed(self) -> bool:
        """Whether each meeting is at a place or online by where its two people are: a hybrid event with online rooms."""
        return self.event.mode == Mode.HYBRID and self.settings.online_places


def situation_of(event_id: int) -> Situation:
    """Return what a plan of an event depends on now, in a fixed number of statements."""
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
        event=db.session.get_one(Event, event_id),
        settings=rules_of(event_id),
        slots=slots_of(event_id),
        places=places_of(event_id),
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
        .options(joinedload(Meeting.slot), joinedload(Meeting.place), *person(Meeting.first, Meeting.second))
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


def what_if_of(event_id: int, what_if_id: int) -> WhatIf | None:
    """Return a comparison of scenarios of this event."""
    return db.session.scalar(db.select(WhatIf).where(WhatIf.event_id == event_id, WhatIf.id == what_if_id))


def what_ifs_of(event_id: int) -> Sequence[WhatIf]:
    """Return the newest comparisons of an event, newest first."""
    query = db.select(WhatIf).where(WhatIf.event_id == event_id).options(joinedload(WhatIf.started_by))
    return db.session.scalars(query.order_by(WhatIf.id.desc()).limit(30)).all()


def busy_what_if(event_id: int) -> WhatIf | None:
    """Return the comparison of an event that is queued or running."""
    busy = WhatIf.state.in_((WhatIfState.QUEUED, WhatIfState.RUNNING))
    return db.session.scalar(db.select(WhatIf).where(WhatIf.event_id == event_id, busy).limit(1))


def last_act_number(run_id: int) -> int:
    """Return the number of the newest act by hand; 0 without any."""
    return db.session.scalar(db.select(func.max(DraftAct.number)).where(DraftAct.run_id == run_id)) or 0


def acts_of(run_id: int) -> Sequence[DraftAct]:
    """Return the changes of a draft by hand, newest first."""
    query = db.select(DraftAct).where(DraftAct.run_id == run_id)
    return db.session.scalars(query.order_by(DraftAct.number.desc())).all()


def standing_acts(run_id: int) -> list[DraftAct]:
    """Return the acts that are neither undone nor an undoing, newest first."""
    acts = acts_of(run_id)
    undone = {act.undoes for act in acts}
    return [act for act in acts if act.undoes is None and act.number not in undone]


def published_run(event_id: int) -> ScheduleRun | None:
    """Return the run whose plan is published."""
    query = db.select(ScheduleRun).where(ScheduleRun.event_id == event_id, ScheduleRun.state == ScheduleState.PUBLISHED)
    return db.session.scalar(query.order_by(ScheduleRun.id.desc()).limit(1))


def newest_draft(event_id: int) -> ScheduleRun | None:
    """Return the newest draft of an event."""
    query = db.select(ScheduleRun).where(ScheduleRun.event_id == event_id, ScheduleRun.state == ScheduleState.DRAFT)
    return db.session.scalar(query.order_by(ScheduleRun.id.desc()).limit(1))


def hold_event(event_id: int) -> None:
    """Hold an event until the end of the transaction: starting and publishing runs happen one after the other."""
    db.session.execute(db.select(Event.id).where(Event.id == event_id).with_for_update(key_share=True))


def requests_by_id(event_id: int, ids: Collection[int]) -> Sequence[MeetingRequest]:
    """Return requests of this event in whatever state, with their people: to name what is no longer accepted."""
    query = db.select(MeetingRequest).where(MeetingRequest.event_id == event_id, MeetingRequest.id.in_(ids))
    query = query.options(*person(MeetingRequest.sender, MeetingRequest.receiver))
    return db.session.scalars(query.order_by(MeetingRequest.id)).all()


def meetings_changed_since(event_id: int, moment: datetime) -> Sequence[Meeting]:
    """Return the meetings that were booked, moved or cancelled after ``moment``."""
    query = db.select(Meeting).where(
        Meeting.event_id == event_id,
        Meeting.changed_at > moment,
        Meeting.state.in_((MeetingState.SCHEDULED, MeetingState.CANCELLED)),
    )
    return db.session.scalars(query.order_by(Meeting.id)).all()


def draft_of(run: ScheduleRun) -> Sequence[DraftMeeting]:
    """Return the meetings of a draft in order of time, with everything a page shows of them."""
    request = joinedload(DraftMeeting.request)
    query = (
        db.select(DraftMeeting)
        .where(DraftMeeting.run_id == run.id)
        .join(DraftMeeting.slot)
        .options(
            joinedload(DraftMeeting.slot),
            joinedload(DraftMeeting.place),
            *[
                request.joinedload(side).joinedload(fact)
                for side in (MeetingRequest.sender, MeetingRequest.receiver)
                for fact in (Participant.user, Participant.organisation)
            ],
        )
    )
    return db.session.scalars(query.order_by(Slot.starts_at, DraftMeeting.id)).all()


def figures_before(event_id: int) -> dict[str, int]:
    """Return what a new run would work on: accepted requests, slots, meetings that stand, and the locked ones."""
    counts = {
        "requests": db.select(func.count(MeetingRequest.id)).where(
            MeetingRequest.event_id == event_id, MeetingRequest.state == "accepted"
        ),
        "slots": db.select(func.count(Slot.id)).where(Slot.event_id == event_id),
        "meetings": db.select(func.count(Meeting.id)).where(
            Meeting.event_id == event_id, Meeting.state != MeetingState.CANCELLED
        ),
        "locked": db.select(func.count(Meeting.id)).where(
            Meeting.event_id == event_id, Meeting.state != MeetingState.CANCELLED, Meeting.is_locked
        ),
    }
    return {name: db.session.scalar(query) or 0 for name, query in counts.items()}
