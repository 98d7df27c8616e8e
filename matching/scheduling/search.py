"""One CP-SAT search that can be watched and stopped. Knows parameters of the solver, nothing about meetings."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from matching.scheduling.watch import POLL

if TYPE_CHECKING:
    from collections.abc import Callable

    from matching.scheduling.watch import Watch

# Core-guided search without linear relaxation decides tight brokerage events; the second worker covers the others.
PORTFOLIO = ("core", "quick_restart_no_lp")


@dataclass
class Search:
    """The outcome of one search: `status` of CP-SAT, its solver for values, the best value and bound found."""

    solver: cp_model.CpSolver
    status: cp_model.CpSolverStatus = cp_model.UNKNOWN
    best: float | None = None
    bound: float = -math.inf

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return self.status in (cp_model.OPTIMAL, cp_model.FEASIBLE)


class _Latest(cp_model.CpSolverSolutionCallback):
    def __init__(self, search: Search) -> None:
        super().__init__()
        self._search = search

    def on_solution_callback(self) -> None:
        self._search.best = self.objective_value
        self._search.bound = max(self._search.bound, self.best_objective_bound)


def configured(seed: int, workers: int, seconds: float) -> cp_model.CpSolver:
    """Return a solver: one worker searches by cores, several as a portfolio that begins with it."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.max_time_in_seconds = max(seconds, 0.01)
    parameters.random_seed = seed
    if workers <= 1:
        parameters.num_workers = 1
        parameters.optimize_with_core = True
        parameters.linearization_level = 0
    else:
        parameters.num_workers = workers
        parameters.subsolvers.extend(PORTFOLIO)
    return solver


def run(
    model: cp_model.CpModel,
    watch: Watch,
    *,
    seconds: float,
    workers: int,
    seed: int,
    report: Callable[[float | None, float], None],
) -> Search:
    """Solve within `seconds`; `report` hears the best value and the bound, in the caller's thread, as they change."""
    search = Search(configured(seed, workers, min(seconds, watch.left)))
    latest = _Latest(search)

    def note_bound(bound: float) -> None:
        search.bound = max(search.bound, bound)

    search.solver.best_bound_callback = note_bound

    def work() -> None:
        search.status = search.solver.solve(model, latest)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    told: tuple[float | None, float] | None = None
    while thread.is_alive():
        thread.join(POLL)
        if watch.over:
            search.solver.stop_search()
        if told != (search.best, search.bound):
            told = (search.best, search.bound)
            report(*told)
    if search.found:
        search.best = search.solver.objective_value
        search.bound = search.solver.best_objective_bound
    return search
