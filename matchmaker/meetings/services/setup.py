"""How meetings work at an event: rules, blocks and places. Changing blocks does not touch slots; ``make_slots`` does."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matchmaker import audit
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import Conflict, Invalid
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event
from matchmaker.meetings import queries
from matchmaker.meetings.errors import Occupied
from matchmaker.meetings.models import Meeting, MeetingBlock, MeetingSettings, MeetingState, Place, Slot
from matchmaker.meetings.queries.meetings import whole
from matchmaker.meetings.services.grid import moment_of
from matchmaker.web.times import local_datetime

MOST_PLACES = 500


@dataclass(frozen=True)
class SettingsInput:
    """The settings as the organiser wants them; see ``MeetingSettings``."""

    slot_minutes: int
    gap_minutes: int
    online_places: bool
    join_link_template: str
    max_requests: int
    max_meetings: int | None
    requests_close_at: datetime | None
    self_booking: bool
    explains: bool = True


class BlockInput(NamedTuple):
    """A block as the organiser wants it, on the wall clock of the event."""

    day: date
    starts: time
    ends: time


def save_settings(event: Event, wanted: SettingsInput, version: int, actor: User) -> MeetingSettings:
    """Store the settings; a form that was opened before somebody else's change (``version``) gets a Conflict."""
    event_queries.locked(event.id)
    rules = queries.rules_of(event.id)
    if rules.version != version:
        raise Conflict(_("Somebody else changed these settings meanwhile. Compare, then save again."))
    if "{" in wanted.join_link_template.replace("{meeting}", ""):
        raise Invalid(_("Only {meeting} can stand in the link."), field="join_link_template")
    changes = {
        name: [_plain(getattr(rules, name)), _plain(value)]
        for name, value in asdict(wanted).items()
        if getattr(rules, name) != value
    }
    for name, value in asdict(wanted).items():
        setattr(rules, name, value)
    if version == 0:
        rules.version = 1
        db.session.add(rules)
    db.session.flush()
    audit.record(actor, "meetings.settings_changed", f"event {event.slug}", event.id, changes)
    return rules


def add_block(event: Event, wanted: BlockInput, actor: User) -> MeetingBlock:
    """Add a block on one of the days of the event; blocks don't overlap."""
    event_queries.locked(event.id)
    _check_block(event, wanted, [])
    block = MeetingBlock(event_id=event.id, day=wanted.day, starts=wanted.starts, ends=wanted.ends)
    db.session.add(block)
    db.session.flush()
    audit.record(actor, "block.added", f"event {event.slug}", event.id, _block_facts(wanted))
    return block


def edit_block(block: MeetingBlock, wanted: BlockInput, actor: User) -> None:
    """Give a block other hours or another day."""
    event_queries.locked(block.event_id)
    _check_block(block.event, wanted, [block.id])
    block.day, block.starts, block.ends = wanted.day, wanted.starts, wanted.ends
    db.session.flush()
    audit.record(actor, "block.changed", f"event {block.event.slug}", block.event_id, _block_facts(wanted))


def remove_block(block: MeetingBlock, actor: User) -> None:
    """Remove a block. Its slots stay until slots are made anew."""
    facts = _block_facts(BlockInput(block.day, block.starts, block.ends))
    audit.record(actor, "block.removed", f"event {block.event.slug}", block.event_id, facts)
    db.session.delete(block)
    db.session.flush()


def add_places(event: Event, kind: str, count: int, prefix: str, actor: User) -> list[Place]:
    """Add ``count`` places named ``prefix`` and a number that goes on from the highest one in use."""
    event_queries.locked(event.id)
    present = queries.places_of(event.id)
    if len(present) + count > MOST_PLACES:
        raise Invalid(_("An event can have at most %(n)s places.", n=MOST_PLACES), field="count")
    names = {place.name for place in present}
    position = max((place.position for place in present), default=-1) + 1
    number = 1
    made: list[Place] = []
    while len(made) < count:
        name = f"{prefix.strip()} {number}"
        number += 1
        if name not in names:
            made.append(Place(event_id=event.id, name=name, kind=kind, position=position + len(made)))
    db.session.add_all(made)
    db.session.flush()
    audit.record(actor, "places.added", f"event {event.slug}", event.id, {"names": [place.name for place in made]})
    return made


def rename_place(place: Place, name: str, join_link: str, actor: User) -> None:
    """Give a place another name, unique at the event, and an online room its link."""
    before, place_id = place.name, place.id
    try:
        with db.session.begin_nested():
            place.name, place.join_link = name.strip(), join_link.strip()
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("There is a place with this name already."), field="name") from error
    audit.record(actor, "place.renamed", f"place {place_id}", place.event_id, {"name": [before, name.strip()]})


def remove_place(place: Place, actor: User) -> None:
    """Remove a place that no coming meeting uses; otherwise Occupied lists those meetings."""
    query = (
        db.select(Meeting)
        .join(Slot, Slot.id == Meeting.slot_id)
        .where(Meeting.place_id == place.id, Meeting.state != MeetingState.CANCELLED, Slot.ends_at > now())
        .options(*whole())
        .order_by(Slot.starts_at)
    )
    using = db.session.scalars(query).all()
    if using:
        raise Occupied(_("Coming meetings use %(place)s. Move them first.", place=place.name), _lines(using))
    audit.record(actor, "place.removed", f"place {place.id}", place.event_id, {"name": place.name})
    db.session.delete(place)
    db.session.flush()


def _lines(meetings: Sequence[Meeting]) -> list[str]:
    return [
        f"{local_datetime(meeting.slot.starts_at, meeting.event.timezone)}: "
        f"{meeting.first.display_name}, {meeting.second.display_name}"
        for meeting in meetings
    ]


def _check_block(event: Event, wanted: BlockInput, without: Sequence[int]) -> None:
    if not event.first_day <= wanted.day <= event.last_day:
        raise Invalid(_("This is not a day of the event."), field="day")
    if wanted.starts >= wanted.ends:
        raise Invalid(_("The end must be after the start."), field="ends")
    for name, clock in (("starts", wanted.starts), ("ends", wanted.ends)):
        if moment_of(wanted.day, clock, event.zone) is None:
            raise Invalid(_("The clocks skip this time on that day."), field=name)
    for other in queries.blocks_of(event.id):
        is_other = other.id not in without and other.day == wanted.day
        if is_other and wanted.starts < other.ends and other.starts < wanted.ends:
            hours = {"start": f"{other.starts:%H:%M}", "end": f"{other.ends:%H:%M}"}
            raise Invalid(_("It overlaps the block from %(start)s to %(end)s.", **hours), field="starts")


def _block_facts(block: BlockInput) -> dict[str, str]:
    return {"day": block.day.isoformat(), "starts": f"{block.starts:%H:%M}", "ends": f"{block.ends:%H:%M}"}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
