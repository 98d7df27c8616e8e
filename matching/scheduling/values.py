"""What a plan is worth, straight from the sentences of the format: plain Python that shares nothing with the model."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from matching.scheduling.problem import Participant, Problem, Slot
    from matching.scheduling.solution import Solution


def value(problem: Problem, solution: Solution, previous: Solution | None = None) -> dict[str, float]:
    """Return what the plan is worth: one figure per objective and a few that explain them.

    `fair` is the smallest number of meetings among those who could have one, `left_out` how many of those have none,
    `hours` the largest and `hours_total` the total minutes outside working hours, `below_minimum` the participants
    who miss their own minimum.
    """
    taken = rows(problem, solution)
    counts = {name: len(row) for name, row in taken.items()}
    gaps = {name: gaps_in(row) for name, row in taken.items()}
    weight = {wish.id: wish.weight for wish in problem.wishes}
    eligible = [name for name, most in possible_meetings(problem).items() if most]
    hours = inconvenience(problem, solution)
    return {
        "placed": math.fsum(weight[item.wish] for item in solution.assignments),
        "meetings": len(solution.assignments),
        "fair": min((counts[name] for name in eligible), default=0),
        "left_out": sum(counts[name] == 0 for name in eligible),
        "below_minimum": sum(counts[person.id] < person.min_meetings for person in problem.participants),
        "breaks": sum(len(lengths) for lengths in gaps.values()),
        "waiting": sum(sum(lengths) for lengths in gaps.values()),
        "changes": changes(problem, solution, previous),
        "hours": max(hours.values(), default=0),
        "hours_total": sum(hours.values()),
    }


def possible_meetings(problem: Problem) -> dict[str, int]:
    """Return the most meetings each participant could have by own wishes and own maximum."""
    wanted = Counter(name for wish in problem.wishes for name in wish.participants)
    most = {person.id: person.max_meetings for person in problem.participants}
    return {name: wanted[name] if limit is None else min(wanted[name], limit) for name, limit in most.items()}


def levels(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """Return how many participants who could meet have at most 0, 1, 2 ... meetings.

    The lexicographically smaller tuple is the fairer plan: it has the larger smallest number, then the larger second.
    """
    counts = {name: len(row) for name, row in rows(problem, solution).items()}
    possible = {name: most for name, most in possible_meetings(problem).items() if most}
    depth = max(possible.values(), default=0)
    return tuple(sum(counts[name] <= level for name in possible) for level in range(depth))


def changes(problem: Problem, solution: Solution, previous: Solution | None) -> int:
    """Return how many meetings of the previous plan are in another slot or dropped; withdrawn wishes don't count."""
    if previous is None:
        return 0
    known = {wish.id for wish in problem.wishes}
    now = {item.wish: item.slot for item in solution.assignments}
    return sum(item.wish in known and now.get(item.wish) != item.slot for item in previous.assignments)


def inconvenience(problem: Problem, solution: Solution) -> dict[str, int]:
    """Return each participant's minutes of meetings outside the own working hours."""
    if not any(person.working_hours for person in problem.participants):
        return {person.id: 0 for person in problem.participants}
    slots = {slot.id: slot for slot in problem.slots}
    people = {person.id: person for person in problem.participants}
    pairs = {wish.id: wish.participants for wish in problem.wishes}
    total = dict.fromkeys(people, 0)
    for item in solution.assignments:
        for name in pairs[item.wish]:
            total[name] += minutes_outside(people[name], slots[item.slot])
    return total


def minutes_outside(person: Participant, slot: Slot) -> int:
    """Return the minutes of a slot outside the working hours of a participant; hours may run over midnight."""
    if slot.start is None or slot.minutes is None or person.timezone is None or person.working_hours is None:
        return 0
    return _outside(person.timezone, person.working_hours, slot.start, slot.minutes)


@lru_cache(maxsize=100_000)  # many share a zone, hours and slots
def _outside(zone: str, hours: tuple[str, str], start: datetime, minutes: int) -> int:
    begin, end = (time.fromisoformat(text) for text in hours)
    # Minute by minute on the real clock, so that a change to summer time inside a meeting is right.
    moments = (start + timedelta(minutes=minute) for minute in range(minutes))
    return sum(not _within(moment.astimezone(ZoneInfo(zone)).time(), begin, end) for moment in moments)


def _within(moment: time, begin: time, end: time) -> bool:
    if begin < end:
        return begin <= moment < end
    return moment >= begin or moment < end


def rows(problem: Problem, solution: Solution) -> dict[str, list[int]]:
    """Return the positions of the slots of each participant's meetings."""
    position = {slot.id: number for number, slot in enumerate(problem.slots)}
    pairs = {wish.id: wish.participants for wish in problem.wishes}
    rows: dict[str, list[int]] = {person.id: [] for person in problem.participants}
    for item in solution.assignments:
        for name in pairs[item.wish]:
            rows[name].append(position[item.slot])
    return rows


def gaps_in(row: list[int]) -> list[int]:
    """Return the lengths of the breaks in the slots of one participant."""
    taken = sorted(row)
    return [later - earlier - 1 for earlier, later in pairwise(taken) if later - earlier > 1]
