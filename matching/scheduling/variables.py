"""The decisions of the exact model and how they are encoded. Nothing else creates solver variables.

`x[wish][slot]` says that a wish is placed in a slot. The variables about breaks are made when first asked for.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matching.scheduling.grid import Grid


class Variables:
    """The decisions about one problem in one CP-SAT model."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._implied: list[Callable[[], None]] = []
        self._busy: list[list[cp_model.IntVar]] | None = None
        self.model = cp_model.CpModel()
        self.x = [[self.model.new_bool_var(f"x{wish},{slot}") for slot in grid.slots] for wish in grid.wishes]
        self.placed = [self.model.new_bool_var(f"placed{wish}") for wish in grid.wishes]
        for wish in grid.wishes:  # a wish has at most one slot: part of what `x` means
            self.model.add_exactly_one([*self.x[wish], self.placed[wish].negated()])

    def of(self, person: int, slot: int) -> list[cp_model.IntVar]:
        """Return the decisions that seat a participant in a slot."""
        return [self.x[wish][slot] for wish in self.grid.wishes_of[person]]

    @property
    def busy(self) -> list[list[cp_model.IntVar]]:
        """Whether a participant meets in a slot; made when first needed, with what constraints imply about it."""
        if self._busy is None:
            self._busy = [[self._any(self.of(person, slot)) for slot in self.grid.slots] for person in self.grid.people]
            for implied in self._implied:
                implied()
        return self._busy

    def with_busy(self, implied: Callable[[], None]) -> None:
        """Add implied constraints about `busy` once it is needed, and never make it for their sake."""
        self._implied.append(implied)

    @cached_property
    def begun(self) -> list[list[cp_model.IntVar]]:
        """Whether a participant meets in a slot or before."""
        return [self._running(row) for row in self.busy]

    @cached_property
    def going_on(self) -> list[list[cp_model.IntVar]]:
        """Whether a participant meets in a slot or later."""
        return [self._running(row[::-1])[::-1] for row in self.busy]

    @cached_property
    def breaks(self) -> list[list[cp_model.IntVar]]:
        """One variable per participant and slot: a break ends right before the slot."""
        slots = self.grid.slots[2:]
        return [
            [self._all(row[slot], row[slot - 1].negated(), begun[slot - 1]) for slot in slots]
            for row, begun in zip(self.busy, self.begun, strict=True)
        ]

    @cached_property
    def waiting(self) -> list[list[cp_model.IntVar]]:
        """One variable per participant and inner slot: idle between two meetings."""
        slots = self.grid.slots[1:-1]
        return [
            [self._all(row[slot].negated(), begun[slot], going[slot]) for slot in slots]
            for row, begun, going in zip(self.busy, self.begun, self.going_on, strict=True)
        ]

    def hint(self, plan: Mapping[int, int]) -> None:
        """Suggest a plan (slot of each placed wish) as the place to start from."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for wish in self.grid.wishes:
            self.model.add_hint(self.placed[wish], wish in plan)
            for slot in self.grid.slots:
                self.model.add_hint(self.x[wish][slot], plan.get(wish) == slot)

    def _any(self, literals: list[cp_model.IntVar]) -> cp_model.IntVar:
        result = self.model.new_bool_var("")
        self.model.add_bool_or([*literals, result.negated()])
        for literal in literals:
            self.model.add_implication(literal, result)
        return result

    def _all(self, *literals: cp_model.LiteralT) -> cp_model.IntVar:
        result = self.model.new_bool_var("")
        self.model.add_bool_or([result, *(~literal for literal in literals)])
        for literal in literals:
            self.model.add_implication(result, literal)
        return result

    def _running(self, row: list[cp_model.IntVar]) -> list[cp_model.IntVar]:
        so_far: list[cp_model.IntVar] = []
        for literal in row:
            so_far.append(self._any([so_far[-1], literal]) if so_far else literal)
        return so_far
