"""Solving a problem and planning it again: asks for a plan, and turns it into a solution with bounds and reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from matching.scheduling.bounds import fair_bounds
from matching.scheduling.collecting import uncollected
from matching.scheduling.figures import Key, Plan, after_placed, stage_keys, weight_of
from matching.scheduling.grid import Grid
from matching.scheduling.seating import seat
from matching.scheduling.solution import Assignment, Clash, Progress, Solution, Status, Unplaced
from matching.scheduling.strategy import search_plan
from matching.scheduling.values import possible_meetings, value
from matching.scheduling.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matching.scheduling.exact import Outcome
    from matching.scheduling.problem import Problem

# The share of the time limit for the reasons of what is left out, and for each kind of bound that is found out at the end;
# and the seconds that each of them takes when there is no time left, or whoever stops a run waits for it at most. `explain`
# takes the time it needs.
SHARE, LEAST = 0.1, 0.2
# More wishes than this take longer to look at than whoever stops a run waits.
_HASTY = 100_000
# What is found out together.
_KINDS = ({"breaks", "waiting"}, {"changes"})


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
    nothing = _nothing(problem, workers, seed)
    grid = Grid(problem, previous)
    kinds = sum(not kind.isdisjoint(problem.objective) for kind in _KINDS)
    outcome = search_plan(grid, watch.part(seconds * (1 - SHARE * (1 + kinds))), workers=workers, seed=seed)
    if outcome.plan is not None and not _is_hasty(grid, watch) and not outcome.proven(grid):
        outcome.raise_bounds(_more_bounds(grid, outcome.plan, watch, workers))
    with uncollected():
        return _finished(grid, outcome, watch, nothing)


def _nothing(problem: Problem, workers: int, seed: int) -> Solution:
    """Return the solution before there is one; made first, since a large problem's fingerprint takes a while."""
    from importlib.metadata import version

    return Solution(
        status=Status.UNKNOWN,
        seed=seed,
        workers=workers,
        solver=f"ortools {version('ortools')}",
        fingerprint=problem.fingerprint,
    )


def _more_bounds(grid: Grid, plan: Plan, watch: Watch, workers: int) -> dict[Key, int]:
    """Find out more about what no plan of this weight can do, within a share of the time for each kind of bound."""
    from matching.scheduling.idleness import idle_bounds
    from matching.scheduling.mending import fewest_changes

    found = idle_bounds(grid, plan, share(watch))
    if after_placed(grid, "fair"):
        found |= fair_bounds(grid, weight_of(grid, plan))
    if ("changes", 0) in stage_keys(grid):
        found["changes", 0] = fewest_changes(grid, plan, share(watch), workers)
    return found


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
    asked, fingerprint = problem, problem.fingerprint
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
    return replace(solution, fingerprint=fingerprint)


def _finished(grid: Grid, outcome: Outcome, watch: Watch, nothing: Solution) -> Solution:
    """Turn a plan with bounds into a solution with places, figures and reasons."""
    problem = grid.problem
    if outcome.impossible:
        clashes = _clashes(grid, nothing.seed)
        return replace(nothing, status=Status.INFEASIBLE, conflict=clashes, seconds=round(watch.spent, 3))
    if outcome.plan is None:
        return replace(nothing, seconds=round(watch.spent, 3))
    assignments: tuple[Assignment, ...] = seat(grid, outcome.plan)
    plain = replace(
        nothing,
        status=Status.OPTIMAL if outcome.proven(grid) else Status.FEASIBLE,
        assignments=assignments,
        bound=bounds(grid, outcome.least),
    )
    plain = replace(plain, value=value(problem, plain, grid.previous))
    return replace(
        plain,
        unplaced=_reasons(grid, plain, Watch(0) if _is_hasty(grid, watch) else share(watch)),
        seconds=round(watch.spent, 3),
    )


def _is_hasty(grid: Grid, watch: Watch) -> bool:
    return watch.stopped and len(grid.wishes) > _HASTY


def share(watch: Watch) -> Watch:
    """Return a watch for what is done at the end; even when there is no time left, it takes a moment."""
    return watch.part(watch.limit * SHARE) if watch.left > LEAST else Watch(LEAST)


def _clashes(grid: Grid, seed: int) -> tuple[Clash, ...]:
    from matching.scheduling.conflict import conflict

    return conflict(grid, seed)


def _reasons(grid: Grid, plain: Solution, limit: Watch) -> tuple[Unplaced, ...]:
    from matching.scheduling.explain import explained

    return explained(grid, plain, seconds=0, limit=limit)


def bounds(grid: Grid, least: Mapping[Key, int]) -> dict[str, float]:
    """Return the bound per objective in the units of `value`."""
    found: dict[str, float] = {}
    for name, level in stage_keys(grid):
        low = least.get((name, level), 0)
        if name == "placed":
            found[name] = (sum(grid.weights) - low) / grid.scale + grid.rounding
        elif name == "fair":
            most = possible_meetings(grid.problem)
            who = zip(grid.problem.participants, grid.limit, strict=True)
            reachable = min((limit for person, limit in who if most[person.id]), default=0)
            found[name] = min(found.get(name, reachable), level if low > 0 else reachable)
        elif name == "hours":
            found["hours_total" if level else "hours"] = low
        else:
            found[name] = low
    return found
