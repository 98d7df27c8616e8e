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
    suspects = _suspects(grid)
    found = _core(grid, suspects, seed, watch)
    if found is None:
        return ()
    needed: list[Item] = []
    while found:
        item = found.pop()
        rest = _core(grid, needed + found, seed, watch)
        if rest is None:
            needed.append(item)
        else:
            found = [other for other in found if other in rest]
            needed = [other for other in needed if other in rest]
    return tuple(_clash(grid, item) for item in sorted(needed, key=lambda item: (item[1], item[0])))


def _suspects(grid: Grid) -> list[Item]:
    required = [("required", wish) for wish in grid.wishes if grid.problem.wishes[wish].required]
    return required + [("pin", wish) for wish in grid.pinned]


def _core(grid: Grid, items: list[Item], seed: int, watch: Watch) -> list[Item] | None:
    """Return a clashing part of the items, or None when they hold together (or time is up)."""
    variables = Variables(grid)
    for constraint in constraints.CONSTRAINTS:
        if constraint not in _RELAXED:
            constraint(variables)
    held: dict[int, Item] = {}
    for item in items:
        rule, wish = item
        literal = variables.model.new_bool_var("")
        fact = variables.x[wish][grid.pinned[wish]] if rule == "pin" else variables.placed[wish]
        variables.model.add_implication(literal, fact)
        variables.model.add_assumption(literal)
        held[literal.index] = item
    solver = configured(seed, 0, watch.left)
    if solver.solve(variables.model) != cp_model.INFEASIBLE:
        return None
    return [held[index] for index in solver.sufficient_assumptions_for_infeasibility() if index in held]


def _clash(grid: Grid, item: Item) -> Clash:
    rule, wish = item
    name = grid.problem.wishes[wish].id
    if rule == "pin":
        return Clash(rule, name, f'"{name}" is pinned to slot "{grid.problem.slots[grid.pinned[wish]].id}".')
    return Clash(rule, name, f'"{name}" is required.')
