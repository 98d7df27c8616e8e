"""Whether a wish fits in beside everything placed, moving meetings as needed, once a rule is relaxed.

Tried by chains of exchanges, which takes a moment at any size; and where that fails and the event is small, decided by the
exact model.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from matching.scheduling.fixes import Relaxation, relaxed
from matching.scheduling.improve import COMPILER

if TYPE_CHECKING:
    from matching.scheduling.construct import Table
    from matching.scheduling.memory import Memory
    from matching.scheduling.watch import Watch

# Chains tried for a wish, and the seconds to wait for the compiled search, once.
CHAINS, PATIENCE = 200, 1.5
# Decisions up to which a question is worth a model, and the seconds one question may take.
ANSWERABLE, ASKING = 20_000, 1.0


class Rearranger:
    """Everything that is placed, to be moved about while there is time; `table` stays as it is."""

    def __init__(self, table: Table, chains: Watch, models: Watch) -> None:
        """Try chains and ask models as long as these watches say."""
        self._table, self._chains, self._models = table, chains, models

    def fits_with(self, wish: int, relaxation: Relaxation) -> int | None:
        """Return the slot of `wish` in a plan that also has everything placed now, or None if none was found."""
        slot = self._by_chains(wish, relaxation)
        return self._by_model(wish, relaxation) if slot is None else slot

    @cached_property
    def _state(self) -> Memory | None:
        """The plan in the compiled search; chains know nothing of a largest difference in breaks."""
        COMPILER.begin()
        if self._table.grid.problem.max_break_difference is not None or not COMPILER.wait(self._chains, PATIENCE):
            return None
        from matching.scheduling.memory import Memory

        return Memory(self._table.grid, self._table.plan)

    def _by_chains(self, wish: int, relaxation: Relaxation) -> int | None:
        if self._chains.over or self._state is None:
            return None
        import numpy as np

        from matching.scheduling import anneal

        grid, state = self._table.grid, self._state
        before = state.at.copy()
        number, place = state.limit, grid.person_of.get(relaxation.participant or "", 0)
        if relaxation.rule == "places":
            number, place = state.capacity, grid.slot_of[str(relaxation.slot)]
        number[place] += 1
        anneal.fill(state.data, state.offsets, np.array([wish]), CHAINS)
        found = int(state.at[wish])
        number[place] -= 1
        state.restore(before)
        return found if found >= 0 else None

    def _by_model(self, wish: int, relaxation: Relaxation) -> int | None:
        from matching.scheduling.exact import Exact
        from matching.scheduling.grid import Grid

        plan, problem = self._table.plan, self._table.grid.problem
        if self._models.over or len(plan) * len(problem.slots) > ANSWERABLE:
            return None
        kept = {problem.wishes[other].id for other in plan} | {problem.wishes[wish].id}
        wishes = tuple(replace(other, required=True) for other in problem.wishes if other.id in kept)
        question = relaxed(
            replace(problem, wishes=wishes, objective=("placed",)), [relaxation], problem.wishes[wish].id
        )
        grid = Grid(question)
        if not all(grid.allowed):
            return None
        outcome = Exact(grid, self._models.part(ASKING)).run(None)
        return None if outcome.plan is None else outcome.plan[grid.wish_of[problem.wishes[wish].id]]
