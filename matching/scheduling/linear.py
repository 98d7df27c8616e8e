"""A linear program over choices from 0 to 1, solved exactly. Knows the parameters of HiGHS, nothing about meetings.

Two methods solve it: the dual simplex and an interior point with a crossover to a vertex (Huangfu and Hall 2018; Schork and
Gondzio 2020). Each takes seconds for some programs for which the other takes minutes, and nothing tells beforehand which; so
with several workers both begin, and who ends first is right. With one, the simplex method gives way after some iterations.
"""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import highspy
import numpy as np

from matching.scheduling.watch import POLL, Watch

if TYPE_CHECKING:
    from collections.abc import Callable

_SIMPLEX, _INTERIOR = "simplex", "ipm"
# What is tried at the same time, and in turn.
_SIMPLEX_FIRST, _INTERIOR_FIRST = ((_SIMPLEX, _INTERIOR),), ((_INTERIOR, _SIMPLEX),)
_BOTH = ((_SIMPLEX,), (_INTERIOR,))
# The seconds that it may take in any case.
_LEAST = 0.2
# Columns from which on both methods are worth their while, and the iterations of the simplex method alone: so many, and a
# share of the rows.
_LARGE, _ITERATIONS, _PER_ROW = 10_000, 4_000, 0.16
_OPTIMAL = highspy.HighsModelStatus.kOptimal
_IMPOSSIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


class Optimum(NamedTuple):
    """The best `values` of the columns and what each row's limit is worth in `prices`, 0 or more; None where `impossible`."""

    values: Any
    prices: Any
    impossible: bool = False


@dataclass(frozen=True)
class Linear:
    """Minimise `cost` over columns from `low` to 1 with `rows` (sparse) of at most `limits`, the last `equal` of them exactly.

    `interior`: only by the interior point, as long as that finds it.
    """

    cost: Any
    rows: Any
    limits: Any
    low: Any
    equal: int = 0
    interior: bool = False

    def solved(
        self, watch: Watch | None = None, workers: int = 1, meanwhile: Callable[[], bool] = lambda: True
    ) -> Optimum | None:
        """Return the optimum, or None when time is up or the caller wants to stop.

        Where it takes longer than a look up, `meanwhile` is called at each until it says that it is done.
        """
        watch, stop = watch or Watch(np.inf), threading.Event()
        if watch.stopped:
            return None
        both = workers > 1 and len(self.cost) > _LARGE
        tried = _INTERIOR_FIRST if self.interior else _BOTH if both else _SIMPLEX_FIRST
        with ThreadPoolExecutor(len(tried)) as pool:
            running = {pool.submit(self._by, methods, watch.left, stop) for methods in tried}
            try:
                return _first(running, watch, meanwhile)
            finally:
                stop.set()

    def _by(self, methods: tuple[str, ...], seconds: float, stop: threading.Event) -> Optimum | None:
        """Solve it by one method; by the next where that gives up."""
        program, found, limit = self._program(), None, Watch(seconds)
        for number, method in enumerate(methods, 1):
            solver = _Quiet()
            solver.setOptionValue("solver", method)
            solver.setOptionValue("threads", 1)
            solver.setOptionValue("time_limit", max(limit.left, _LEAST))
            if method == _SIMPLEX and number < len(methods):
                solver.setOptionValue("simplex_iteration_limit", _ITERATIONS + int(_PER_ROW * len(self.limits)))
            for moment in (solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
                moment.subscribe(lambda event: event.interrupt() if stop.is_set() else None)
            solver.passModel(program)
            solver.run()
            found = _found(solver)
            if found or stop.is_set():
                break
        return found

    def _program(self) -> highspy.HighsLp:
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = self.rows.shape
        program.col_cost_, program.col_lower_, program.col_upper_ = self.cost, self.low, np.ones(len(self.cost))
        least = np.full(len(self.limits), -np.inf)
        exact = len(self.limits) - self.equal
        least[exact:] = self.limits[exact:]
        program.row_lower_, program.row_upper_ = least, self.limits
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = self.rows.indptr
        program.a_matrix_.index_ = self.rows.indices
        program.a_matrix_.value_ = self.rows.data
        return program


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which would come where the command line's JSON goes."""

    def enableCallbacks(self) -> None:  # noqa: N802 - its name, called while it is made
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


def _first(running: set[Future[Optimum | None]], watch: Watch, meanwhile: Callable[[], bool]) -> Optimum | None:
    """Wait for the first that knows the answer."""
    idle = False
    while running and not watch.stopped:
        ready, running = wait(running, POLL, FIRST_COMPLETED)
        for future in ready:
            if (found := future.result()) is not None:
                return found
        idle = idle or (not ready and meanwhile())
    return None


def _found(solver: highspy.Highs) -> Optimum | None:
    status = solver.getModelStatus()
    if status in _IMPOSSIBLE:
        return Optimum(None, None, impossible=True)
    if status != _OPTIMAL:
        return None
    solution = solver.getSolution()
    return Optimum(np.array(solution.col_value), np.maximum(0.0, -np.array(solution.row_dual)))
