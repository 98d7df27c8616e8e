"""A program over choices from 0 to 1, solved as a linear one or in whole numbers. Knows nothing about meetings."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import optimize, sparse

from matching.scheduling.bounds import EPS
from matching.scheduling.watch import POLL

if TYPE_CHECKING:
    from collections.abc import Callable

    from matching.scheduling.watch import Watch

_INFEASIBLE = 2  # a status of scipy.optimize


class Solved(NamedTuple):
    """A solution or None, a lower bound of its cost, and whether there is none at all."""

    values: Any
    bound: float
    impossible: bool = False


@dataclass(frozen=True)
class Program:
    """Minimise `cost` and a `constant` over columns from `low` to 1, with `rows` of at most `limits` and rows `equal` to 0.

    All numbers are whole but those of the cost, which are in steps of 1 / `fine`.
    """

    cost: Any
    constant: float
    rows: Any
    limits: Any
    equal: Any
    low: Any
    fine: int

    def relaxed(self, watch: Watch) -> Solved:
        """Solve it as a linear program. When the watch is stopped it is given up at once, and ends by itself in its time."""
        if not len(self.cost):
            return self._without_choices()
        seconds = max(watch.left, EPS)
        found = _unless_stopped(watch, lambda: self._linear(seconds))
        if found is None:
            return Solved(None, -np.inf)
        solved = found.status == 0
        bound = found.fun + self.constant if solved else -np.inf
        return Solved(found.x if solved else None, bound, found.status == _INFEASIBLE)

    def _linear(self, seconds: float) -> Any:
        return optimize.linprog(
            self.cost,
            A_ub=self.rows,
            b_ub=self.limits,
            A_eq=self.equal,
            b_eq=np.zeros(self.equal.shape[0]),
            bounds=np.stack([self.low, np.ones(len(self.low))], axis=1),
            method="highs",
            options={"time_limit": seconds},
        )

    def integral(self, watch: Watch, hint: Any, seed: int, gap: float) -> Solved:
        """Solve it in whole numbers, to within a share `gap` of the bound; the hint is where to begin."""
        from ortools.sat.python import cp_model

        from matching.scheduling import search

        if not len(self.cost):
            return self._without_choices()
        model = cp_model.CpModel()
        columns = [model.new_int_var(round(low), 1, "") for low in self.low]
        for rows, limits in ((self.rows, self.limits), (self.equal, None)):
            for row in np.flatnonzero(np.diff(rows.indptr)):
                here = slice(*rows.indptr[row : row + 2])
                factors = np.round(rows.data[here]).astype(int).tolist()
                total = cp_model.LinearExpr.weighted_sum([columns[column] for column in rows.indices[here]], factors)
                model.add(total == 0 if limits is None else total <= round(limits[row]))
        prices = np.round(self.cost * self.fine).astype(int).tolist()
        model.minimize(cp_model.LinearExpr.weighted_sum(columns, prices) + round(self.constant * self.fine))
        for column, is_in in zip(columns, hint, strict=True):
            model.add_hint(column, bool(is_in))

        found = search.run(model, watch, [search.linear(seed, watch.left, gap)])
        values = np.array([found.solver.value(column) for column in columns], float) if found.found else None
        return Solved(values, found.bound / self.fine, found.status == cp_model.INFEASIBLE)

    def _without_choices(self) -> Solved:
        impossible = bool((self.limits < 0).any())
        return Solved(None if impossible else np.zeros(0), self.constant, impossible)


def _unless_stopped(watch: Watch, function: Callable[[], Any]) -> Any:
    """Return what a function returns, or None as soon as the watch is stopped: HiGHS can't be interrupted."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(function()), daemon=True)
    thread.start()
    while thread.is_alive() and not watch.stopped:
        thread.join(POLL)
    return found[0] if found else None


def wider(rows: Any, width: int) -> Any:
    """Return the rows with empty columns behind them."""
    return sparse.csr_array((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], width))


def entries(values: list[Any], rows: list[Any], columns: list[Any], shape: tuple[int, int]) -> Any:
    """Return a sparse matrix from lists of entries."""
    empty = np.zeros(0, np.int64)
    where = (np.concatenate([empty, *rows]).astype(np.int64), np.concatenate([empty, *columns]).astype(np.int64))
    return sparse.csr_array((np.concatenate([np.zeros(0), *values]), where), shape=shape)
