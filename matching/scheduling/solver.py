"""The strategy: construct, improve, then prove what fits into an exact model. Turns plans into solutions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from matching.scheduling.bounds import cheap_bounds
from matching.scheduling.check import value, violations
from matching.scheduling.construct import construct
from matching.scheduling.figures import Key, Plan, figures, natural, stage_keys
from matching.scheduling.grid import Grid
from matching.scheduling.improve import COMPILER, Effort
from matching.scheduling.seating import seat
from matching.scheduling.solution import Assignment, Clash, Progress, Solution, Status, Unplaced
from matching.scheduling.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matching.scheduling.exact import Outcome
    from matching.scheduling.problem import Problem

# Rounds of improvement, each from another seed, while there is time and something left to prove.
ROUNDS = 4
# Up to this size the exact model is asked at once, and all required events up to the larger size: annealing would only
# waste time. How long a small event waits for the compiler, which may be at work for the first time on this machine.
TINY_SIZE = 600
PATIENCE = 1.5
# Decisions (wishes times slots) up to which the exact model is worth its memory.
EXACT_SIZE = 20_000


def solve(
    problem: Problem,
    *,
    seconds: float = 60,
    workers: int = 2,
    seed: int = 1,
    previous: Solution | None = None,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solution:
    """Return the best plan found within `seconds`, with proven bounds, reasons for what is left out, and its status.

    `previous` is the plan against which `changes` counts. `progress` is called and `should_stop` asked in the caller's
    thread about five times a second; stopping keeps the best plan. Infeasible is a status, never an exception.
    """
    watch = Watch(seconds, progress, should_stop)
    grid = Grid(problem, previous)
    outcome = search_plan(grid, watch, workers=workers, seed=seed)
    return finish(grid, outcome, watch, workers=workers, seed=seed)


def replan(
    problem: Problem,
    previous: Solution,
    *,
    seconds: float = 60,
    workers: int = 2,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solution:
    """Return a plan for the changed problem that moves or drops as few meetings of `previous` as its objective allows.

    Where the objective does not say how important `changes` is, it comes right after `placed`, or first without it.
    """
    asked = problem
    if "changes" not in problem.objective:
        at = problem.objective.index("placed") + 1 if "placed" in problem.objective else 0
        objective = (*problem.objective[:at], "changes", *problem.objective[at:])
        asked = replace(problem, objective=objective)
    solution = solve(
        asked,
        seconds=seconds,
        workers=workers,
        seed=seed,
        previous=previous,
        progress=progress,
        should_stop=should_stop,
    )
    return replace(solution, fingerprint=problem.fingerprint)


def search_plan(grid: Grid, watch: Watch, *, workers: int, seed: int) -> Outcome:
    """Return the best plan and its bounds: constructed, improved, and proven where the size allows."""
    from matching.scheduling.exact import Exact, Outcome

    least = cheap_bounds(grid)
    plan = construct(grid)
    tell(grid, watch, plan, least)
    outcome = Outcome(plan if keeps_rules(grid, plan) else None, dict(least))
    size = len(grid.wishes) * len(grid.slots)
    small = size <= EXACT_SIZE
    part = watch
    if not outcome.proven(grid) and size > TINY_SIZE and not (small and all(grid.required)):
        COMPILER.begin()
        if COMPILER.wait(watch, PATIENCE if small else watch.left):
            outcome = _improved(grid, watch, outcome, plan, Effort(watch.left * (0.4 if small else 0.9), seed))
        else:
            part = watch.part(watch.left / 2)
    if small and not outcome.proven(grid):
        outcome = Exact(grid, part, workers=workers, seed=seed, least=least).run(outcome.plan)
    for number in range(1, ROUNDS):
        if outcome.impossible or outcome.proven(grid) or watch.over:
            break
        COMPILER.begin()
        COMPILER.wait(watch, watch.left)
        outcome = _improved(grid, watch, outcome, plan, Effort(watch.left, seed + number))
    return outcome


def _improved(grid: Grid, watch: Watch, outcome: Outcome, plan: Plan, effort: Effort) -> Outcome:
    """Return the outcome with a better plan if annealing finds one; `plan` is where to begin when it has none."""
    from matching.scheduling.improve import improve

    if outcome.proven(grid):
        return outcome
    found = improve(grid, plan if outcome.plan is None else outcome.plan, watch, effort, outcome.least)
    if outcome.plan is None and not keeps_rules(grid, found):
        return outcome
    tell(grid, watch, found, outcome.least)
    return replace(outcome, plan=found)


def tell(grid: Grid, watch: Watch, plan: Plan, least: Mapping[Key, int]) -> None:
    """Report where a plan stands: the first objective that is not at its bound."""
    for key, now in zip(stage_keys(grid), figures(grid, plan), strict=True):
        low = least.get(key, 0)
        if now > low:
            watch.report(key[0], *natural(grid, key[0], now, low))
            return
    name = grid.problem.objective[0]
    watch.report(name, *natural(grid, name, figures(grid, plan)[0], figures(grid, plan)[0]))


def keeps_rules(grid: Grid, plan: Plan) -> bool:
    """Whether a plan may be shown: asks the independent check."""
    return not violations(grid.problem, Solution(status=Status.FEASIBLE, assignments=seat(grid, plan)))


def finish(grid: Grid, outcome: Outcome, watch: Watch, *, workers: int, seed: int) -> Solution:
    """Turn a plan with bounds into a solution with places, figures and reasons."""
    from importlib.metadata import version

    problem = grid.problem
    common = Solution(
        status=Status.INFEASIBLE if outcome.impossible else Status.UNKNOWN,
        seed=seed,
        workers=workers,
        solver=f"ortools {version('ortools')}",
        fingerprint=problem.fingerprint,
    )
    if outcome.plan is None:
        clashes = _clashes(grid, seed) if outcome.impossible else ()
        return replace(common, conflict=clashes, seconds=round(watch.spent, 3))
    assignments: tuple[Assignment, ...] = seat(grid, outcome.plan)
    plain = replace(
        common,
        status=Status.OPTIMAL if outcome.proven(grid) else Status.FEASIBLE,
        assignments=assignments,
        bound=bounds(grid, outcome.least),
    )
    plain = replace(plain, value=value(problem, plain, grid.previous))
    return replace(plain, unplaced=_reasons(grid, plain), seconds=round(watch.spent, 3))


def _clashes(grid: Grid, seed: int) -> tuple[Clash, ...]:
    from matching.scheduling.conflict import conflict

    return conflict(grid, seed)


def _reasons(grid: Grid, plain: Solution) -> tuple[Unplaced, ...]:
    from matching.scheduling.explain import explain

    return explain(grid.problem, plain, seconds=0)


def bounds(grid: Grid, least: Mapping[Key, int]) -> dict[str, float]:
    """Return the bound per objective in the units of `value`."""
    found: dict[str, float] = {}
    for name, level in stage_keys(grid):
        low = least.get((name, level), 0)
        if name == "placed":
            found[name] = (sum(grid.weights) - low) / grid.scale
        elif name == "fair":
            reachable = min((limit for limit in grid.limit if limit), default=0)
            found[name] = min(found.get(name, reachable), level if low > 0 else reachable)
        elif name == "hours":
            found["hours_total" if level else "hours"] = low
        else:
            found[name] = low
    return found
