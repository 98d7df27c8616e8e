"""The block of whole numbers on which the compiled search works: laid out, filled, and set to a plan. No search."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from matching.scheduling import anneal, layout

if TYPE_CHECKING:
    from matching.scheduling.figures import Plan
    from matching.scheduling.grid import Grid

# A level more of fairness weighs this much less; levels deeper than this are left to chance.
FAIR_BASE, FAIR_DEPTH = 6, 10
NO_SLOT_BEFORE = -2
# Makes of small seeds numbers that have little in common (2^64 by the golden ratio; Knuth 1973).
_SPREAD = 0x9E3779B97F4A7C15
_NAMES = layout.TABLES.split()


class Memory:
    """A problem and the present plan as one array `data` with `offsets`; each table is also an attribute."""

    at: Any
    capacity: Any
    chance: Any
    figures: Any
    limit: Any
    size: Any

    def __init__(self, grid: Grid, plan: Plan, seed: int = 1) -> None:
        """Lay out the problem; the same seed gives the same sequence of random numbers."""
        tables = _tables(grid, plan)
        starts = np.cumsum([0, *(tables[name].size for name in _NAMES)])
        self.data = np.concatenate([tables[name].ravel() for name in _NAMES]).astype(np.int64)
        offsets: Any = layout.Offsets
        self.offsets = offsets(
            wishes=len(grid.wishes),
            people=len(grid.people),
            slots=len(grid.slots),
            words=tables["busy"].shape[1],
            depth=tables["unfair"].shape[1],
            precedence=int(any(grid.after)),
            late=int(tables["hours"].any()),
            **{name: int(start) for name, start in zip(_NAMES, starts, strict=False)},
        )
        self.name_tables()
        target = np.full(len(grid.wishes), layout.NONE, np.int64)
        for wish, slot in plan.items():
            target[wish] = slot
        self.seed(seed)
        self.restore(target)

    def seed(self, seed: int) -> None:
        """Begin a sequence of random numbers; the same seed gives the same one."""
        self.chance[0] = 1 + seed * _SPREAD % (2**63 - 1)

    def twin(self, seed: int) -> Memory:
        """Return the same state with numbers of its own, and another sequence of random ones."""
        other = copy(self)
        other.data = self.data.copy()
        other.name_tables()
        other.seed(seed)
        return other

    def restore(self, wanted: Any) -> None:
        """Bring the state to a plan: the slot of each wish, NONE where it is out."""
        anneal.restore(self.data, self.offsets, wanted)

    def name_tables(self) -> None:
        """Make each table an attribute."""
        ends = [*self.offsets[-len(_NAMES) + 1 :], len(self.data)]
        for name, start, end in zip(_NAMES, self.offsets[-len(_NAMES) :], ends, strict=True):
            setattr(self, name, self.data[start:end])


def _tables(grid: Grid, plan: Plan) -> dict[str, Any]:
    people, slots, wishes = len(grid.people), len(grid.slots), len(grid.wishes)
    unfair = _unfairness(grid)
    few = [sum(count < limit for limit in grid.limit) for count in range(unfair.shape[1])]
    most = grid.problem.max_break_difference
    tables: dict[str, Any] = _of_wishes(grid, plan) | {
        "limit": grid.limit,
        "hours": grid.hours,
        "seat": np.full((people, slots), layout.NONE),
        "unfair": unfair,
        "busy": _bits(np.zeros((people, slots), bool)),
        "capacity": grid.capacity,
        "histogram": [people, *[0] * slots],
        "figures": [sum(grid.required), sum(grid.weights), unfair[:, 0].sum(), 0, 0, len(grid.before), 0, 0, *few],
        "difference": [-1 if most is None else most],
    }
    room = 8 * wishes + 64
    sizes = {"path": 2 * wishes + 8, "log": room, "old": room, "size": 3, "load": slots, "pushed": 5, "chance": 1}
    for name in ("count", "breaks", "waiting", "minutes", "marked", "touched"):
        sizes[name] = people
    for name, lists in (("owned", grid.wishes_of), ("after", grid.after), ("later", grid.later)):
        tables[name] = [item for items in lists for item in items]
        tables[f"{name}_at"] = np.cumsum([0, *(len(items) for items in lists)])
    tables |= {name: np.zeros(size) for name, size in sizes.items()}
    return {name: np.array(table, np.int64) for name, table in tables.items()}


def _of_wishes(grid: Grid, plan: Plan) -> dict[str, Any]:
    """One row for each wish."""
    before = np.full(len(grid.wishes), NO_SLOT_BEFORE)
    before[list(grid.before)] = list(grid.before.values())
    return {
        "one": [pair[0] for pair in grid.pairs],
        "other": [pair[1] for pair in grid.pairs],
        "both": [pair[0] ^ pair[1] for pair in grid.pairs],
        "weight": grid.weights,
        "required": grid.required,
        "fixed": [wish in grid.pinned and wish in plan for wish in grid.wishes],
        "before": before,
        "at": np.full(len(grid.wishes), layout.NONE),
        "allowed": _bits(grid.open),
        "table": _bits(grid.table),
    }


def _bits(table: Any) -> Any:
    """One bit for each slot: `layout.WORD` of them in a number."""
    rows, slots = table.shape
    words = np.zeros((rows, 1 + max(0, slots - 1) // layout.WORD), np.int64)
    for slot in range(slots):
        words[:, slot // layout.WORD] |= table[:, slot].astype(np.int64) << (slot % layout.WORD)
    return words


def _unfairness(grid: Grid) -> Any:
    """Price of each participant's number of meetings: falling steeply, so that the first counts more than the tenth."""
    prices = [FAIR_BASE ** (FAIR_DEPTH - level) for level in range(FAIR_DEPTH)]
    upto = np.cumsum([0, *prices], dtype=np.int64)
    counts = np.minimum(np.arange(max(grid.limit, default=0) + 2), FAIR_DEPTH)
    limits = np.minimum(np.array(grid.limit, np.int64), FAIR_DEPTH)
    return np.maximum(0, upto[limits][:, None] - upto[counts])
