"""A program over choices from 0 to 1, solved as a linear one or in whole numbers. Knows nothing about meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from matching.scheduling.bounds import EPS
from matching.scheduling.linear import Linear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matching.scheduling.watch import Watch

_HALF = 0.5
# How many rings around what is not whole are decided, and how many columns a row may touch that leads from one to the next.
_RINGS, _WIDE = 3, 60
# Columns beyond which preparing all of them for whole numbers takes longer than there is time.
_LARGEST = 25_000


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

    def relaxed(self, watch: Watch, workers: int = 1) -> Solved:
        """Solve it as a linear program; given up when time is up or the watch is stopped."""
        if not len(self.cost):
            return self._without_choices()
        rows = sparse.vstack([self.rows, self.equal], format="csr")
        equal = self.equal.shape[0]
        found = Linear(self.cost, rows, np.concatenate([self.limits, np.zeros(equal)]), self.low, equal).solved(
            watch, workers
        )
        if found is None or found.impossible:
            return Solved(None, -np.inf, found is not None)
        return Solved(found.values, float(self.cost @ found.values) + self.constant)

    def integral(self, watch: Watch, near: Any, seed: int, enough: float, gap: float) -> Solved:
        """Solve it in whole numbers, beginning with a solution `near` of the linear program.

        What is not whole in it is decided first, with what it touches, wider and wider, and all else as it is, rounded: a
        solution that costs no more than `enough` is taken. Else everything is, to within a share `gap` of the bound.
        """
        if not len(self.cost):
            return self._without_choices()
        low = float(self.cost @ near) + self.constant
        for free in self._around(near):
            values = self._whole(free, near, watch, seed, gap).values
            if values is not None and self.cost @ values + self.constant <= enough:
                return Solved(values, low)
        if len(self.cost) > _LARGEST:
            return Solved(None, low)
        return self._whole(np.ones(len(self.cost), bool), near, watch, seed, gap)

    def _around(self, near: Any) -> Iterator[Any]:
        """Which columns to decide: those of the rows that those which are not whole touch, and so on; no wide rows."""
        rows = abs(sparse.vstack([self.rows, self.equal], format="csr"))
        limits = np.concatenate([self.limits, np.zeros(self.equal.shape[0])])
        tight = (rows @ near > limits - 1 + EPS) & (np.diff(rows.indptr) <= _WIDE)
        tight[len(self.limits) :] = True
        free = np.abs(near - np.round(near)) > EPS
        for _ in range(_RINGS):
            touched = (rows @ free.astype(float) > 0) & tight
            free |= rows.T @ touched.astype(float) > 0
            if 2 * free.sum() > len(free):
                return
            yield free

    def _whole(self, free: Any, near: Any, watch: Watch, seed: int, gap: float) -> Solved:
        """Decide the free columns, all others being as in `near`, rounded."""
        from ortools.sat.python import cp_model

        from matching.scheduling import search

        model = cp_model.CpModel()
        columns = [model.new_int_var(round(low), 1, "") for low in self.low[free]]
        rest = np.where(free, 0.0, np.round(near))
        for rows, limits in ((self.rows, self.limits), (self.equal, None)):
            room = (0 if limits is None else limits) - rows @ rest
            inside = sparse.csr_array(sparse.csc_array(rows)[:, np.flatnonzero(free)])
            for row in np.flatnonzero(np.diff(inside.indptr)):
                here = slice(*inside.indptr[row : row + 2])
                factors = np.round(inside.data[here]).astype(int).tolist()
                total = cp_model.LinearExpr.weighted_sum([columns[column] for column in inside.indices[here]], factors)
                model.add(total == round(room[row]) if limits is None else total <= round(room[row]))
        prices = np.round(self.cost[free] * self.fine).astype(int).tolist()
        fixed = round((self.constant + float(self.cost @ rest)) * self.fine)
        model.minimize(cp_model.LinearExpr.weighted_sum(columns, prices) + fixed)
        for column, value in zip(columns, near[free], strict=True):
            model.add_hint(column, bool(value > _HALF))

        found = search.run(model, watch, [search.linear(seed, watch.left, gap)])
        if found.found:
            rest[free] = [found.solver.value(column) for column in columns]
        values = rest if found.found else None
        return Solved(values, found.bound / self.fine, found.status == cp_model.INFEASIBLE)

    def _without_choices(self) -> Solved:
        impossible = bool((self.limits < 0).any())
        return Solved(None if impossible else np.zeros(0), self.constant, impossible)


def wider(rows: Any, width: int) -> Any:
    """Return the rows with empty columns behind them."""
    return sparse.csr_array((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], width))


def entries(values: list[Any], rows: list[Any], columns: list[Any], shape: tuple[int, int]) -> Any:
    """Return a sparse matrix from lists of entries."""
    empty = np.zeros(0, np.int64)
    where = (np.concatenate([empty, *rows]).astype(np.int64), np.concatenate([empty, *columns]).astype(np.int64))
    return sparse.csr_array((np.concatenate([np.zeros(0), *values]), where), shape=shape)
