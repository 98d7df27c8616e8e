"""Bringing a plan to the most weight that the relaxation allows, and a previous plan to it with the fewest changes.

A plan that is nearly the best differs from one that is in a few meetings; `keeping` finds which. So the weight of most
events, large ones too, is proven in seconds, and so is the smallest number of changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching.scheduling.construct import importance, in_order
from matching.scheduling.figures import after_placed, natural, weight_of
from matching.scheduling.improve import completed
from matching.scheduling.keeping import Keeping
from matching.scheduling.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matching.scheduling.figures import Key, Plan
    from matching.scheduling.grid import Grid

    Settle = Callable[[Plan, list[int]], Plan | None]

# Chains tried for each wish that has to be in.
_CHAINS = 2_000
# With so many placed nowhere in particular or fewer: whole numbers are asked for, whoever may have to give way to them is
# looked into at once, and their places are tried by moving others.
_FEW, _SOME, _MANY = 8, 300, 100
# Decisions per slot beyond which the relaxation takes longer than it is worth.
_LARGEST = 400_000
# Where more than this share of so many meetings must change it takes a hundred times as long as the first round or more; with
# less time it is not begun.
_FAR, _CROWD, _LONG = 0.035, 3_000, 150
# The seconds that a bound on changes may take in any case.
_PATIENCE = 1.0


@dataclass(frozen=True)
class Nearest:
    """What was found: a plan that is nearest, or None; `least` changes that every plan of the weight has.

    `impossible`: no plan has the weight. `rough` is what a plan might begin with when none was found in time. `far`: it was not
    looked for, since too much would have to change for the time.
    """

    plan: Plan | None
    least: int
    impossible: bool = False
    rough: Plan | None = None
    far: bool = False


def nearest(
    grid: Grid,
    stays: Mapping[int, int],
    target: int | None,
    watch: Watch,
    *,
    seed: int = 1,
    workers: int = 1,
    settle: Settle | None = None,
) -> Nearest:
    """Return the plan with at least the `target` weight that keeps most of `stays`, and how many changes any such has.

    It keeps the rules that the relaxation knows: all but the break difference. `target` None = any weight. With `settle`,
    which completes part of a plan by moving whatever it likes, any plan of the weight will do, near or not.
    """
    model = Keeping(grid, stays, target, workers)
    least, last = model.lost, None
    while not watch.over and model.size <= _LARGEST:
        point = model.relaxed(watch)
        if point is None:
            break
        if settle and last is None and _too_far(point.least, len(stays), watch):
            return Nearest(None, least, far=True)
        least, last, loose = max(least, point.least), point, model.loose(point)
        if settle is None:
            watch.report("changes", None, least)
        if not point.whole and len(loose) <= (_FEW if settle else 0):
            point = model.integral(point, watch, seed, any_will_do=bool(settle)) or point
            least, last, loose = max(least, point.least), point, model.loose(point)
        plan = model.complete(point, loose) if point.whole else None
        if plan is None and settle and point.decided and len(loose) <= _MANY:
            plan = settle(model.begun(point), point.chosen)
        if plan is not None and not model.disordered(plan):
            return Nearest(plan, least)
        if not model.grow(loose if len(loose) > _SOME else model.around(loose)) and plan is None:
            break
    return Nearest(
        None, least, impossible=model.impossible, rough=model.begun(last) if last and not watch.stopped else None
    )


def _too_far(changes: int, meetings: int, watch: Watch) -> bool:
    """Whether a plan of the most weight is too far from these meetings, after the first round, for the time that is left."""
    return meetings > _CROWD and changes > _FAR * meetings and watch.left < _LONG * watch.spent


@dataclass(frozen=True)
class Mended:
    """A plan, the lower bounds that hold for every plan, and those that hold for plans of its weight; `far` as in `Nearest`."""

    plan: Plan | None
    least: Mapping[Key, int]
    of_its_weight: Mapping[Key, int]
    far: bool = False


def mended(
    grid: Grid, start: Plan, least: Mapping[Key, int], watch: Watch, *, seed: int = 1, workers: int = 1
) -> Mended:
    """Return a plan with as much weight as there can be, nearest to the previous one; to `start` where there is none.

    Only where `placed` comes first; needs the compiled search.
    """
    total, bound = sum(grid.weights), least["placed", 0]
    counted = grid.problem.objective[:2] == ("placed", "changes")

    def settled(plan: Plan, wishes: list[int]) -> Plan | None:
        found = completed(grid, plan, in_order(grid, wishes), seed, _CHAINS)
        return found if all(wish in found for wish in wishes) else None

    left, step = bound, 1
    placed = weight_of(grid, start)
    while True:
        found = nearest(
            grid,
            grid.before or start,
            total - left,
            watch,
            seed=seed,
            workers=workers,
            settle=None if counted else settled,
        )
        if not found.impossible or total - left <= placed:
            break
        bound, left, step = left + 1, left + step, 2 * step
        watch.report("placed", *natural(grid, "placed", total - placed, bound))
    plan = found.plan
    if plan is None and found.rough is not None:
        plan = completed(grid, found.rough, importance(grid), seed)
    nearest_of_all = {("changes", 0): found.least} if counted and found.plan is not None else {}
    return Mended(plan, {("placed", 0): bound}, nearest_of_all, found.far)


def fewest_changes(grid: Grid, plan: Plan, watch: Watch, workers: int = 1) -> int:
    """Return how many meetings of the previous plan must move or drop out of any plan that places as much weight.

    Where `placed` is not more important than `changes` the weight does not count. The longer it may think the more it knows.
    """
    target = weight_of(grid, plan) if after_placed(grid, "changes") else None
    model = Keeping(grid, grid.before, target, workers)
    least = model.lost
    while (point := model.relaxed(watch if watch.left > _PATIENCE else Watch(_PATIENCE))) is not None:
        least = max(least, point.least)
        if watch.over or not model.grow(model.loose(point)):
            break
    return least
