"""Lower bounds for breaks and waiting: everybody's best pattern of meetings, in slots that have room for only so many.

Each participant has so many meetings for certain, in slots where they could be. Alone, a shortest path over the slots gives
the pattern with the fewest breaks (or the least waiting); together, the places of a slot seat only so many. A price per
slot (Lagrangian relaxation; Held and Karp 1971, steps as in Polyak 1969) makes people avoid those that all want, and
every set of prices gives a bound. Nothing about who meets whom is asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from matching.scheduling.bounds import EPS, decided
from matching.scheduling.figures import figures, stage_keys

if TYPE_CHECKING:
    from matching.scheduling.figures import Key, Plan
    from matching.scheduling.grid import Grid
    from matching.scheduling.watch import Watch

# Rounds of prices, and after how many without progress the step is halved.
_ROUNDS, _PATIENCE = 400, 8
_SMALLEST = 1e-3
# The steps aim so far beyond the best bound.
_BEYOND = 10
_IDLE = ("breaks", "waiting")


def idle_bounds(grid: Grid, plan: Plan, watch: Watch) -> dict[Key, int]:
    """Return lower bounds for the breaks and the waiting of all plans that place as much weight as this one.

    A plan may be empty where none is known.
    """
    objective = grid.problem.objective
    asked = [name for name in _IDLE if name in objective]
    if not asked:
        return {}
    counted = "placed" in objective[: min(map(objective.index, asked))]
    certain = np.array(grid.required, bool)
    if counted:
        certain[decided(grid, sum(grid.weights[wish] for wish in plan)).sure] = True
    patterns = Patterns.of(grid, certain)
    if not len(patterns.counts):
        return {(name, 0): 0 for name in asked}
    reached = dict(zip(stage_keys(grid), figures(grid, plan), strict=True)) if plan else {}
    return {(name, 0): patterns.bound(name, reached.get((name, 0), math.inf), watch) for name in asked}


@dataclass(frozen=True)
class Patterns:
    """Who has meetings for certain: how many (people,), where they could be (people, slots); seats per slot (slots,)."""

    counts: Any
    free: Any
    seats: Any

    @classmethod
    def of(cls, grid: Grid, certain: Any) -> Patterns:
        """Collect them; places count only where every meeting takes one."""
        pairs = np.array(grid.pairs, np.int64).reshape(-1, 2)
        counts = np.bincount(pairs[certain].ravel(), minlength=len(grid.people))
        free = np.zeros((len(grid.people), len(grid.slots)), bool)
        for side in range(2):
            np.logical_or.at(free, pairs[:, side], grid.open)
        some = np.flatnonzero((counts > 0) & (counts <= free.sum(axis=1)))
        seats = 2.0 * np.array(grid.capacity) if grid.only_tables else np.full(len(grid.slots), np.inf)
        return cls(counts[some], free[some], seats)

    def bound(self, name: str, reached: float, watch: Watch) -> int:
        """Return the best bound that some rounds of prices give; a plan has `reached`, so that no bound is higher."""
        prices = np.zeros(len(self.seats))
        best, step, since = 0.0, 1.0, 0
        limited = np.isfinite(self.seats)
        for _ in range(_ROUNDS):
            costs, used = self.cheapest(name, prices)
            low = float(costs.sum() - prices[limited] @ self.seats[limited])
            since = 0 if low > best + EPS else since + 1
            best = max(best, low)
            slope = np.where(limited, used - self.seats, 0.0)
            slope[(prices <= 0) & (slope < 0)] = 0.0
            if math.ceil(best - EPS) >= reached or watch.over or step < _SMALLEST or not slope.any():
                break
            if since >= _PATIENCE:
                step, since = step / 2, 0
            prices = np.maximum(0.0, prices + step * (min(reached, best) + _BEYOND - low) / (slope @ slope) * slope)
        return max(0, math.ceil(best - EPS))

    def cheapest(self, name: str, prices: Any) -> tuple[Any, Any]:
        """Return the cost of everybody's cheapest pattern at these prices, and how many are busy in each slot.

        A path over the slots: busy or idle in between, with the number of meetings so far.
        """
        per_break, per_slot = (1.0, 0.0) if name == "breaks" else (0.0, 1.0)
        people, most = len(self.counts), int(self.counts.max(initial=0))
        busy, idle = np.full((people, most + 1), np.inf), np.full((people, most + 1), np.inf)
        least, last = np.full(people, np.inf), np.zeros(people, np.int64)
        turns = []  # per slot: whether one is idle before, where one is busy in it with one meeting more; or idle in it
        for slot, price in enumerate(prices):
            turns.append((idle + per_break < busy, idle < busy))
            begun = np.minimum(busy, idle + per_break)[:, :-1]
            begun[:, 0] = 0.0
            idle = np.minimum(busy, idle) + per_slot
            busy = np.full((people, most + 1), np.inf)
            busy[:, 1:] = np.where(self.free[:, slot, None], begun + price, np.inf)
            now = busy[np.arange(people), self.counts]
            last[now < least] = slot
            least = np.minimum(least, now)
        return least, self._used(last, turns)

    def _used(self, last: Any, turns: list[tuple[Any, Any]]) -> Any:
        """Follow everybody's path back from the last meeting, and count who is busy in each slot."""
        used = np.zeros(len(turns))
        left, everybody = self.counts.copy(), np.arange(len(self.counts))
        is_busy, is_idle = np.zeros(len(left), bool), np.zeros(len(left), bool)
        for slot in range(len(turns) - 1, -1, -1):
            is_busy |= last == slot
            used[slot] = is_busy.sum()
            left -= is_busy
            turn = np.where(is_busy, turns[slot][0][everybody, left], turns[slot][1][everybody, left])
            within = (is_busy | is_idle) & (left > 0)
            is_busy, is_idle = within & ~turn, within & turn
        return used
