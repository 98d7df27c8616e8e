"""The grid of slots: cutting blocks into slots, and making the stored slots agree with them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import delete

from matchmaker import audit, jobs
from matchmaker.accounts.models import User
from matchmaker.agenda.models import AgendaSession, SessionSignUp
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event
from matchmaker.meetings import notices, queries
from matchmaker.meetings.errors import Occupied
from matchmaker.meetings.models import Meeting, MeetingBlock, MeetingState, Seat, SeatKind, Slot
from matchmaker.meetings.queries.meetings import whole
from matchmaker.meetings.services.seating import lock, sync_sessions
from matchmaker.registrations.models import Participant
from matchmaker.web.times import local_datetime

Interval = tuple[datetime, datetime]


def overlaps(interval: Interval, others: Iterable[Interval]) -> bool:
    """Return whether an interval has a moment in common with one of the others; touching ends are none."""
    start, end = interval
    return any(start < other_end and other_start < end for other_start, other_end in others)


class Cut(NamedTuple):
    """One slot to be: its interval in UTC and the block it comes from."""

    starts_at: datetime
    ends_at: datetime
    block_id: int | None


class Difference(NamedTuple):
    """How the stored slots differ from what blocks and lengths give. ``blocked``: go away but carry live meetings."""

    new: list[Cut]
    kept: list[Slot]
    gone: list[Slot]
    blocked: list[Meeting]

    @property
    def is_empty(self) -> bool:
        """The stored slots are what the blocks give."""
        return not self.new and not self.gone


def moment_of(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """Return the UTC moment of a wall-clock time; ``None`` if the clocks skip it. Of a repeated hour, the first one."""
    local = datetime.combine(day, clock, zone)
    moment = local.astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def cut(blocks: Iterable[MeetingBlock], zone: ZoneInfo, slot_minutes: int, gap_minutes: int) -> list[Cut]:
    """Cut blocks into slots of real minutes, so that a day on which the clocks change has one hour more or less."""
    length, step = timedelta(minutes=slot_minutes), timedelta(minutes=slot_minutes + gap_minutes)
    cuts: list[Cut] = []
    for block in blocks:
        start, end = moment_of(block.day, block.starts, zone), moment_of(block.day, block.ends, zone)
        while start is not None and end is not None and start + length <= end:
            cuts.append(Cut(start, start + length, block.id))
            start += step
    return sorted(cuts, key=lambda each: each.starts_at)


def difference(event: Event, cuts: Sequence[Cut] | None = None) -> Difference:
    """Compare the stored slots with ``cuts``, or with what the stored blocks and lengths give."""
    if cuts is None:
        rules = queries.rules_of(event.id)
        cuts = cut(queries.blocks_of(event.id), event.zone, rules.slot_minutes, rules.gap_minutes)
    stored = {slot.interval: slot for slot in queries.slots_of(event.id)}
    wanted = {(each.starts_at, each.ends_at): each for each in cuts}
    gone = [slot for key, slot in stored.items() if key not in wanted]
    return Difference(
        new=[each for key, each in wanted.items() if key not in stored],
        kept=[slot for key, slot in stored.items() if key in wanted],
        gone=gone,
        blocked=_meetings_in(gone),
    )


def make_slots(event: Event, actor: User) -> Difference:
    """Make the slots of an event anew from its blocks. Slots that stay the same keep their meetings and seats.

    Refused with the list if a slot with a live meeting would go (Occupied). Who was not available in a slot that goes is
    not available in the new ones that overlap it; agenda sign-ups take their seats.
    """
    event_queries.locked(event.id)
    lock(everybody(event))
    change = difference(event)
    if change.blocked:
        raise Occupied(
            _("These meetings are in slots that would go. Cancel or move them, or leave their slots as they are."),
            [_line(event, meeting) for meeting in change.blocked],
        )
    absent = _absences(change.gone)
    ids = [slot.id for slot in change.gone]
    db.session.execute(delete(Slot).where(Slot.id.in_(ids)).execution_options(synchronize_session="fetch"))
    for slot, block_id in _blocks_of_kept(event, change.kept):
        slot.block_id = block_id
    new = [Slot(event_id=event.id, starts_at=c.starts_at, ends_at=c.ends_at, block_id=c.block_id) for c in change.new]
    db.session.add_all(new)
    db.session.flush()
    _carry_over(absent, new)
    sync_sessions(signed_up(event))
    facts = {"new": len(new), "gone": len(ids), "kept": len(change.kept)}
    audit.record(actor, "slots.made", f"event {event.slug}", event.id, facts)
    return change


def shift_slots(event: Event, old_zone: ZoneInfo) -> int:
    """Keep the wall clock of all slots after the zone of an event changed; people with meetings are told.

    Return the number of meetings that are now at another moment.
    """
    slots = queries.slots_of(event.id)
    moved = [(slot, _same_clock(slot.starts_at, old_zone, event.zone), slot.ends_at - slot.starts_at) for slot in slots]
    moved.sort(key=lambda each: each[1], reverse=any(start > slot.starts_at for slot, start, _length in moved))
    for (
        slot,
        start,
        length,
    ) in moved:  # one by one and from the far end: two slots may not start at once even for a moment
        slot.starts_at, slot.ends_at = start, start + length
        db.session.flush()
    concerned = [m for m in _meetings_in(slots) if m.state == MeetingState.SCHEDULED and m.slot.starts_at > now()]
    for meeting in concerned:
        meeting.sequence, meeting.changed_at = meeting.sequence + 1, now()
        jobs.enqueue(notices.meeting_moved, meeting.id, meeting.sequence)
    return len(concerned)


def _same_clock(moment: datetime, old_zone: ZoneInfo, new_zone: ZoneInfo) -> datetime:
    return moment.astimezone(old_zone).replace(tzinfo=new_zone).astimezone(UTC)


def _meetings_in(slots: Sequence[Slot]) -> list[Meeting]:
    if not slots:
        return []
    query = (
        db.select(Meeting)
        .where(Meeting.slot_id.in_([slot.id for slot in slots]), Meeting.state != MeetingState.CANCELLED)
        .options(*whole())
    )
    return sorted(db.session.scalars(query), key=lambda meeting: (meeting.slot.starts_at, meeting.id))


def _line(event: Event, meeting: Meeting) -> str:
    moment = local_datetime(meeting.slot.starts_at, event.timezone)
    return f"{moment}: {meeting.first.display_name}, {meeting.second.display_name}"


def everybody(event: Event) -> list[int]:
    """Return the participants of an event."""
    return list(db.session.scalars(db.select(Participant.id).where(Participant.event_id == event.id)))


def signed_up(event: Event) -> list[int]:
    """Return whoever signed up for a session of an event."""
    query = (
        db.select(SessionSignUp.participant_id)
        .join(AgendaSession, AgendaSession.id == SessionSignUp.agenda_session_id)
        .where(AgendaSession.event_id == event.id)
        .distinct()
    )
    return list(db.session.scalars(query))


def _absences(slots: Sequence[Slot]) -> list[tuple[int, Interval]]:
    query = (
        db.select(Seat.participant_id, Slot.starts_at, Slot.ends_at)
        .join(Slot, Slot.id == Seat.slot_id)
        .where(Seat.slot_id.in_([slot.id for slot in slots]), Seat.kind == SeatKind.UNAVAILABLE)
    )
    return [(participant_id, (start, end)) for participant_id, start, end in db.session.execute(query)]


def _carry_over(absent: Sequence[tuple[int, Interval]], slots: Sequence[Slot]) -> None:
    pairs = {
        (participant_id, slot.id)
        for participant_id, (start, end) in absent
        for slot in slots
        if slot.starts_at < end and start < slot.ends_at
    }
    for participant_id, slot_id in sorted(pairs):
        db.session.add(Seat(participant_id=participant_id, slot_id=slot_id, kind=SeatKind.UNAVAILABLE))
    db.session.flush()


def _blocks_of_kept(event: Event, kept: Sequence[Slot]) -> list[tuple[Slot, int | None]]:
    """The block each kept slot belongs to now: blocks may have been made anew with the same hours."""
    rules = queries.rules_of(event.id)
    cuts = cut(queries.blocks_of(event.id), event.zone, rules.slot_minutes, rules.gap_minutes)
    block_by_start = {each.starts_at: each.block_id for each in cuts}
    return [(slot, block_by_start.get(slot.starts_at)) for slot in kept]
