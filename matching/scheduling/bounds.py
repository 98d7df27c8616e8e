"""Bounds that hold without the solver, per stage of the objective. All of them are for minimisation.

`placed` is bounded by the linear relaxation of the b-matching: whom could be placed if only the numbers of meetings
per participant and of places counted. Integer vertices are common, so that the bound is often the optimum.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matching.scheduling.grid import Grid

Key = tuple[str, int]
# The relaxation that knows every slot is much larger; beyond this many decisions the small one has to do.
SLOTTED_SIZE = 12_000


def cheap_bounds(grid: Grid) -> dict[Key, int]:
    """Return a lower bound for each stage of the problem's objective, by (name, level)."""
    bounds: dict[Key, int] = {}
    for name in grid.problem.objective:
        if name == "placed":
            bounds[name, 0] = sum(grid.weights) - most_weight(grid)
        elif name == "changes":
            bounds[name, 0] = sum(slot not in grid.allowed[wish] for wish, slot in grid.before.items())
    return bounds


def most_weight(grid: Grid) -> int:
    """Return the most whole weight that can be placed, by the relaxation that counts meetings and places."""
    return math.floor(relaxation(grid)[0] + 1e-6)


def relaxation(grid: Grid) -> tuple[float, list[float]]:
    """Return the optimum of the b-matching relaxation and how far each wish is chosen (0..1)."""
    from scipy import optimize

    usable = [wish for wish in grid.wishes if grid.allowed[wish]]
    if not usable:
        return 0.0, [0.0] * len(grid.wishes)
    matrix, limits = _counting_rows(grid, usable)
    result = optimize.linprog(
        [-grid.weights[wish] for wish in usable], A_ub=matrix, b_ub=limits, bounds=(0, 1), method="highs"
    )
    chosen = [0.0] * len(grid.wishes)
    for wish, share in zip(usable, result.x, strict=True):
        chosen[wish] = float(share)
    return -float(result.fun), chosen


def _counting_rows(grid: Grid, usable: list[int]) -> tuple[Any, list[int]]:
    """Rows: each participant's limit, all places together, and the limits inside each group of slots."""
    from scipy import sparse

    rows: list[int] = []
    columns: list[int] = []
    limits: list[int] = []
    column_of = {wish: column for column, wish in enumerate(usable)}

    def add(wishes: list[int], limit: int) -> None:
        if len(wishes) > limit:
            rows.extend([len(limits)] * len(wishes))
            columns.extend(column_of[wish] for wish in wishes)
            limits.append(limit)

    everything = frozenset(grid.slots)
    groups = {everything} | {frozenset(grid.allowed[wish]) for wish in usable}
    for slots in sorted(groups, key=lambda group: (-len(group), sorted(group)))[:50]:
        inside = {wish for wish in usable if slots.issuperset(grid.allowed[wish])}
        add(sorted(inside), sum(grid.capacity[slot] for slot in slots))
        for person in grid.people:
            free = len(slots - grid.away[person])
            limit = min(free, grid.limit[person]) if slots == everything else free
            add([wish for wish in grid.wishes_of[person] if wish in inside], limit)
    if not limits:
        add_free = sparse.csr_array((1, len(usable)))
        return add_free, [1]
    return sparse.csr_array(([1.0] * len(rows), (rows, columns)), shape=(len(limits), len(usable))), limits
