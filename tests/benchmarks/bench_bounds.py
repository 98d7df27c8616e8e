"""What no plan can reach where people are often away, next to half of the first plan's breaks and waiting.

The bound holds for all plans of as much weight as was found in one to five minutes, the most there can be; `alone` is what it begins with: everybody by
themselves, whoever they meet. Where it is above half, no plan of that weight halves the first plan's figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from matching.scheduling import prepare, solve
from matching.scheduling.bounds import most_weight
from matching.scheduling.figures import figures, weight_of
from matching.scheduling.grid import Grid
from matching.scheduling.idleness import Coupling
from matching.scheduling.improve import constructed
from matching.scheduling.watch import Watch
from tests.benchmarks.events import REGIMES, SIZES, event

# To find the most weight: so many seconds, or for each participant, whichever is more.
SECONDS, EACH = 60, 0.1
SHORT, LONG = 1, 20
AWAY = next(regime for regime in REGIMES if regime.away > 0.3)


def run() -> Iterator[dict[str, Any]]:
    """Yield a row for the breaks and one for the waiting of events of growing size."""
    prepare()
    for people, wishes, slots, _ in SIZES[:4]:
        grid = Grid(replace(event(people, wishes, slots, AWAY), objective=("placed", "breaks", "waiting")))
        _, *first = figures(grid, constructed(grid))
        solution = solve(replace(grid.problem, objective=("placed",)), seconds=max(SECONDS, EACH * people))
        weight = weight_of(grid, [grid.wish_of[item.wish] for item in solution.assignments])
        coupling = Coupling.of(grid, weight)
        for name, figure in zip(("breaks", "waiting"), first, strict=True):
            alone, short, long = (coupling.bound(name, figure, Watch(seconds)) for seconds in (0, SHORT, LONG))
            yield {
                "event": f"{people}/{wishes}/{slots}",
                "gap % of placed": round(100 * (1 - weight / most_weight(grid)), 4),
                "what": name,
                "first plan": figure,
                "alone": alone,
                f"in {SHORT} s": short,
                f"in {LONG} s": long,
                "half": "impossible" if 2 * long > figure else "not decided",
            }
