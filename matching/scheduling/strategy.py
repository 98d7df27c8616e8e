"""The steps to a plan: construct, mend, anneal, then prove what fits into an exact model; by size, while there is time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from matching.scheduling.bounds import cheap_bounds
from matching.scheduling.check import violations
from matching.scheduling.collecting import uncollected
from matching.scheduling.construct import construct
from matching.scheduling.figures import Key, Plan, figures, natural, stage_keys
from matching.scheduling.improve import CHAINS, COMPILER, Effort, constructed, improve, shortfall
from matching.scheduling.seating import seat
from matching.scheduling.solution import Solution, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from matching.scheduling.exact import Outcome
    from matching.scheduling.grid import Grid
    from matching.scheduling.watch import Watch

# The share of the time for the bounds of breaks and waiting, before the exact model is asked.
IDLE = 0.05
# Rounds of improvement, each from another seed, while there is time and something left to prove.
ROUNDS = 3
# Up to this size the exact model is asked first, for so many seconds; where everything is required, for this share of the time.
TINY_SIZE = 600
QUICK = 2.0
TIGHT = 0.9
# How often an event where everything is required is annealed before, how often when it is so near the bound that luck may
# do, and the share of the time for each.
TRIES, MANY_TRIES, NEAR, TRY = 2, 6, 2, 0.04
# The shares of the time for finding the most weight next to a plan: once annealed or known from before, and at first; and
# for annealing in between, also where the first plan is far from the most weight.
MEND, EARLY, FIRST, FAR = 0.6, 0.25, 0.25, 0.6
# How long to wait for the compiler, which may be at work for the first time on this machine.
PATIENCE = 1.5
# Decisions (wishes times slots) up to which the exact model is worth its memory.
EXACT_SIZE = 20_000
# Wishes from which on even setting up the relaxation takes a second, so that a plan is made first.
HUGE = 100_000


def search_plan(grid: Grid, watch: Watch, *, workers: int, seed: int) -> Outcome:
    """Return the best plan and its bounds: constructed, improved, and proven where the size allows."""
    with uncollected():
        strategy = _Strategy(grid, watch, workers, seed)
    return strategy.run()


class _Strategy:
    """Takes one step after the other until everything is proven or time is up."""

    def __init__(self, grid: Grid, watch: Watch, workers: int, seed: int) -> None:
        from matching.scheduling.exact import Outcome

        self.grid, self.watch, self.workers, self.seed = grid, watch, workers, seed
        self.size = len(grid.wishes) * len(grid.slots)
        self.first: Plan = {}
        self.far = False
        if self.size > EXACT_SIZE:
            COMPILER.begin()
        begun = len(grid.wishes) > HUGE and self._begin()
        least = cheap_bounds(grid, watch, workers, lambda: begun or self._begin())
        self.start = self.first if self.first and watch.stopped else self._construct()
        tell(grid, watch, self.start, least)
        self.outcome = Outcome(self.start if self._may_be_shown else None, dict(least))

    def _begin(self) -> bool:
        """Make a plan without the relaxation of a large event, for whoever stops before that is solved; whether it is made."""
        if not COMPILER.wait(self.watch, 0):
            return False
        self.first = constructed(self.grid, self.seed, 0, [0.0] * len(self.grid.wishes))
        tell(self.grid, self.watch, self.first, {})
        return True

    def _construct(self) -> Plan:
        """A first plan: with chains where the compiled search is at hand, which pays for large events only."""
        if self.size > EXACT_SIZE and COMPILER.wait(self.watch, PATIENCE):
            return constructed(self.grid, self.seed, 0 if self.watch.over else CHAINS)
        return construct(self.grid)

    @property
    def _may_be_shown(self) -> bool:
        """Whether the first plan keeps the rules that are not seen to while it is made; the check of all takes seconds."""
        if any(pin.place is not None for pin in self.grid.problem.pins):
            return keeps_rules(self.grid, self.start)
        return not shortfall(self.grid, self.start)

    def run(self) -> Outcome:
        """Return the best plan with its bounds."""
        for step, seconds in self._steps():
            if self.outcome.impossible or self.watch.over or self.outcome.proven(self.grid):
                break
            step(seconds)
        return self.outcome

    def _steps(self) -> Iterator[tuple[Callable[[float], None], float]]:
        """What to do and for how long, by size; what is small is proven, what is large is annealed."""
        small = self.size <= EXACT_SIZE
        if self.size <= TINY_SIZE:
            yield self._exact, QUICK
        elif small and all(self.grid.required):  # tight: proofs need the time, and now and then a lucky plan
            COMPILER.begin()
            yield self._exact, QUICK
            for number in range(MANY_TRIES):
                if COMPILER.wait(self.watch, PATIENCE) and (number < TRIES or self._is_near):
                    yield self._anneal, min(QUICK, self.watch.left * TRY)
            yield self._exact, self.watch.left * TIGHT
        COMPILER.begin()
        is_ready = COMPILER.wait(self.watch, PATIENCE)
        mends = is_ready and self.grid.problem.objective[0] == "placed"
        if mends:
            yield self._mend, self.watch.left * (MEND if self.grid.before else EARLY)
        if small and not is_ready:  # at work for the first time on this machine
            yield self._exact, self.watch.left / 2
        anneal: Callable[[float], None] = self._anneal
        if mends and not self._all_placed:
            yield anneal, self.watch.left * (FAR if self.far else FIRST)
            yield self._mend, self.watch.left * MEND
            anneal = partial(self._anneal, again=True)
        yield anneal, self.watch.left * (0.3 if small else 1.0)
        if small or self.outcome.plan is None:
            yield self._exact, self.watch.left
        for _ in range(ROUNDS):
            yield self._anneal, self.watch.left

    @property
    def _all_placed(self) -> bool:
        """Whether as much is placed as can be."""
        plan = self.outcome.plan
        return plan is not None and figures(self.grid, plan)[0] <= self.outcome.least["placed", 0]

    @property
    def _is_near(self) -> bool:
        """Whether the plan is so near its first bound that another try may reach it."""
        plan, least = self.outcome.plan, self.outcome.least.get(stage_keys(self.grid)[0], 0)
        return plan is not None and 0 < figures(self.grid, plan)[0] - least <= NEAR

    def _mend(self, seconds: float) -> None:
        from matching.scheduling.mending import mended

        plan = self.start if self.outcome.plan is None else self.outcome.plan
        found = mended(
            self.grid, plan, self.outcome.least, self.watch.part(seconds), seed=self.seed, workers=self.workers
        )
        self.outcome.raise_bounds(found.least)
        self.far = found.far
        if found.plan is None or self.watch.stopped:  # what was found while stopping is not looked at
            return
        better = self.outcome.plan is None or figures(self.grid, found.plan) < figures(self.grid, self.outcome.plan)
        if better and keeps_rules(self.grid, found.plan):
            self.outcome.raise_bounds(found.of_its_weight)
            tell(self.grid, self.watch, found.plan, self.outcome.least)
            self.outcome = replace(self.outcome, plan=found.plan)

    def _exact(self, seconds: float) -> None:
        from matching.scheduling.exact import Exact
        from matching.scheduling.idleness import idle_bounds

        plan = self.outcome.plan or {}
        self.outcome.raise_bounds(idle_bounds(self.grid, plan, self.watch.part(self.watch.left * IDLE)))
        part = self.watch.part(seconds)
        exact = Exact(self.grid, part, workers=self.workers, seed=self.seed, least=self.outcome.least)
        self.outcome = exact.run(self.outcome.plan)

    def _anneal(self, seconds: float, *, again: bool = False) -> None:
        self.seed += 1
        if not COMPILER.wait(self.watch, self.watch.left):
            return
        plan = self.start if self.outcome.plan is None else self.outcome.plan
        effort = Effort(seconds, self.seed, again=again, workers=self.workers)
        found = improve(self.grid, plan, self.watch, effort, self.outcome.least)
        if self.outcome.plan is None and not keeps_rules(self.grid, found):
            return
        tell(self.grid, self.watch, found, self.outcome.least)
        self.outcome = replace(self.outcome, plan=found)


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
    with uncollected():
        return not violations(grid.problem, Solution(status=Status.FEASIBLE, assignments=seat(grid, plan)))
