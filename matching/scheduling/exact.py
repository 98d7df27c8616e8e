"""The exact search: one CP-SAT model, one stage of the objective after the other, each with a proven bound.

A stage that is already at a bound known without search is not searched. When time is up, the rest keeps the best plan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from matching.scheduling import search
from matching.scheduling.constraints import CONSTRAINTS
from matching.scheduling.figures import Key, Plan, figures, natural, stage_keys
from matching.scheduling.objective import TERMS, Stage
from matching.scheduling.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from matching.scheduling.grid import Grid
    from matching.scheduling.watch import Watch

# What a stage may use of the time left while others follow it.
SHARE = 0.35


@dataclass
class Outcome:
    """A plan or None, the lower bound per stage, and whether no plan can exist."""

    plan: Plan | None
    least: dict[Key, int] = field(default_factory=dict)
    impossible: bool = False

    def raise_bounds(self, known: Mapping[Key, int]) -> None:
        """Take over lower bounds that are higher."""
        self.least.update({key: max(low, self.least.get(key, 0)) for key, low in known.items()})

    def proven(self, grid: Grid) -> bool:
        """Whether every stage is at its bound."""
        if self.plan is None:
            return False
        values = zip(stage_keys(grid), figures(grid, self.plan), strict=True)
        return all(value <= self.least.get(key, 0) for key, value in values)


class Exact:
    """Runs the stages of one problem; `least` are bounds known beforehand, `plan` the plan to beat."""

    def __init__(
        self,
        grid: Grid,
        watch: Watch,
        *,
        workers: int = 1,
        seed: int = 1,
        least: Mapping[Key, int] | None = None,
        constraints: tuple[Callable[[Variables], None], ...] = CONSTRAINTS,
    ) -> None:
        self.grid, self.watch = grid, watch
        self.workers, self.seed = workers, seed
        self.least = dict(least or {})
        self.variables = Variables(grid)
        for constraint in constraints:
            constraint(self.variables)

    def run(self, plan: Plan | None) -> Outcome:
        """Optimise stage by stage, from `plan` when there is one."""
        stages = self._stages()
        number = len(stage_keys(self.grid))
        for position, (key, stage) in enumerate(stages):
            known = max(stage.least, self.least.get(key, 0))
            value = self._value(plan, key)
            if value is None or value > known:
                last = position == number - 1
                plan, known, impossible = self._improve(plan, stage, known, 1.0 if last else SHARE)
                if impossible:
                    return Outcome(None, self.least, impossible=True)
            self.least[key] = known
            value = self._value(plan, key)
            if plan is None or value is None:
                break
            self.variables.model.add(stage.expression <= value)
        return Outcome(plan, self.least)

    def _stages(self) -> Iterator[tuple[Key, Stage]]:
        """Make the terms only when their turn comes: variables that no earlier stage needs slow it down."""
        for name in self.grid.problem.objective:
            for stage in TERMS[name](self.variables):
                yield (stage.name, stage.level), stage

    def _value(self, plan: Plan | None, key: Key) -> int | None:
        if plan is None:
            return None
        return dict(zip(stage_keys(self.grid), figures(self.grid, plan), strict=True))[key]

    def _improve(self, plan: Plan | None, stage: Stage, known: int, share: float) -> tuple[Plan | None, int, bool]:
        """Search one stage; return the better plan, its bound, and whether no plan can exist."""
        if self.watch.over:
            return plan, known, False
        model = self.variables.model
        model.add(stage.expression >= known)
        model.minimize(stage.expression)
        if plan is not None:
            self.variables.hint(plan)

        def report(best: float | None, bound: float) -> None:
            self.watch.report(stage.name, *natural(self.grid, stage.name, best, max(bound, known)))

        seconds = self.watch.left * (share if plan is not None else 1.0)
        limit = min(seconds, self.watch.left)
        solvers = [search.configured(self.seed, worker, limit) for worker in range(max(1, self.workers))]
        result = search.run(model, self.watch, solvers, report)
        if result.status == cp_model.INFEASIBLE:
            return None, known, True
        if math.isfinite(result.bound):
            known = max(known, math.ceil(result.bound - 1e-6))
        if result.found:
            found = self._plan(result.solver)
            if plan is None or figures(self.grid, found) < figures(self.grid, plan):
                plan = found
        return plan, known, False

    def _plan(self, solver: cp_model.CpSolver) -> Plan:
        x = self.variables.x
        return {
            wish: slot for wish in self.grid.wishes for slot in self.grid.slots if solver.boolean_value(x[wish][slot])
        }
