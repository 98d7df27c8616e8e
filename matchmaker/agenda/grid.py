"""Laying out one day as a table: a row for each stretch of time, a column for each room, clashes side by side.

A session without room that nothing else overlaps, such as a break, is for all and spans the columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from matchmaker.agenda.queries import AgendaItem


class Cell(NamedTuple):
    """A session over ``rows`` rows and ``columns`` lanes; without an item an empty field."""

    item: AgendaItem | None = None
    rows: int = 1
    columns: int = 1


@dataclass
class Day:
    """One day: columns are (room name, its number of lanes); each row has its time and the cells that start in it."""

    day: date
    columns: list[tuple[str, int]] = field(default_factory=list)
    rows: list[tuple[datetime, list[Cell]]] = field(default_factory=list)

    @property
    def is_parallel(self) -> bool:
        """Whether more than one thing happens at a place of its own; otherwise a list says as much as a table."""
        return sum(lanes for _room, lanes in self.columns) > 1


def days(items: Sequence[AgendaItem], zone: str, rooms: Sequence[str] = ()) -> list[Day]:
    """Return the days of an agenda in order. ``rooms`` gives the order of the columns; others follow by name."""
    by_day: dict[date, list[AgendaItem]] = {}
    for item in sorted(items, key=lambda item: (item.starts_at, item.ends_at)):
        by_day.setdefault(item.day(zone), []).append(item)
    return [_day(day, members, rooms) for day, members in sorted(by_day.items())]


def _day(day: date, items: list[AgendaItem], rooms: Sequence[str]) -> Day:
    order = {name: number for number, name in enumerate(rooms)}
    for_all = [item for item in items if not item.room and not any(_meet(item, other) for other in items)]
    placed = [item for item in items if item not in for_all] or for_all
    names = sorted({item.room for item in placed}, key=lambda name: (not name, order.get(name, len(order)), name))
    lanes = {name: _lanes([item for item in placed if item.room == name]) for name in names}
    moments = sorted({moment for item in items for moment in (item.starts_at, item.ends_at)})
    columns = [lane for name in names for lane in lanes[name]]
    rows = [(start, _row(columns, moments, start, for_all)) for start, _end in pairwise(moments)]
    return Day(day, [(name, len(lanes[name])) for name in names], rows)


def _meet(item: AgendaItem, other: AgendaItem) -> bool:
    return item is not other and item.starts_at < other.ends_at and other.starts_at < item.ends_at


def _lanes(items: list[AgendaItem]) -> list[list[AgendaItem]]:
    """Return the sessions of one room in as few lanes as hold them without overlap."""
    lanes: list[list[AgendaItem]] = []
    for item in items:
        lane = next((lane for lane in lanes if lane[-1].ends_at <= item.starts_at), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(item)
    return lanes


def _row(
    columns: list[list[AgendaItem]], moments: list[datetime], start: datetime, for_all: list[AgendaItem]
) -> list[Cell]:
    """Return the cells that begin in the row of ``start``; what is for all, and a pause of all, is one cell."""
    now = [next((item for item in lane if item.starts_at <= start < item.ends_at), None) for lane in columns]
    whole = next((item for item in for_all if item.starts_at == start), None)
    if whole or not any(now):
        return [Cell(whole, columns=len(columns))]
    cells = []
    for item in now:
        if item is None:
            cells.append(Cell())
        elif item.starts_at == start:
            cells.append(Cell(item, sum(item.starts_at <= moment < item.ends_at for moment in moments)))
    return cells
