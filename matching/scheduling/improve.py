"""Improving a whole plan with the compiled search, one objective after the other. The moves are in `anneal`."""

from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matching.scheduling.figures import Key, Plan, breaks_in, figures, taken
from matching.scheduling.grid import Grid
from matching.scheduling.problem import Participant, Problem, Slot, Wish
from matching.scheduling.watch import POLL, Watch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matching.scheduling.memory import Memory

# Moves per call of the compiled code: about a tenth of a second, so that stopping is prompt.
CHUNK = 50_000
# Moves per decision (wish and slot) and stage, and the fewest and most of them.
MOVES, FEWEST, MOST = 300, 20_000, 40_000_000
# One unit of an objective is worth this many of the next.
RATIO = 6.0
_INDEX = {"placed": (1,), "fair": (2,), "breaks": (3,), "waiting": (4,), "changes": (5,), "hours": (6, 7)}
# Chains tried for a wish that fits nowhere directly, when a plan is constructed.
CHAINS = 60
# The time of a stage is its part of these shares, 1 unless given: fairness is soon as good as it gets.
SHARES = {2: 0.25}
# Breaks and waiting go together: while one is worked on, the other is worth so much, and is left with so much of the time.
AHEAD, TOGETHER, LATER = 0.4, {3, 4}, 0.2
# Figures that depend on times only: one step in so many is any move, the others are flips, so many times as many.
TIMES, EVERY, NIMBLE = {3, 4, 6, 7}, 64, 20
# What lies between the seeds of two workers.
_APART = 7919
# Temperatures, first and last, in units of the figure worked on; measured on synthetic events.
HEAT = {
    1: (0.05, 0.002),
    2: (0.6, 0.04),
    3: (0.6, 0.12),
    4: (0.6, 0.12),
    5: (0.4, 0.05),
    6: (0.4, 0.04),
    7: (0.4, 0.04),
}


@dataclass(frozen=True)
class Effort:
    """How long to search: at most `seconds` in all, and `moves` per stage (by size unless given).

    `again`: the plan was annealed and a few meetings were moved since, so that little heat is enough. Each of the `workers`
    takes chances of its own, and all go on from the best plan after each stage.
    """

    seconds: float
    seed: int = 1
    moves: int | None = None
    again: bool = False
    workers: int = 1

    def moves_for(self, grid: Grid) -> int:
        """Return the moves per stage."""
        if self.moves is not None:
            return self.moves
        return min(MOST, max(FEWEST, MOVES * len(grid.wishes) * len(grid.slots)))


def improve(grid: Grid, plan: Plan, watch: Watch, effort: Effort, least: Mapping[Key, int] | None = None) -> Plan:
    """Return a plan at least as good. Same seed and time enough for all moves: same plan.

    A given plan may miss required wishes and the break difference; the search then looks for those first. A stage that
    reaches its lower bound in `least` is done.
    """
    import numpy as np

    from matching.scheduling.memory import Memory

    if not grid.wishes or not grid.slots or watch.over:
        return plan
    states = [Memory(grid, plan, effort.seed)]  # compiles the first time on a machine
    states += [states[0].twin(effort.seed + _APART * worker) for worker in range(1, effort.workers)]
    order = np.array([0, *(index for name in grid.problem.objective for index in _INDEX[name])])
    goals = _goals(least or {})
    best, best_at = states[0].figures.copy(), states[0].at.copy()
    part = watch.part(effort.seconds)
    for stage in range(1, len(order)):
        price, figure, shares = _prices(grid, order, stage), int(order[stage]), _shares(order, stage)
        heat = _heat(figure, again=effort.again)
        runs = []
        for state in states:
            state.restore(best_at)
            targets = (price, best.copy(), order, stage, best_at.copy(), best.copy())
            runs.append(_Run(state, targets, figure, goals[figure], effort.moves_for(grid), heat))
        _cool(runs, part.part(part.left * shares[0] / sum(shares)))
        best_at, best = min((run.targets[-2:] for run in runs), key=lambda found: _ranked(found[1], order))
    found = {wish: int(slot) for wish, slot in enumerate(best_at) if slot >= 0}
    missed, before = shortfall(grid, found), shortfall(grid, plan)
    return found if missed < before or (missed == before and figures(grid, found) < figures(grid, plan)) else plan


def constructed(grid: Grid, seed: int = 1, chains: int = CHAINS, chosen: Sequence[float] | None = None) -> Plan:
    """Return a plan from the relaxation's choice, or a given one, each wish placed directly or by a chain.

    It keeps all rules except, perhaps, required wishes and the break difference. Needs the compiled search.
    """
    from matching.scheduling.construct import construct, importance

    pinned = {wish: slot for wish, slot in construct(grid, list(grid.pinned)).items() if wish in grid.pinned}
    return completed(grid, pinned, importance(grid, chosen), seed, chains)


def completed(grid: Grid, plan: Plan, wishes: Sequence[int], seed: int = 1, chains: int = CHAINS) -> Plan:
    """Place more wishes, in this order, directly or by a chain that moves others; needs the compiled search."""
    import numpy as np

    from matching.scheduling import anneal
    from matching.scheduling.memory import Memory

    state = Memory(grid, plan, seed)
    anneal.fill(state.data, state.offsets, np.array(wishes, np.int64), chains)
    return {wish: int(slot) for wish, slot in enumerate(state.at) if slot >= 0}


class _Compiler:
    """Compiles the search in the background, once per process; later processes find it on disk."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._begun = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Start compiling unless that was done. The thread is no daemon: a compiler must not die half-way."""
        with self._lock:
            if not self._begun:
                self._begun = True
                threading.Thread(target=self._compile).start()

    def wait(self, watch: Watch, seconds: float) -> bool:
        """Return whether the search is compiled, waiting up to `seconds`."""
        part = watch.part(seconds)
        while not self._ready.wait(min(POLL, part.left)) and not part.over:
            pass
        return self._ready.is_set()

    def _compile(self) -> None:
        from matching.scheduling.idleness import Coupling

        try:
            people = (Participant("a"), Participant("b"))
            problem = Problem(slots=(Slot("s"),), participants=people, wishes=(Wish("w", ("a", "b")),))
            constructed(Grid(problem))
            improve(Grid(problem), {}, Watch(60), Effort(60, moves=1))
            Coupling.of(Grid(problem), 0).bound("breaks", 1.0, Watch(60))
        finally:
            self._ready.set()


COMPILER = _Compiler()


def prepare() -> None:
    """Compile the search now: about twenty seconds once per installation, a moment later on."""
    COMPILER.begin()
    COMPILER.wait(Watch(600), 600)


@dataclass(frozen=True)
class _Run:
    """One stage of the search."""

    state: Memory
    targets: tuple[Any, ...]
    figure: int
    goal: int
    moves: int
    heat: tuple[float, float]

    def cool(self, part: Watch, done: threading.Event) -> None:
        """Let the temperature fall over the moves, faster when time is short, until one of the runs is done."""
        from matching.scheduling import anneal

        hot, cold = self.heat
        every, nimble = (EVERY, NIMBLE) if self.figure in TIMES else (1, 1)
        best = self.targets[-1]
        whole = part.left
        made = 0
        heat = hot
        while made < self.moves and not part.over and not done.is_set():
            if best[0] == 0 and best[self.figure] <= self.goal:
                done.set()
                return
            moves = min(CHUNK, self.moves - made)
            made += moves
            progress = max(made / self.moves, min(1.0, 1 - part.left / whole if whole else 1.0))
            following = hot * (cold / hot) ** progress
            search: Any = anneal.anneal
            search(self.state.data, self.state.offsets, self.targets, moves * nimble, every, heat, following)
            heat = following


def _cool(runs: Sequence[_Run], part: Watch) -> None:
    """Make the runs at the same time, the first one in this thread, which is the one that may ask whether to stop."""
    done = threading.Event()
    if len(runs) == 1:
        runs[0].cool(part, done)
        return
    with ThreadPoolExecutor(len(runs) - 1) as pool:
        others = [pool.submit(run.cool, Watch(part.left), done) for run in runs[1:]]
        try:
            runs[0].cool(part, done)
            stopped = part.stopped
        except BaseException:  # nobody waits for the others when whoever is asked whether to stop fails
            done.set()
            raise
        if stopped:
            done.set()
        for other in others:
            other.result()


def _ranked(figures: Any, order: Any) -> list[Any]:
    """The figures in their order, so that plans compare; fairness number by number."""
    from matching.scheduling.layout import FIGURES, UNFAIR

    return [figures[FIGURES:].tolist() if index == UNFAIR else int(figures[index]) for index in order]


def _heat(figure: int, *, again: bool) -> tuple[float, float]:
    """The temperatures of a stage; again: half-way down where times are improved, and none to speak of before."""
    hot, cold = HEAT[figure]
    if not again:
        return hot, cold
    return (math.sqrt(hot * cold) if figure in TIMES else cold), cold


def _prices(grid: Grid, order: Any, stage: int) -> Any:
    """What one of each figure costs while the search works on one of them."""
    import numpy as np

    units = _units(grid)
    price = np.zeros(len(units))
    for rank, index in enumerate(order):
        ahead = AHEAD if {int(index), int(order[stage])} == TOGETHER else 0.02
        price[index] = (RATIO ** (stage - rank) if rank <= stage else ahead) / units[index]
    return price


def _shares(order: Any, stage: int) -> list[float]:
    """How the time is shared among this stage and those to come."""
    rest = [int(index) for index in order[stage:]]
    done = TOGETHER & {int(index) for index in order[:stage]}
    shares = []
    for index in rest:
        shares.append(LATER if index in TOGETHER and done else SHARES.get(index, 1.0))
        done |= TOGETHER & {index}
    return shares


def _goals(least: Mapping[Key, int]) -> list[int]:
    """The value of each figure at which nothing is left to do."""
    goals = [0] * 8
    for figure, name in ((1, "placed"), (3, "breaks"), (4, "waiting"), (5, "changes")):
        goals[figure] = least.get((name, 0), 0)
    return goals


def _units(grid: Grid) -> list[float]:
    """What one step of each figure is worth, so that prices compare."""
    from matching.scheduling.memory import FAIR_BASE, FAIR_DEPTH

    weight = max(1.0, sum(grid.weights) / max(1, len(grid.weights)))
    return [0.1, weight, float(FAIR_BASE ** (FAIR_DEPTH - 2)), 1.0, 1.0, 1.0, 400.0, 20.0]


def shortfall(grid: Grid, plan: Plan) -> int:
    """Return by how much a plan misses required wishes and the break difference."""
    missing = sum(needed and wish not in plan for wish, needed in enumerate(grid.required))
    most = grid.problem.max_break_difference
    if most is None:
        return missing
    breaks = [breaks_in(row) for row in taken(grid, plan)]
    return missing + max(0, max(breaks, default=0) - min(breaks, default=0) - most)
