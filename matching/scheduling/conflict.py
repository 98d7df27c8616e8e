"""Which pins and requirements can't hold together: a smallest set, found by leaving out one after the other.

"Smallest" means that each member is needed for the clash. When time is up the set found so far is still a clash, only
perhaps not yet a smallest one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from matching.scheduling import constraints
from matching.scheduling.search import configured
from matching.scheduling.solution import Clash
from matching.scheduling.variables import Variables
from matching.scheduling.watch import Watch

if TYPE_CHECKING:
    from matching.scheduling.grid import Grid

# Finding the set may take this long beyond the time limit: an infeasible answer without it helps nobody.
SECONDS = 10.0
_RELAXED = (constraints.required, constraints.pins)
Item = tuple[str, int]


def conflict(grid: Grid, seed: int = 1, watch: Watch | None = None) -> tuple[Clash, ...]:
    """Return a smallest set of pins and required wishes that clash; empty when they do not."""
    watch = watch or Watch(SECONDS)
    question = _Question(grid)
    found = question.core(list(question.literals), seed, watch)
    if found is None:
        return ()
    needed: list[Item] = []
    while found:
        item = found.pop()
        rest = question.core(needed + found, seed, watch)
        if rest is None:
            needed.append(item)
        else:
            found = [other for other in found if other in rest]
            needed = [other for other in needed if other in rest]
    return tuple(_clash(grid, item) for item in sorted(needed, key=lambda item: (item[1], item[0])))


class _Question:
    """All rules but pins and required wishes, each of which has a literal that makes it hold."""

    def __init__(self, grid: Grid) -> None:
        variables = Variables(grid)
        for constraint in constraints.CONSTRAINTS:
            if constraint not in _RELAXED:
                constraint(variables)
        facts = {
            ("required", wish): variables.placed[wish] for wish in grid.wishes if grid.problem.wishes[wish].required
        }
        facts |= {("pin", wish): variables.x[wish][slot] for wish, slot in grid.pinned.items()}
        self.model = variables.model
        self.literals = {item: self.model.new_bool_var("") for item in facts}
        for item, literal in self.literals.items():
            self.model.add_implication(literal, facts[item])

    def core(self, items: list[Item], seed: int, watch: Watch) -> list[Item] | None:
        """Return a clashing part of the items, or None when they hold together (or time is up)."""
        held = {self.literals[item].index: item for item in items}
        self.model.clear_assumptions()
        self.model.add_assumptions([self.literals[item] for item in items])
        solver = configured(seed, 0, watch.left)
        solver.parameters.max_presolve_iterations = (
            1  # preparing takes longer than answering, and there are many questions
        )
        if solver.solve(self.model) != cp_model.INFEASIBLE:
            return None
        return [held[index] for index in solver.sufficient_assumptions_for_infeasibility() if index in held]


def _clash(grid: Grid, item: Item) -> Clash:
    rule, wish = item
    name = grid.problem.wishes[wish].id
    if rule == "pin":
        return Clash(rule, name, f'"{name}" is pinned to slot "{grid.problem.slots[grid.pinned[wish]].id}".')
    return Clash(rule, name, f'"{name}" is required.')
