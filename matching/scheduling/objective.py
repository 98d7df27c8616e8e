"""The terms of the objective: each gives the stages in which it is optimised. No hard rule, no search.

A stage is an expression to minimise. What has several figures (fairness, hours) has several stages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching.scheduling.figures import fair_depth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ortools.sat.python import cp_model

    from matching.scheduling.variables import Variables


@dataclass(frozen=True)
class Stage:
    """One expression to minimise, a bound that holds without search, and the term that it belongs to."""

    name: str
    expression: cp_model.LinearExprT
    least: int = 0
    level: int = 0


def placed(v: Variables) -> Iterator[Stage]:
    """Maximise the weight placed (minimise the weight left out)."""
    left_out = sum(weight * (1 - v.placed[wish]) for wish, weight in enumerate(v.grid.weights))
    yield Stage("placed", left_out)


def fair(v: Variables) -> Iterator[Stage]:
    """Maximise the smallest number of meetings, then the second smallest ...: few with none, then few with one ...

    The leximin order over counts is the lexicographic order over "how many have at most k", k = 0, 1, 2 ...
    """
    people = [person for person in v.grid.people if v.grid.limit[person] > 0]
    counts = {person: sum(v.placed[wish] for wish in v.grid.wishes_of[person]) for person in people}
    for level in range(fair_depth(v.grid)):
        few = []
        for person in people:
            if v.grid.limit[person] > level:
                short = v.model.new_bool_var("")
                v.model.add(counts[person] >= level + 1).only_enforce_if(short.negated())
                few.append(short)
        yield Stage("fair", sum(few), level=level)


def breaks(v: Variables) -> Iterator[Stage]:
    """Minimise the number of breaks."""
    yield Stage("breaks", sum(literal for row in v.breaks for literal in row))


def waiting(v: Variables) -> Iterator[Stage]:
    """Minimise the idle slots between meetings."""
    yield Stage("waiting", sum(literal for row in v.waiting for literal in row))


def changes(v: Variables) -> Iterator[Stage]:
    """Minimise the meetings of the previous plan that move or drop out."""
    kept = [v.x[wish][slot] for wish, slot in v.grid.before.items() if slot in v.grid.slots]
    yield Stage("changes", len(v.grid.before) - sum(kept), least=len(v.grid.before) - len(kept))


def hours(v: Variables) -> Iterator[Stage]:
    """Minimise the largest, then the total inconvenience in minutes."""
    total = [
        sum(
            v.grid.hours[person][slot] * literal
            for slot in v.grid.slots
            if v.grid.hours[person][slot]
            for literal in v.of(person, slot)
        )
        for person in v.grid.people
    ]
    most = v.model.new_int_var(0, sum(max(row, default=0) * len(row) for row in v.grid.hours), "most minutes")
    for expression in total:
        v.model.add(expression <= most)
    yield Stage("hours", most)
    yield Stage("hours", sum(total), level=1)


TERMS: dict[str, Callable[[Variables], Iterator[Stage]]] = {
    "placed": placed,
    "fair": fair,
    "breaks": breaks,
    "waiting": waiting,
    "changes": changes,
    "hours": hours,
}
