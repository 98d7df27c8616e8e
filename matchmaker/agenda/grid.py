"""Laying out one day as a table: a row for each stretch of time, a column for each room, clashes side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from matchmaker.agenda.queries import AgendaItem


@dataclass(frozen=True)
class Cell:
    """A session over ``rows`` rows; without an item an empty field of one row."""

    item: AgendaItem | None = None
    rows: int = 1


@dataclass
class Day:
    """One day: columns are (room name, its number of lanes); each row has its time and the cells that start in it."""

    day: date
    columns: list[tuple[str, int]] = field(default_factory=list)
    rows: list[tuple[datetime, list[Cell]]] = field(default_factory=list)


def days(items: Sequence[AgendaItem], zone: str, rooms: Sequence[str] = ()) -> list[Day]:
    """Return the days of an agenda in order. ``rooms`` gives the order of the columns; others follow by name."""
    by_day: dict[date, list[AgendaItem]] = {}
    for item in sorted(items, key=lambda item: (item.starts_at, item.ends_at)):
        by_day.setdefault(item.day(zone), []).append(item)
    return [_day(day, members, rooms) for day, members in sorted(by_day.items())]


def _day(day: date, items: list[AgendaItem], rooms: Sequence[str]) -> Day:
    order = {name: number for number, name in enumerate(rooms)}
    names = sorted({item.room for item in items}, key=lambda name: (not name, order.get(name, len(order)), name))
    lanes = {name: _lanes([item for item in items if item.room == name]) for name in names}
    moments = sorted({moment for item in items for moment in (item.starts_at, item.ends_at)})
    columns = [lane for name in names for lane in lanes[name]]
    rows = [(start, _row(columns, moments, start)) for start, _end in pairwise(moments)]
    return Day(day, [(name, len(lanes[name])) for name in names], rows)


def _lanes(items: list[AgendaItem]) -> list[list[AgendaItem]]:
    """Return the sessions of one room in as few lanes as hold them without overlap."""
    lanes: list[list[AgendaItem]] = []
    for item in items:
        lane = next((lane for lane in lanes if lane[-1].ends_at <= item.starts_at), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(item)
    return lanes


def _row(columns: list[list[AgendaItem]], moments: list[datetime], start: datetime) -> list[Cell]:
    cells = []
    for lane in columns:
        item = next((item for item in lane if item.starts_at <= start < item.ends_at), None)
        if item is None:
            cells.append(Cell())
        elif item.starts_at == start:
            cells.append(Cell(item, sum(item.starts_at <= moment < item.ends_at for moment in moments)))
    return cells
