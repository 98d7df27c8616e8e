"""A small event to plan, and the steps that the tests of scheduling share."""

import re
from collections.abc import Sequence
from typing import Any

from matchmaker.db import db, transaction
from matchmaker.events.models import Event
from matchmaker.meetings.models import Meeting, MeetingRequest, MeetingSettings, MeetingState, Place, Seat, Slot
from matchmaker.registrations.models import Participant
from matchmaker.scheduling import runs, services
from matchmaker.scheduling.models import ScheduleRun
from matchmaker.scheduling.options import Options
from tests import factories

ADDRESS = "/events/fair/manage/scheduling"
QUICK = Options(seconds=2)


def agreed(sender: Participant, receiver: Participant, **values: Any) -> MeetingRequest:
    """An accepted request."""
    return factories.make_request(sender, receiver, state="accepted", **values)


def rules(event: Event, **values: Any) -> MeetingSettings:
    """Change the meeting settings of an event."""
    stored = db.session.scalars(db.select(MeetingSettings).where(MeetingSettings.event_id == event.id)).one()
    for name, value in values.items():
        setattr(stored, name, value)
    db.session.flush()
    return stored


def blocked(person: Participant, slot: Slot) -> Seat:
    """Somebody is not available in a slot."""
    return factories.stored(Seat(participant_id=person.id, slot_id=slot.id, kind="unavailable"))


def slots(cast: Any, count: int = 4, places: int = 0) -> list[Slot]:
    """Give the cast's event slots, and tables."""
    factories.make_places(cast.event, places)
    return factories.make_slots(cast.event, count)


def run(cast: Any, options: Options = QUICK) -> ScheduleRun:
    """Solve: with inline jobs the draft is there at once."""
    with transaction():
        run_id = runs.start(cast.event, options, cast.olga).id
    return db.session.get_one(ScheduleRun, run_id)


def publish(run: ScheduleRun, cast: Any) -> None:
    """Publish a draft."""
    with transaction():
        services.publish(run, cast.olga)


def live(event: Event) -> Sequence[Meeting]:
    """The meetings that stand."""
    query = db.select(Meeting).where(Meeting.event_id == event.id, Meeting.state != MeetingState.CANCELLED)
    return db.session.scalars(query.order_by(Meeting.id).execution_options(populate_existing=True)).all()


def crowd(event: Event, count: int) -> list[MeetingRequest]:
    """As many people, two and two agreed to meet."""
    people = [factories.make_participant(event) for _ in range(count)]
    return [agreed(one, other) for one, other in zip(people[::2], people[1::2], strict=True)]


def stats_on(page: str) -> dict[str, str]:
    """The figures of a page by their label."""
    found = re.findall(r'<dt>(.*?)</dt>\s*<dd class="stat-value">\s*(.*?)\s*</dd>', page, re.DOTALL)
    return {label.strip(): value for label, value in found}


def tables(event: Event) -> list[Place]:
    """The places of an event."""
    return list(db.session.scalars(db.select(Place).where(Place.event_id == event.id).order_by(Place.position)))
