"""The published problem as weighted MaxSAT for RC2 of python-sat: the rival of the exact search, for benchmarks only.

Every meeting required, breaks minimised, a largest difference in breaks: the encoding of Bofill et al., JAIR 74 (2022),
in its plain form with the implied constraints on busy people. Everything else the format can say is left out.
"""

from __future__ import annotations

import multiprocessing
import time
from itertools import combinations
from typing import Any

from matching.scheduling import Problem
from matching.scheduling.grid import Grid


def breaks_by_rc2(problem: Problem, seconds: float) -> tuple[float | str, float]:
    """Return the proven least number of breaks, "infeasible" or "time out", and the seconds spent.

    In a process of its own, which is killed when time is up: the solver inside can't be interrupted.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        try:
            return pool.apply_async(_solved, (problem,)).get(seconds)
        except multiprocessing.TimeoutError:
            return "time out", seconds


def _solved(problem: Problem) -> tuple[float | str, float]:
    from pysat.examples.rc2 import RC2Stratified

    began = time.perf_counter()
    with RC2Stratified(_Encoding(Grid(problem)).formula, solver="cd15", adapt=True, exhaust=True, minz=True) as solver:
        found = solver.compute() is not None
        return (solver.cost if found else "infeasible"), time.perf_counter() - began


class _Encoding:
    """Clauses over x[wish, slot], busy, begun and going on, and soft clauses against breaks."""

    def __init__(self, grid: Grid) -> None:
        from pysat.formula import WCNF, IDPool

        self.grid, self.pool, self.formula = grid, IDPool(), WCNF()
        self.x = {(wish, slot): self.pool.id() for wish in grid.wishes for slot in grid.allowed[wish]}
        self._meetings()
        self._places()
        self._order()
        self._breaks()

    def hard(self, *clause: int) -> None:
        self.formula.append(list(clause))

    def at_most(self, literals: list[int], bound: int, *, exactly: bool = False) -> None:
        from pysat.card import CardEnc, EncType

        if not literals or (len(literals) <= bound and not exactly):
            return
        kind: Any = CardEnc.equals if exactly else CardEnc.atmost
        for clause in kind(lits=literals, bound=bound, vpool=self.pool, encoding=EncType.totalizer).clauses:
            self.formula.append(clause)

    def _meetings(self) -> None:
        grid = self.grid
        self.busy = [[self.pool.id() for _ in grid.slots] for _ in grid.people]
        for wish in grid.wishes:
            mine = [self.x[wish, slot] for slot in grid.allowed[wish]]
            self.hard(*mine)
            self._one_of(mine)
        for person in grid.people:
            for slot in grid.slots:
                mine = [self.x[wish, slot] for wish in grid.wishes_of[person] if (wish, slot) in self.x]
                self._one_of(mine)
                self.hard(-self.busy[person][slot], *mine)
                for literal in mine:
                    self.hard(-literal, self.busy[person][slot])
            self.at_most(self.busy[person], len(grid.wishes_of[person]), exactly=True)

    def _one_of(self, literals: list[int]) -> None:
        for one, other in combinations(literals, 2):
            self.hard(-one, -other)

    def _places(self) -> None:
        grid = self.grid
        for slot, capacity in enumerate(grid.capacity):
            self.at_most([self.x[wish, slot] for wish in grid.wishes if (wish, slot) in self.x], capacity)
            self.at_most([row[slot] for row in self.busy], 2 * capacity)

    def _order(self) -> None:
        for wish, earlier in enumerate(self.grid.after):
            for other in earlier:
                for here in self.grid.allowed[wish]:
                    before = [self.x[other, slot] for slot in self.grid.allowed[other] if slot < here]
                    self.hard(-self.x[wish, here], *before)

    def _breaks(self) -> None:
        counts = []
        for row in self.busy:
            begun = self._begun(row)
            ends = []
            for slot in range(2, len(row)):
                end = self.pool.id()
                self.hard(-row[slot], row[slot - 1], -begun[slot - 1], end)
                for literal in (row[slot], -row[slot - 1], begun[slot - 1]):
                    self.hard(-end, literal)
                self.formula.append([-end], weight=1)
                ends.append(end)
            counts.append(self._counted(ends))
        most = self.grid.problem.max_break_difference
        if most is None:
            return
        for one in counts:  # at least k + most + 1 here needs at least k + 1 everywhere
            for level in range(most, len(one)):
                for other in counts:
                    if other is not one and level - most < len(other):
                        self.hard(-one[level], other[level - most])

    def _begun(self, row: list[int]) -> list[int]:
        begun = [row[0]]
        for literal in row[1:]:
            now = self.pool.id()
            self.hard(-literal, now)
            self.hard(-begun[-1], now)
            self.hard(-now, literal, begun[-1])
            begun.append(now)
        return begun

    def _counted(self, literals: list[int]) -> list[int]:
        """Unary counters: the k-th says that more than k of the literals hold."""
        counter: list[int] = []
        for literal in literals:
            following = [self.pool.id() for _ in range(len(counter) + 1)]
            for level, out in enumerate(following):
                below = counter[level - 1] if level else None
                here = counter[level] if level < len(counter) else None
                if here is not None:
                    self.hard(-here, out)
                self.hard(-literal, out) if below is None else self.hard(-literal, -below, out)
                self.hard(-out, *([here] if here is not None else []), literal)
                if below is not None:
                    self.hard(-out, *([here] if here is not None else []), below)
            counter = following
        return counter
