"""Lower bounds for breaks and waiting: everybody's best pattern of meetings, in slots that have room for only so many.

How many meetings each participant has is known in part: some are certain, and whoever has fewer than they may costs weight,
of which only so much may be missing. Alone, a shortest path over the slots gives the pattern with the fewest breaks (or the
least waiting) for each number of meetings; together, the places of a slot seat only so many. A price per slot makes people
avoid those that all want, and a price on weight makes them meet (Lagrangian relaxation; Held and Karp 1971, steps as in
Polyak 1969). Every set of prices gives a bound. Nothing about who meets whom is asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from matching.scheduling.bounds import EPS, decided, relaxation
from matching.scheduling.figures import figures, stage_keys, weight_of

if TYPE_CHECKING:
    from matching.scheduling.figures import Key, Plan
    from matching.scheduling.grid import Grid
    from matching.scheduling.watch import Watch

# Rounds of prices, and after how many without progress the step is halved.
_ROUNDS, _PATIENCE = 400, 8
_SMALLEST = 1e-3
# The steps aim so far beyond the best bound.
_BEYOND = 10
# Prices on weight to begin with, of which the best is taken; 1 = an average meeting less costs one break.
_BEGINNINGS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
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
    certain, spare = np.array(grid.required, bool), math.inf
    if counted:
        weight = weight_of(grid, plan)
        certain[decided(grid, weight).sure] = True
        spare = relaxation(grid).weight - weight + EPS
    patterns = Patterns.of(grid, certain, spare)
    if not len(patterns.most):
        return {(name, 0): 0 for name in asked}
    reached = dict(zip(stage_keys(grid), figures(grid, plan), strict=True)) if plan else {}
    return {(name, 0): patterns.bound(name, reached.get((name, 0), math.inf), watch) for name in asked}


@dataclass(frozen=True)
class Patterns:
    """What is known of everybody: the fewest and the most meetings (people,), where they could be (people, slots).

    `charge` (people,): what each meeting less than the most costs; all together no more than `spare`. `seats` (slots,).
    """

    fewest: Any
    most: Any
    free: Any
    charge: Any
    spare: float
    seats: Any

    @classmethod
    def of(cls, grid: Grid, certain: Any, spare: float) -> Patterns:
        """Collect them; places count only where every meeting takes one."""
        pairs = np.array(grid.pairs, np.int64).reshape(-1, 2)
        free = np.zeros((len(grid.people), len(grid.slots)), bool)
        for side in range(2):
            np.logical_or.at(free, pairs[:, side], grid.open)
        fewest = np.bincount(pairs[certain].ravel(), minlength=len(grid.people))
        charge = np.array(relaxation(grid).price if spare < math.inf else np.zeros(len(grid.people)))
        most = np.where(charge > 0, np.maximum(grid.limit, fewest), fewest)
        unit = float(charge[charge > 0].mean()) if (charge > 0).any() else 1.0
        some = np.flatnonzero((most > 0) & (most <= free.sum(axis=1)))
        seats = 2.0 * np.array(grid.capacity) if grid.only_tables else np.full(len(grid.slots), np.inf)
        budget = spare / unit if (charge[some] > 0).any() else 0.0
        return cls(fewest[some], most[some], free[some], charge[some] / unit, budget, seats)

    def bound(self, name: str, reached: float, watch: Watch) -> int:
        """Return the best bound that some rounds of prices give; a plan has `reached`, so that no bound is higher."""
        limited = np.append(np.isfinite(self.seats), True)
        room = np.append(np.where(limited[:-1], self.seats, 0.0), self.spare)
        prices, best = np.zeros(len(room)), -math.inf
        for beginning in _BEGINNINGS if self.spare else _BEGINNINGS[:1]:
            tried = np.append(np.zeros(len(self.seats)), beginning)
            low = self._priced(name, tried, room)[0]
            prices, best = (tried, low) if low > best else (prices, best)
            if watch.over:
                break
        best, step, since = max(0.0, best), 1.0, 0
        for _ in range(_ROUNDS):
            low, used = self._priced(name, prices, room)
            since = 0 if low > best + EPS else since + 1
            best = max(best, low)
            slope = np.where(limited, used - room, 0.0)
            slope[(prices <= 0) & (slope < 0)] = 0.0
            if math.ceil(best - EPS) >= reached or watch.over or step < _SMALLEST or not slope.any():
                break
            if since >= _PATIENCE:
                step, since = step / 2, 0
            prices = np.maximum(0.0, prices + step * (min(reached, best) + _BEYOND - low) / (slope @ slope) * slope)
        return max(0, math.ceil(best - EPS))

    def _priced(self, name: str, prices: Any, room: Any) -> tuple[float, Any]:
        """Return the bound at these prices (slots, and weight at last), and what of the room is used."""
        costs, used = self.cheapest(name, prices)
        return float(costs.sum() - prices @ room), used

    def cheapest(self, name: str, prices: Any) -> tuple[Any, Any]:
        """Return the cost of everybody's cheapest pattern at these prices, how many are busy in each slot, and the weight lost.

        A path over the slots: busy or idle in between, with the number of meetings so far.
        """
        per_break, per_slot = (1.0, 0.0) if name == "breaks" else (0.0, 1.0)
        people, most = len(self.most), int(self.most.max(initial=0))
        busy, idle = np.full((people, most + 1), np.inf), np.full((people, most + 1), np.inf)
        least, last = np.full((people, most + 1), np.inf), np.zeros((people, most + 1), np.int64)
        least[:, 0] = 0.0
        turns = []  # per slot: whether one is idle before, where one is busy in it with one meeting more; or idle in it
        for slot, price in enumerate(prices[:-1]):
            turns.append((idle + per_break < busy, idle < busy))
            begun = np.minimum(busy, idle + per_break)[:, :-1]
            begun[:, 0] = 0.0
            idle = np.minimum(busy, idle) + per_slot
            busy = np.full((people, most + 1), np.inf)
            busy[:, 1:] = np.where(self.free[:, slot, None], begun + price, np.inf)
            last[busy < least] = slot
            least = np.minimum(least, busy)
        counts = np.arange(most + 1)
        lost = self.charge[:, None] * np.maximum(0, self.most[:, None] - counts)
        possible = (counts >= self.fewest[:, None]) & (counts <= self.most[:, None])
        costs = np.where(possible, least + prices[-1] * lost, np.inf)
        chosen, everybody = costs.argmin(axis=1), np.arange(people)
        used = self._used(last[everybody, chosen], chosen, turns)
        return costs[everybody, chosen], np.append(used, lost[everybody, chosen].sum())

    def _used(self, last: Any, counts: Any, turns: list[tuple[Any, Any]]) -> Any:
        """Follow everybody's path back from the last meeting, and count who is busy in each slot."""
        used = np.zeros(len(turns))
        left, everybody = counts.copy(), np.arange(len(counts))
        is_busy, is_idle = np.zeros(len(left), bool), np.zeros(len(left), bool)
        for slot in range(len(turns) - 1, -1, -1):
            is_busy |= (last == slot) & (left > 0)
            used[slot] = is_busy.sum()
            left -= is_busy
            turn = np.where(is_busy, turns[slot][0][everybody, left], turns[slot][1][everybody, left])
            within = (is_busy | is_idle) & (left > 0)
            is_busy, is_idle = within & ~turn, within & turn
        return used
