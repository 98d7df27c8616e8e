"""More slots beside those that an event has: blocks get longer or are added. No slot that exists changes."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from flask_babel import gettext as _

from matchmaker import audit
from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.errors import Conflict
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event
from matchmaker.meetings import queries
from matchmaker.meetings.models import MeetingBlock, Slot
from matchmaker.meetings.services.grid import Interval, cut, everybody, overlaps, signed_up
from matchmaker.meetings.services.seating import lock, sync_sessions
from matchmaker.meetings.services.setup import BlockInput, add_block, edit_block
from matchmaker.web.times import local


def lacking(slots: Iterable[Slot], intervals: Iterable[Interval]) -> list[Interval]:
    """Return the intervals that are no slot yet, in order."""
    present = {slot.interval for slot in slots}
    return sorted({(start.astimezone(UTC), end.astimezone(UTC)) for start, end in intervals} - present)


def add_slots(event: Event, intervals: Iterable[Interval], actor: User) -> list[Slot]:
    """Add the intervals as slots, unless they are slots already; whoever signed up for a session then is busy in them.

    A Conflict when one overlaps a slot, or when the lengths that the event has now would cut its block differently.
    """
    event_queries.locked(event.id)
    lock(everybody(event))
    present = queries.slots_of(event.id)
    taken = {slot.interval for slot in present}
    missing = lacking(present, intervals)
    if any(overlaps(interval, taken) for interval in missing):
        raise Conflict(_("The event has other slots at these times now. Compare again."))
    made: list[Slot] = []
    for block, inside in _blocks(event, missing, taken, actor):
        made += [Slot(event_id=event.id, starts_at=start, ends_at=end, block_id=block.id) for start, end in inside]
    db.session.add_all(made)
    db.session.flush()
    sync_sessions(signed_up(event))
    if made:
        audit.record(actor, "slots.made", f"event {event.slug}", event.id, {"new": len(made)})
    return made


def _blocks(
    event: Event, intervals: Sequence[Interval], present: AbstractSet[Interval], actor: User
) -> Iterable[tuple[MeetingBlock, Sequence[Interval]]]:
    """Make room for every run of intervals in a block, and return it with them."""
    rules = queries.rules_of(event.id)
    for inside in _runs(intervals, event.timezone, rules.gap_minutes):
        block = _block(event, local(inside[0][0], event.timezone), local(inside[-1][1], event.timezone), actor)
        cuts = {
            (each.starts_at, each.ends_at) for each in cut([block], event.zone, rules.slot_minutes, rules.gap_minutes)
        }
        if not cuts.issuperset(inside) or cuts.difference(inside) - present:
            raise Conflict(_("Slots have another length or another gap now. Compare again."))
        yield block, inside


def _block(event: Event, start: datetime, end: datetime, actor: User) -> MeetingBlock:
    """Return the block in whose rest the time begins, made longer, or a new one."""
    for block in queries.blocks_of(event.id):
        if block.day == start.date() and block.starts <= start.time() < block.ends < end.time():
            edit_block(block, BlockInput(block.day, block.starts, end.time()), actor)
            return block
    return add_block(event, BlockInput(start.date(), start.time(), end.time()), actor)


def _runs(intervals: Sequence[Interval], zone: str, gap: int) -> Iterable[list[Interval]]:
    """Split intervals where one does not follow the other on the same day."""
    run: list[Interval] = []
    for interval in intervals:
        if run and not _follows(run[-1], interval[0], zone, gap):
            yield run
            run = []
        run.append(interval)
    if run:
        yield run


def _follows(before: Interval, start: datetime, zone: str, gap: int) -> bool:
    pause = (start - before[1]).total_seconds()
    return pause == 60 * gap and local(before[0], zone).date() == local(start, zone).date()
