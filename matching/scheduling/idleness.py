"""Lower bounds for breaks and waiting: everybody's best pattern of meetings, tied to who meets whom by prices.

Two things are easy by themselves. One: a participant's cheapest pattern of meetings over the slots (a shortest path, with the
number of meetings so far). Two: each wish's cheapest slot. A plan has both in agreement: whoever is busy has a meeting then. A
price for each participant and slot makes them agree as far as it goes (Lagrangian decomposition; Guignard and Kim 1987), a
price per slot keeps to its places, and one on weight to what a plan weighs: what everybody has less than they may, and what
is placed otherwise than the relaxation would, costs weight, of which only so much may be missing. Every set of prices gives a
bound. They are improved along the disagreement, in steps that get smaller (Adam; Kingma and Ba 2015).
"""

from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from matching.scheduling.bounds import EPS, decided, relaxation
from matching.scheduling.figures import figures, stage_keys, weight_of
from matching.scheduling.improve import COMPILER
from matching.scheduling.watch import POLL, Watch

if TYPE_CHECKING:
    from matching.scheduling.figures import Key, Plan
    from matching.scheduling.grid import Grid

# Rounds of prices, at most.
ROUNDS = 1_000
# How far a price moves in the first of so many rounds (times their root, at most) and in the last, in breaks or slots of
# waiting; and how much of the past a step and its length remember.
PER_ROOT, FIRST_STEP, LAST_STEP = 0.008, 0.3, 0.003
MEMORY, LENGTH_MEMORY = 0.9, 0.999
# What each break costs, and each slot in it.
_IDLE = {"breaks": (1.0, 0.0), "waiting": (0.0, 1.0)}


def idle_bounds(grid: Grid, plan: Plan, watch: Watch) -> dict[Key, int]:
    """Return lower bounds for the breaks and the waiting of all plans that place as much weight as this one.

    A plan may be empty where none is known. There are none while the compiler is at work.
    """
    objective = grid.problem.objective
    asked = [name for name in objective if name in _IDLE]
    if not asked or not grid.wishes or not COMPILER.wait(watch, 0):
        return {}
    counted = "placed" in objective[: objective.index(asked[0])]
    coupling = Coupling.of(grid, weight_of(grid, plan) if counted else None)
    reached = dict(zip(stage_keys(grid), figures(grid, plan), strict=True)) if plan else {}
    done = threading.Event()
    with ThreadPoolExecutor(len(asked)) as pool:
        parts = [Watch(watch.left, should_stop=done.is_set) for _ in asked]
        goals = [reached.get((name, 0), math.inf) for name in asked]
        found = [pool.submit(coupling.bound, *task) for task in zip(asked, goals, parts, strict=True)]
        try:
            while wait(found, POLL).not_done and not watch.stopped:
                pass
        finally:
            done.set()
    return {(name, 0): bound.result() for name, bound in zip(asked, found, strict=True)}


@dataclass(frozen=True)
class Coupling:
    """What is known of all plans of some weight.

    `free` (people, slots): who could be busy when; `fewest` and `most` (people,): meetings; `charge` (people,): the weight
    that each less than the most costs, and `losses` (wishes, 2) that of leaving a wish out and of placing it, in units of an
    average meeting; all together no more than `spare`. `wishes` (wishes, 3): two people, and whether it is certain; `spots`
    (wishes, slots): 0 where it can't be, 1 where it could be online, 2 where it takes one of the `places` (slots,).
    """

    free: Any
    fewest: Any
    most: Any
    charge: Any
    wishes: Any
    losses: Any
    spots: Any
    places: Any
    spare: float

    @classmethod
    def of(cls, grid: Grid, weight: int | None) -> Coupling:
        """Collect it for plans of at least this weight, or of any."""
        pairs = np.array(grid.pairs, np.int64).reshape(-1, 2)
        certain, kept = np.array(grid.required, bool), np.ones(len(pairs), bool)
        charge, losses, spare = np.zeros(len(grid.people)), np.zeros((len(pairs), 2)), 0.0
        if weight is not None:
            relaxed, known = relaxation(grid), decided(grid, weight)
            certain[known.sure], kept[known.out] = True, False
            unit = max(1.0, float(np.mean([price for price in relaxed.price if price > 0] or [1.0])))
            charge, worth = np.array(relaxed.price) / unit, np.array(relaxed.worth) / unit
            losses = np.maximum(0.0, np.column_stack([worth, -worth]))
            spare = max(0.0, relaxed.weight - weight + EPS) / unit
        limit = np.array(grid.limit, np.int64)
        fewest = np.minimum(limit, np.bincount(pairs[certain].ravel(), minlength=len(limit)))
        wishes = np.column_stack([pairs, certain])[kept]
        spots = (grid.open[kept] * (1 + grid.table[kept])).astype(np.int8)
        places = np.array(grid.capacity, float)
        return cls(grid.free, fewest, limit, charge, wishes, losses[kept], spots, places, spare)

    def bound(self, name: str, reached: float, watch: Watch) -> int:
        """Return the best bound that some rounds of prices give; a plan has `reached`, so that no bound is higher."""
        prices = np.zeros(self.free.size + len(self.places) + 1)
        signed = self.free.size  # the prices before it have any sign
        prices[-1] = 1.0
        step, length = np.zeros_like(prices), np.zeros_like(prices)
        best, first, whole, progress, number = 0.0, FIRST_STEP, watch.left, 0.0, 0
        while progress < 1:
            low, slope = self.priced(name, prices)
            best, number = max(best, low), number + 1
            if math.ceil(best - EPS) >= reached or not slope.any() or watch.over:
                break
            progress = max(number / ROUNDS, 1 - watch.left / whole)
            if number == 1:
                first = min(FIRST_STEP, PER_ROOT / math.sqrt(progress))
            step += (1 - MEMORY) * (slope - step)
            length += (1 - LENGTH_MEMORY) * (slope * slope - length)
            stride = first * (LAST_STEP / first) ** progress / (1 - MEMORY**number)
            prices += stride * step / (np.sqrt(length / (1 - LENGTH_MEMORY**number)) + EPS)
            prices[signed:] = np.maximum(0.0, prices[signed:])
        return math.ceil(best - EPS)

    def priced(self, name: str, prices: Any) -> tuple[float, Any]:
        """Return the bound at these prices (participants' slots, then slots, then weight), and how it changes with each."""
        from matching.scheduling import pricing

        shape, size = self.free.shape, self.free.size
        each, seats, weight = prices[:size].reshape(shape), prices[size:-1], prices[-1]
        slope = np.zeros_like(prices)
        used, load = slope[:size].reshape(shape), slope[size:-1]
        idle = np.array(_IDLE[name])
        low, lost = pricing.patterns(each, weight, self.free, self.fewest, self.most, self.charge, idle, used)
        more, lost_more = pricing.meetings(each, seats, weight, self.wishes, self.spots, self.losses, used, load)
        load -= self.places
        slope[-1] = lost + lost_more - self.spare
        return low + more - float(seats @ self.places + weight * self.spare), slope
