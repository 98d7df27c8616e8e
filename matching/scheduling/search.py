"""One CP-SAT search that can be watched and stopped. Knows parameters of the solver, nothing about meetings."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from matching.scheduling.watch import POLL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matching.scheduling.watch import Watch


@dataclass
class Search:
    """The outcome of one search: `status` of CP-SAT, the solver that holds the plan, the best value and bound found."""

    solver: cp_model.CpSolver
    status: cp_model.CpSolverStatus = cp_model.UNKNOWN
    best: float | None = None
    bound: float = -math.inf

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return self.status in (cp_model.OPTIMAL, cp_model.FEASIBLE)

    @property
    def decided(self) -> bool:
        """Whether nothing is left to search."""
        return self.status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)

    def rank(self) -> tuple[bool, bool, float]:
        """Order outcomes of the same question, the best first."""
        return not self.decided, not self.found, math.inf if self.best is None else self.best


class _Latest(cp_model.CpSolverSolutionCallback):
    def __init__(self, search: Search) -> None:
        super().__init__()
        self._search = search

    def on_solution_callback(self) -> None:
        self._search.best = self.objective_value
        self._search.bound = max(self._search.bound, self.best_objective_bound)


def configured(seed: int, worker: int, seconds: float) -> cp_model.CpSolver:
    """Return the solver of one worker of a portfolio; the first is the one that is best alone.

    Core-guided search without linear relaxation decides tight brokerage events; every third worker branches freely.
    Independent searches beat CP-SAT's own two workers on the published events, which share more than they gain. Probing and
    symmetries, looked for before the search, take more time on them than they save.
    """
    solver = _alone(seed + 1000 * worker, seconds)
    parameters = solver.parameters
    parameters.linearization_level = 0
    parameters.symmetry_level = parameters.cp_model_probing_level = 0
    parameters.optimize_with_core = worker % 3 != 2
    if worker % 3 == 1:
        parameters.randomize_search = True
    return solver


def linear(seed: int, seconds: float, gap: float) -> cp_model.CpSolver:
    """Return a solver for what its linear relaxation nearly decides; it may stop within a share `gap` of the bound."""
    solver = _alone(seed, seconds)
    solver.parameters.linearization_level = 2
    solver.parameters.relative_gap_limit = gap
    return solver


def _alone(seed: int, seconds: float) -> cp_model.CpSolver:
    """Return a solver with one worker."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = 1
    return solver


def run(
    model: cp_model.CpModel,
    watch: Watch,
    solvers: Sequence[cp_model.CpSolver],
    report: Callable[[float | None, float], None] | None = None,
) -> Search:
    """Solve with all solvers at once; `report` hears the best value and the bound, in the caller's thread, as they change."""
    searches = [Search(solver) for solver in solvers]
    threads = [threading.Thread(target=_work, args=(model, search), daemon=True) for search in searches]
    for thread in threads:
        thread.start()
    told: tuple[float | None, float] | None = None
    while any(thread.is_alive() for thread in threads):
        next(thread for thread in threads if thread.is_alive()).join(POLL)
        if watch.over or any(search.decided for search in searches):
            for search in searches:
                search.solver.stop_search()
        best, bound = _standing(searches)
        if report and told != (best, bound):
            told = (best, bound)
            report(best, bound)
    winner = min(searches, key=Search.rank)
    winner.bound = max(search.bound for search in searches)
    return winner


def _work(model: cp_model.CpModel, search: Search) -> None:
    def note(bound: float) -> None:
        search.bound = max(search.bound, bound)

    search.solver.best_bound_callback = note
    status = search.solver.solve(model, _Latest(search))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        search.best = search.solver.objective_value
        search.bound = max(search.bound, search.solver.best_objective_bound)
    search.status = status


def _standing(searches: list[Search]) -> tuple[float | None, float]:
    values = [search.best for search in searches if search.best is not None]
    return min(values, default=None), max(search.bound for search in searches)
