"""The plan nearest to another one: a relaxation that looks into slots only where it has to.

Wishes are chosen as in the b-matching of `bounds`; a meeting of the plan to keep stays where it is or does not. Only
wishes that are placed somewhere else get a decision per slot, and those that give way to them, round by round, until
nobody is left who is placed nowhere in particular. What has no such decisions is only counted, so the optimum of every
round is a bound; the last one, where it is whole, is the plan itself (column and row generation; Muter, Birbil and
Bülbül 2013). Wishes that would cost more weight than may be lost are decided before (reduced cost fixing; Dantzig,
Fulkerson and Johnson 1954), which leaves one in twenty open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from matching.scheduling.bounds import EPS, Decided, counting_rows, decided
from matching.scheduling.construct import Table
from matching.scheduling.program import Program, entries, wider

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matching.scheduling.figures import Plan
    from matching.scheduling.grid import Grid
    from matching.scheduling.program import Solved
    from matching.scheduling.watch import Watch

    Rows = tuple[Any, Any]  # and what each may come to at most

_HALF = 0.5
# A wish without decisions costs 1 / so much more when it moves, or less: of plans equally near, one with few wishes to
# look into is taken.
_FINE = 1_000
# Seconds for one integral solution where the relaxation is not whole.
_WHOLE = 1.5
# How near to the bound a solution must be where any will do.
_ANY = 0.2


@dataclass(frozen=True)
class Point:
    """A solution of the relaxation: its numbers, how far each wish is placed and kept, its plan, the bound on changes."""

    values: Any
    placed: Any
    kept: Any
    plan: Plan
    least: int

    @property
    def whole(self) -> bool:
        """Whether every decision is yes or no."""
        return bool((np.abs(self.values - np.round(self.values)) < EPS).all())

    @property
    def decided(self) -> bool:
        """Whether every wish is in or out, wherever it is."""
        return bool((np.abs(self.placed - np.round(self.placed)) < EPS).all())

    @property
    def chosen(self) -> list[int]:
        """The wishes that are placed for the larger part."""
        return [int(wish) for wish in np.flatnonzero(self.placed > _HALF)]


class Keeping:
    """The relaxation while it grows."""

    def __init__(self, grid: Grid, stays: Mapping[int, int], target: int | None, workers: int = 1) -> None:
        """Decide what the target leaves no choice about; every other wish is only counted at first."""
        usable = np.flatnonzero(grid.open.any(axis=1))
        known = decided(grid, target) if target is not None else Decided([], [])
        out, sure = np.isin(usable, known.out), np.isin(usable, known.sure)
        self.grid, self.target, self._workers = grid, target, workers
        self.impossible = False
        self.wishes = usable[~out]
        counting, self._limits, _ = counting_rows(grid, usable)
        self._counting = sparse.csr_array(sparse.csc_array(counting)[:, np.flatnonzero(~out)])
        self._sure = (sure | np.array(grid.required, bool)[usable])[~out]
        self._column = _positions(self.wishes, len(grid.wishes))
        kept = [(wish, slot) for wish, slot in stays.items() if slot >= 0 and self._column[wish] >= 0]
        self._stays = np.array([pair for pair in kept if grid.open[pair]], np.int64).reshape(-1, 2)
        self.lost = len(stays) - len(self._stays)
        self._fine = max(_FINE, 2 * (1 + len(self._stays)))
        self._home = np.full(len(grid.wishes), -1)
        self._home[self._stays[:, 0]] = self._stays[:, 1]
        self._detailed: dict[int, None] = {}
        self._after: dict[tuple[int, int], None] = {}
        self.grow(self.wishes[self._sure & (self._home[self.wishes] < 0)])

    @property
    def size(self) -> int:
        """The number of decisions per slot."""
        return len(self._detailed) * len(self.grid.slots)

    def grow(self, wishes: Iterable[int]) -> bool:
        """Give decisions per slot to wishes; whether any had none."""
        before = len(self._detailed)
        self._detailed.update(dict.fromkeys(int(wish) for wish in wishes))
        return len(self._detailed) > before

    def loose(self, point: Point) -> list[int]:
        """Return the wishes that are placed, but in no slot in particular."""
        away = point.placed - point.kept > EPS
        return [int(wish) for wish in self.wishes if away[wish] and wish not in self._detailed]

    def around(self, wishes: Iterable[int]) -> list[int]:
        """Return wishes and the meetings to keep of those who are in them: one of these gives way to a wish."""
        grid = self.grid
        found = {near for wish in wishes for person in grid.pairs[wish] for near in grid.wishes_of[person]}
        return [*wishes, *sorted(near for near in found if self._home[near] >= 0)]

    def relaxed(self, watch: Watch) -> Point | None:
        """Solve the linear relaxation; None when there is no solution or no time."""
        program, spots = self._program()
        return self._point(program.relaxed(watch, self._workers), spots)

    def integral(self, near: Point, watch: Watch, seed: int, *, any_will_do: bool) -> Point | None:
        """Solve the same in whole numbers, beginning near a solution that is not; the best one unless any will do."""
        program, spots = self._program()
        # What moves without decisions costs less than a half together: as many changes as the bound are enough.
        enough = math.inf if any_will_do else near.least - self.lost + _HALF
        return self._point(program.integral(watch.part(_WHOLE), near.values, seed, enough, any_will_do * _ANY), spots)

    def begun(self, point: Point) -> Plan:
        """Return what keeps the rules of what a solution places for the larger part."""
        table = Table(self.grid)
        for wish, slot in point.plan.items():
            if table.open_slots(wish, (slot,)):
                table.put(wish, slot)
        return table.plan

    def complete(self, point: Point, loose: Iterable[int]) -> Plan | None:
        """Return the plan of a whole solution, with whoever has no slot yet in one that is free; None where none is."""
        table = Table(self.grid, point.plan)
        for wish in loose:
            slots = table.open_slots(wish)
            if not slots:
                return None
            table.put(wish, slots[0])
        return table.plan

    def disordered(self, plan: Plan) -> bool:
        """Take along which wishes come too early in a plan; whether any does."""
        early = [
            (wish, other)
            for wish, slot in plan.items()
            for other in self.grid.after[wish]
            if other in plan and plan[other] >= slot
        ]
        self._after.update(dict.fromkeys(early))
        self.grow(wish for pair in early for wish in pair)
        return bool(early)

    def _point(self, solved: Solved, spots: Any) -> Point | None:
        self.impossible |= solved.impossible
        if solved.values is None:
            return None
        chosen, kept = len(self.wishes), len(self._stays)
        placed, stay = np.zeros(len(self.grid.wishes)), np.zeros(len(self.grid.wishes))
        placed[self.wishes] = solved.values[:chosen]
        stay[self._stays[:, 0]] = solved.values[chosen : chosen + kept]
        plan = {int(wish): int(slot) for wish, slot in self._stays if stay[wish] > _HALF}
        shares = zip(spots, solved.values[chosen + kept :], strict=True)
        plan.update((int(wish), int(slot)) for (wish, slot), share in shares if share > _HALF)
        least = self.lost + max(0, math.ceil(solved.bound / (1 + 1 / self._fine) - 2 * EPS))
        return Point(solved.values, placed, stay, plan, least)

    def _program(self) -> tuple[Program, Any]:
        """Put the relaxation together as it stands: one column per wish, per meeting to keep, and per spot; and the spots."""
        grid, kept = self.grid, self._stays
        detailed = np.array(list(self._detailed), np.int64)
        row_of = _positions(detailed, len(grid.wishes))
        spots = self._spots(detailed)
        chosen = len(self.wishes)
        width = chosen + len(kept) + len(spots)
        taken = np.concatenate([kept, spots])  # a meeting to keep takes its slot as a spot does
        places = np.arange(chosen, width)
        looks = row_of[kept[:, 0]] >= 0
        rows = [
            (wider(self._counting, width), self._limits),
            (self._within(taken, places, width), np.array(grid.capacity, float)),
            self._apart(taken, places, width),
            self._only_placed(np.flatnonzero(~looks), width),
            self._ordered(taken, places, width),
            self._heavy(width),
        ]
        known = np.flatnonzero(row_of[taken[:, 0]] >= 0)
        equal = entries(
            [-np.ones(len(detailed)), np.ones(len(known))],
            [np.arange(len(detailed)), row_of[taken[known, 0]]],
            [self._column[detailed], places[known]],
            (len(detailed), width),
        )
        worth = np.where(looks, 1.0, 1.0 + 1 / self._fine)
        program = Program(
            cost=np.concatenate([np.zeros(chosen), -worth, np.zeros(len(spots))]),
            constant=float(worth.sum()),
            rows=sparse.vstack([row for row, _ in rows], format="csr"),
            limits=np.concatenate([limit for _, limit in rows]),
            equal=equal,
            low=np.concatenate([self._sure.astype(float), np.zeros(width - chosen)]),
            fine=self._fine,
        )
        return program, spots

    def _only_placed(self, stays: Any, width: int) -> Rows:
        """A meeting without decisions is kept only where its wish is placed."""
        count = len(stays)
        columns = [len(self.wishes) + stays, self._column[self._stays[stays, 0]]]
        kept = entries([np.ones(count), -np.ones(count)], [np.arange(count)] * 2, columns, (count, width))
        return kept, np.zeros(count)

    def _heavy(self, width: int) -> Rows:
        """The weight is at least the target."""
        if self.target is None:
            return entries([], [], [], (0, width)), np.zeros(0)
        weights = np.array(self.grid.weights, float)[self.wishes]
        return wider(sparse.csr_array(-weights[None, :]), width), np.array([-float(self.target)])

    def _spots(self, detailed: Any) -> Any:
        """The wishes with decisions and the slots, other than the one to keep, in which each could be."""
        open_ = self.grid.open[detailed].copy()
        home = self._home[detailed]
        open_[np.flatnonzero(home >= 0), home[home >= 0]] = False
        rows, slots = open_.nonzero()
        return np.stack([detailed[rows], slots], axis=1)

    def _within(self, taken: Any, places: Any, width: int) -> Any:
        """No slot has more meetings than places."""
        seated = self.grid.table[taken[:, 0], taken[:, 1]].astype(float)
        return entries([seated], [taken[:, 1]], [places], (len(self.grid.slots), width))

    def _apart(self, taken: Any, places: Any, width: int) -> Rows:
        """Nobody has two meetings in a slot; only where a wish with decisions might."""
        pairs = np.array(self.grid.pairs, np.int64).reshape(-1, 2)[taken[:, 0]]
        keys = (pairs * len(self.grid.slots) + taken[:, 1:]).ravel()
        seats, row, often = np.unique(keys, return_inverse=True, return_counts=True)
        shared = _positions(np.flatnonzero(often > 1), len(seats))
        known = shared[row] >= 0
        columns = np.repeat(places, 2)[known]
        height = int((often > 1).sum())
        return entries([np.ones(len(columns))], [shared[row][known]], [columns], (height, width)), np.ones(height)

    def _ordered(self, taken: Any, places: Any, width: int) -> Rows:
        """A wish is in no slot before or with one that it comes after, for the pairs taken along."""
        slots = len(self.grid.slots)
        values, rows, columns = [], [], []
        for number, (wish, other) in enumerate(self._after):
            for one, sign, late in ((wish, 1.0, 0), (other, -1.0, 1)):
                for place in np.flatnonzero(taken[:, 0] == one):
                    behind = np.arange(taken[place, 1] + late, slots)
                    rows.append(number * slots + behind)
                    columns.append(np.full(len(behind), places[place]))
                    values.append(np.full(len(behind), sign))
        height = len(self._after) * slots
        return entries(values, rows, columns, (height, width)), np.zeros(height)


def _positions(items: Any, size: int) -> Any:
    """Return where each number stands among the items, -1 where it doesn't."""
    found = np.full(size, -1)
    found[items] = np.arange(len(items))
    return found
