"""Laying out an itinerary by day, with free time between entries and marks for now and next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from matchmaker.itineraries.queries import Entry
from matchmaker.web.times import local

SHORTEST_GAP = timedelta(minutes=10)


class Step(NamedTuple):
    """An entry, the free time before it on the same day if there is any, and whether it is "now" or "next"."""

    entry: Entry
    gap: timedelta | None = None
    mark: str = ""


@dataclass(frozen=True)
class Day:
    """One day in the zone of the event."""

    day: date
    steps: list[Step] = field(default_factory=list)


def days(entries: Sequence[Entry], zone: str, moment: datetime) -> list[Day]:
    """Return the days of an itinerary (entries in order of time), each under the day on which it starts in ``zone``."""
    next_start = min((entry.starts_at for entry in entries if entry.starts_at > moment), default=None)
    found = []
    for day, group in groupby(entries, key=lambda entry: local(entry.starts_at, zone).date()):
        found.append(Day(day))
        free_from: datetime | None = None
        for entry in group:
            gap = entry.starts_at - free_from if free_from else timedelta()
            mark = _mark(entry, moment, next_start)
            found[-1].steps.append(Step(entry, gap if gap >= SHORTEST_GAP else None, mark))
            free_from = max(free_from, entry.ends_at) if free_from else entry.ends_at
    return found


def _mark(entry: Entry, moment: datetime, next_start: datetime | None) -> str:
    if entry.starts_at <= moment < entry.ends_at:
        return "now"
    return "next" if entry.starts_at == next_start else ""
