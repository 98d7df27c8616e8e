"""Scheduling: which wished meetings take place, when and where; proven, explained and re-planned with few changes.

    problem = Problem(slots=..., participants=..., wishes=..., places=14, objective=("placed", "breaks"))
    solution = solve(problem, seconds=60)
    assert not violations(problem, solution)

`replan` keeps most of a previous plan; `explain` says why a wish is left out and what would place it, `relaxed` is the
problem with such a fix; `what_if` compares scenarios; `limits` says what the number of meetings is limited by;
`difference` is what a new plan changes; `value` recomputes every figure. `prepare` compiles the search, once per
installation.
"""

from matching.scheduling.check import Violation, violations
from matching.scheduling.difference import Difference, Move, difference
from matching.scheduling.explain import explain
from matching.scheduling.fixes import Relaxation, relaxed
from matching.scheduling.formats import InvalidSolution
from matching.scheduling.improve import prepare
from matching.scheduling.limits import Limit, Limits, limits
from matching.scheduling.problem import OBJECTIVES, InvalidProblem, Participant, Pin, Place, Problem, Slot, Wish
from matching.scheduling.scenarios import Effect, Scenario, what_if
from matching.scheduling.solution import Assignment, Clash, Progress, Solution, Status, Unplaced
from matching.scheduling.solver import replan, solve
from matching.scheduling.values import value

__all__ = [
    "OBJECTIVES",
    "Assignment",
    "Clash",
    "Difference",
    "Effect",
    "InvalidProblem",
    "InvalidSolution",
    "Limit",
    "Limits",
    "Move",
    "Participant",
    "Pin",
    "Place",
    "Problem",
    "Progress",
    "Relaxation",
    "Scenario",
    "Slot",
    "Solution",
    "Status",
    "Unplaced",
    "Violation",
    "Wish",
    "difference",
    "explain",
    "limits",
    "prepare",
    "relaxed",
    "replan",
    "solve",
    "value",
    "violations",
    "what_if",
]
