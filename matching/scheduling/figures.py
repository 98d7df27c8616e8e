"""A plan while it is being made (slot of each placed wish), and its figures per stage. No search, no solver."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matching.scheduling.grid import Grid

Plan = dict[int, int]
Key = tuple[str, int]


def stage_keys(grid: Grid) -> list[Key]:
    """Return the stages of the problem's objective in order, as (name, level)."""
    count = {"fair": fair_depth(grid), "hours": 2}
    return [(name, level) for name in grid.problem.objective for level in range(count.get(name, 1))]


def fair_depth(grid: Grid) -> int:
    """Return the number of stages of fairness; at least one, so that no objective is ever empty."""
    return max(1, max(grid.limit, default=0))


def figures(grid: Grid, plan: Plan) -> tuple[int, ...]:
    """Return the value of each stage, all to be minimised; the smaller tuple is the better plan."""
    rows = taken(grid, plan)
    of: dict[str, list[int]] = {}
    for name in grid.problem.objective:
        of[name] = _FIGURES[name](grid, plan, rows)
    return tuple(of[name][level] for name, level in stage_keys(grid))


def natural(grid: Grid, name: str, now: float | None, low: float) -> tuple[float | None, float]:
    """Turn what is minimised inside into the figures of the outside: `placed` is a weight placed."""
    if name != "placed":
        return now, low
    total = sum(grid.weights)
    return None if now is None else (total - now) / grid.scale, (total - low) / grid.scale


def weight_of(grid: Grid, plan: Iterable[int]) -> int:
    """Return the whole weight that a plan, or some wishes, place."""
    return sum(grid.weights[wish] for wish in plan)


def after_placed(grid: Grid, name: str) -> bool:
    """Return whether the problem's objective has `name`, and `placed` before it."""
    objective = grid.problem.objective
    return name in objective and "placed" in objective[: objective.index(name)]


def taken(grid: Grid, plan: Plan) -> list[list[int]]:
    """Return the slots of each participant's meetings, in order."""
    rows: list[list[int]] = [[] for _ in grid.people]
    for wish, slot in plan.items():
        for person in grid.pairs[wish]:
            rows[person].append(slot)
    for row in rows:
        row.sort()
    return rows


def breaks_in(row: list[int]) -> int:
    """Return the number of breaks in the slots of one participant."""
    return sum(later - earlier > 1 for earlier, later in pairwise(row))


def _placed(grid: Grid, plan: Plan, _: list[list[int]]) -> list[int]:
    return [sum(grid.weights) - weight_of(grid, plan)]


def _fair(grid: Grid, _: Plan, rows: list[list[int]]) -> list[int]:
    """How many have at most k meetings though they could have more."""
    pairs = [(len(row), grid.limit[person]) for person, row in enumerate(rows)]
    return [sum(count <= level < limit for count, limit in pairs) for level in range(fair_depth(grid))]


def _breaks(_: Grid, __: Plan, rows: list[list[int]]) -> list[int]:
    return [sum(breaks_in(row) for row in rows)]


def _waiting(_: Grid, __: Plan, rows: list[list[int]]) -> list[int]:
    return [sum(row[-1] - row[0] + 1 - len(row) for row in rows if row)]


def _changes(grid: Grid, plan: Plan, _: list[list[int]]) -> list[int]:
    return [sum(plan.get(wish) != slot for wish, slot in grid.before.items())]


def _hours(grid: Grid, _: Plan, rows: list[list[int]]) -> list[int]:
    minutes = [sum(grid.hours[person][slot] for slot in row) for person, row in enumerate(rows)]
    return [max(minutes, default=0), sum(minutes)]


_FIGURES = {
    "placed": _placed,
    "fair": _fair,
    "breaks": _breaks,
    "waiting": _waiting,
    "changes": _changes,
    "hours": _hours,
}
