"""The block of whole numbers on which the compiled search works: laid out, filled, and set to a plan. No search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from matching.scheduling import moves

if TYPE_CHECKING:
    from matching.scheduling.figures import Plan
    from matching.scheduling.grid import Grid

# A level more of fairness weighs this much less; levels deeper than this are left to chance.
FAIR_BASE, FAIR_DEPTH = 6, 10
NO_SLOT_BEFORE = -2


class Memory:
    """A problem and the present plan as one array `data` with `offsets`; each table is also an attribute."""

    at: Any
    capacity: Any
    figures: Any
    limit: Any
    size: Any

    def __init__(self, grid: Grid, plan: Plan) -> None:
        tables = _tables(grid, plan)
        names = moves.TABLES.split()
        starts = np.cumsum([0, *(tables[name].size for name in names)])
        self.data = np.concatenate([tables[name].ravel() for name in names]).astype(np.int64)
        layout: Any = moves.Offsets
        self.offsets = layout(
            wishes=len(grid.wishes),
            people=len(grid.people),
            slots=len(grid.slots),
            depth=tables["unfair"].shape[1],
            precedence=int(any(grid.after)),
            room=tables["log"].size,
            **{name: int(start) for name, start in zip(names, starts, strict=False)},
        )
        for name, start, end in zip(names, starts, starts[1:], strict=False):
            setattr(self, name, self.data[start:end])
        target = np.full(len(grid.wishes), moves.NONE, np.int64)
        for wish, slot in plan.items():
            target[wish] = slot
        self.restore(target)

    def restore(self, wanted: Any) -> None:
        """Bring the state to a plan: the slot of each wish, NONE where it is out."""
        moves.restore(self.data, self.offsets, wanted)


def _tables(grid: Grid, plan: Plan) -> dict[str, Any]:
    people, slots, wishes = len(grid.people), len(grid.slots), len(grid.wishes)
    before = np.full(wishes, NO_SLOT_BEFORE)
    before[list(grid.before)] = list(grid.before.values())
    histogram = np.zeros(slots + 1)
    histogram[0] = people
    unfair = _unfairness(grid)
    most = grid.problem.max_break_difference
    tables: dict[str, Any] = {
        "one": [pair[0] for pair in grid.pairs],
        "other": [pair[1] for pair in grid.pairs],
        "weight": grid.weights,
        "required": grid.required,
        "fixed": [wish in grid.pinned and wish in plan for wish in grid.wishes],
        "before": before,
        "at": np.full(wishes, moves.NONE),
        "allowed": grid.open,
        "table": grid.table,
        "limit": grid.limit,
        "hours": grid.hours,
        "seat": np.full((people, slots), moves.NONE),
        "unfair": unfair,
        "capacity": grid.capacity,
        "histogram": histogram,
        "path": np.zeros(2 * wishes + 8),
        "log": np.zeros(8 * wishes + 64),
        "old": np.zeros(8 * wishes + 64),
        "figures": [sum(grid.required), sum(grid.weights), unfair[:, 0].sum(), 0, 0, len(grid.before), 0, 0],
        "size": np.zeros(2),
        "difference": [-1 if most is None else most],
        "load": np.zeros(slots),
    }
    for name in ("count", "breaks", "waiting", "minutes", "marked", "touched"):
        tables[name] = np.zeros(people)
    for name, lists in (("owned", grid.wishes_of), ("after", grid.after), ("later", grid.later)):
        tables[name] = [item for items in lists for item in items]
        tables[f"{name}_at"] = np.cumsum([0, *(len(items) for items in lists)])
    return {name: np.array(table, np.int64) for name, table in tables.items()}


def _unfairness(grid: Grid) -> Any:
    """Price of each participant's number of meetings: falling steeply, so that the first counts more than the tenth."""
    table = np.zeros((len(grid.people), max(grid.limit, default=0) + 2), np.int64)
    for person, limit in enumerate(grid.limit):
        for count in range(limit):
            levels = range(count, min(limit, FAIR_DEPTH))
            table[person, count] = sum(FAIR_BASE ** (FAIR_DEPTH - level) for level in levels)
    return table
