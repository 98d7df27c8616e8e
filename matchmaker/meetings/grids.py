"""The grid of slots as pages show it: a column for each day and a row for each time, on the event's wall clock."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from matchmaker.meetings.models import Seat, SeatKind, Slot
from matchmaker.registrations.models import Participant
from matchmaker.web.times import local, local_time

NIGHT_ENDS, NIGHT_BEGINS = 7, 22  # o'clock: meetings in between are what people warned about want to know


class Spell(Protocol):
    """Anything with a beginning and an end: a slot, or one that is to be made."""

    starts_at: Any
    ends_at: Any


class Row(NamedTuple):
    """One time of day; ``cells`` has one entry for each day of the grid, ``None`` where there is no slot."""

    time: str
    cells: list[Any]


class Grid(NamedTuple):
    """Days of the event and the times at which its slots start."""

    days: list[date]
    rows: list[Row]


class Cell(NamedTuple):
    """One slot as a participant sees it. ``seat`` is what occupies it; ``own_time`` the start on their own clock."""

    slot: Slot
    seat: Seat | None
    own_time: str
    other_day: bool
    is_night: bool
    is_past: bool

    @property
    def is_open(self) -> bool:
        """The participant may block or unblock it."""
        return not self.is_past and (self.seat is None or self.seat.kind == SeatKind.UNAVAILABLE)

    @property
    def is_free(self) -> bool:
        """The participant can meet in it."""
        return self.seat is None


@dataclass
class _Column:
    day: date
    cells: dict[tuple[str, int], Any] = field(default_factory=dict)


def layout(spells: Iterable[Spell], zone: str, cells: Sequence[Any] | None = None) -> Grid:
    """Arrange spells by day and time in ``zone``; ``cells`` are what stands for them, by default themselves.

    On the day on which an hour repeats, its second round gets rows of its own.
    """
    columns: dict[date, _Column] = {}
    seen: Counter[tuple[date, str]] = Counter()
    each = list(spells)
    for spell, cell in zip(each, cells if cells is not None else each, strict=True):
        start = local(spell.starts_at, zone)
        clock = start.strftime("%H:%M")
        column = columns.setdefault(start.date(), _Column(start.date()))
        column.cells[clock, seen[start.date(), clock]] = cell
        seen[start.date(), clock] += 1
    keys = sorted({key for column in columns.values() for key in column.cells}, key=lambda key: (key[0], key[1]))
    days = sorted(columns)
    return Grid(days, [Row(clock, [columns[day].cells.get((clock, turn)) for day in days]) for clock, turn in keys])


def availability(participant: Participant, slots: Sequence[Slot], seats: dict[int, Seat], moment: datetime) -> Grid:
    """Return the grid on which a participant says when they can meet; days that are over are left out."""
    event_zone, own_zone = participant.event.timezone, participant.user.timezone
    coming = {day for day, ours in by_day(slots, event_zone).items() if ours[-1].starts_at > moment}
    slots = [slot for slot in slots if local(slot.starts_at, event_zone).date() in coming]
    cells = []
    for slot in slots:
        here, own = local(slot.starts_at, event_zone), local(slot.starts_at, own_zone)
        cells.append(
            Cell(
                slot=slot,
                seat=seats.get(slot.id),
                own_time=local_time(slot.starts_at, own_zone),
                other_day=here.date() != own.date(),
                is_night=is_night(slot.starts_at, slot.ends_at, own_zone),
                is_past=slot.starts_at <= moment,
            )
        )
    return layout(slots, event_zone, cells)


def is_night(starts_at: datetime, ends_at: datetime, zone: str) -> bool:
    """Whether a span begins before seven or ends after ten in the evening on the wall clock of ``zone``."""
    start, end = local(starts_at, zone), local(ends_at, zone)
    late = (end.hour, end.minute) > (NIGHT_BEGINS, 0) or end.date() != start.date()
    return start.hour < NIGHT_ENDS or late


def by_day(slots: Iterable[Slot], zone: str) -> dict[date, list[Slot]]:
    """Return slots by day in ``zone``, in the order given."""
    days: dict[date, list[Slot]] = {}
    for slot in slots:
        days.setdefault(local(slot.starts_at, zone).date(), []).append(slot)
    return days


class Stretch(NamedTuple):
    """A whole day, or a block of it, that can be switched at once."""

    day: date
    starts_at: datetime
    ends_at: datetime
    slot_ids: list[int]
    is_day: bool


def stretches(slots: Sequence[Slot], zone: str, moment: datetime) -> list[Stretch]:
    """Return the days and, where a day has several, the blocks of the slots that are still to come."""
    found: list[Stretch] = []
    for day, ours in by_day([slot for slot in slots if slot.starts_at > moment], zone).items():
        blocks: dict[int | None, list[Slot]] = {}
        for slot in ours:
            blocks.setdefault(slot.block_id, []).append(slot)
        found.append(_stretch(day, ours, is_day=True))
        if len(blocks) > 1:
            found += [_stretch(day, block, is_day=False) for block in blocks.values()]
    return found


def _stretch(day: date, slots: Sequence[Slot], *, is_day: bool) -> Stretch:
    return Stretch(day, slots[0].starts_at, slots[-1].ends_at, [slot.id for slot in slots], is_day)
