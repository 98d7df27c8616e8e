"""Why a wish is not placed, and what would place it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matching.scheduling.solution import Unplaced

if TYPE_CHECKING:
    from matching.scheduling.problem import Problem
    from matching.scheduling.solution import Solution


def explain(problem: Problem, solution: Solution, *, seconds: float = 10) -> tuple[Unplaced, ...]:
    """Return a reason for every wish left out."""
    placed = {item.wish for item in solution.assignments}
    return tuple(Unplaced(wish.id, "outweighed") for wish in problem.wishes if wish.id not in placed)
