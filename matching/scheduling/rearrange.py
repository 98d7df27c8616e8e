"""Whether a given set of wishes fits into slots, moving meetings as needed: a question without an objective.

Asked for everything placed and one wish more, once a rule is relaxed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from matching.scheduling.fixes import Relaxation, relaxed

if TYPE_CHECKING:
    from matching.scheduling.construct import Table
    from matching.scheduling.watch import Watch

# Decisions up to which a question is worth a model, and the seconds one question may take.
ANSWERABLE = 20_000
PATIENCE = 1.0


def fits_with(table: Table, wish: int, relaxation: Relaxation, watch: Watch) -> int | None:
    """Return the slot of `wish` in a plan that also has everything placed now, or None if none was found."""
    from matching.scheduling.exact import Exact
    from matching.scheduling.grid import Grid

    problem = table.grid.problem
    if len(table.plan) * len(problem.slots) > ANSWERABLE:
        return None
    kept = {problem.wishes[other].id for other in table.plan} | {problem.wishes[wish].id}
    wishes = tuple(replace(other, required=True) for other in problem.wishes if other.id in kept)
    question = relaxed(replace(problem, wishes=wishes, objective=("placed",)), [relaxation], problem.wishes[wish].id)
    grid = Grid(question)
    if not all(grid.allowed):
        return None
    outcome = Exact(grid, watch.part(PATIENCE)).run(None)
    return None if outcome.plan is None else outcome.plan[grid.wish_of[problem.wishes[wish].id]]
