"""Whether a given set of wishes fits into slots, moving meetings as needed: a question without an objective.

Asked for everything placed and one wish more, once a rule is relaxed; and for what the relaxation chooses: where that
fits, it is the most that can be placed, proven in a second where a search for the best plan takes minutes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from matching.scheduling.fixes import Relaxation, relaxed

if TYPE_CHECKING:
    from matching.scheduling.construct import Table
    from matching.scheduling.figures import Plan
    from matching.scheduling.grid import Grid
    from matching.scheduling.watch import Watch

# Decisions up to which a question is worth a model, and the seconds one question may take.
ANSWERABLE = 20_000
PATIENCE = 1.0
# The same for the question whether all that the relaxation chooses fits.
CHOSEN = 60_000


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


def as_chosen(grid: Grid, watch: Watch, *, workers: int, seed: int) -> Plan | None:
    """Return a plan with all wishes that the relaxation chooses whole, and what is required; None when none was found."""
    from matching.scheduling.bounds import relaxation
    from matching.scheduling.exact import Exact
    from matching.scheduling.grid import Grid

    shares = relaxation(grid)[1]
    kept = [wish for wish in grid.wishes if grid.required[wish] or shares[wish] > 1 - 1e-6]
    inside = set(kept)
    if len(kept) * len(grid.slots) > CHOSEN or any(not inside.issuperset(grid.after[wish]) for wish in kept):
        return None
    problem = grid.problem
    question = replace(
        problem, wishes=tuple(replace(problem.wishes[wish], required=True) for wish in kept), objective=("placed",)
    )
    outcome = Exact(Grid(question), watch, workers=workers, seed=seed).run(None)
    return None if outcome.plan is None else {kept[wish]: slot for wish, slot in outcome.plan.items()}
