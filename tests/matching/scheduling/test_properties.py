"""Whatever the problem: no exception, no violation, honest figures, bounds that hold."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.scheduling import Problem, Solution, replan, solve, value, violations
from matching.scheduling.bounds import most_weight
from matching.scheduling.grid import Grid

SEEDS = st.integers(1000, 10**6)
SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(seed=SEEDS, people=st.integers(2, 7), wishes=st.integers(0, 14), slots=st.integers(2, 7))
def test_any_plan_is_valid_and_worth_what_it_says(seed, people, wishes, slots, random_problem):
    problem = random_problem(seed, people=people, wishes=wishes, slots=slots)

    solution = solve(problem, seconds=5, workers=1)

    assert violations(problem, solution) == []
    if solution.status in ("optimal", "feasible"):
        assert dict(solution.value) == value(problem, solution)
        assert solution.value["placed"] <= solution.bound.get("placed", 10**9) + 1e-9
        assert all(
            solution.bound[name] <= solution.value[name]
            for name in ("breaks", "waiting", "hours")
            if name in solution.bound
        )
    else:
        assert solution.status == "infeasible"
        assert solution.conflict


@SETTINGS
@given(seed=SEEDS)
def test_any_problem_and_plan_survive_the_formats(seed, random_problem):
    problem = random_problem(seed)
    solution = solve(problem, seconds=5, workers=1)

    assert Problem.from_dict(problem.to_dict()) == problem
    assert Solution.from_dict(solution.to_dict()) == solution


@SETTINGS
@given(seed=SEEDS)
def test_any_changed_problem_can_be_planned_again(seed, random_problem):
    previous = solve(random_problem(seed, objective=["placed"]), seconds=5, workers=1)
    problem = random_problem(seed + 1, objective=["placed"])

    solution = replan(problem, previous, seconds=5, workers=1)

    assert violations(problem, solution, previous) == []


@SETTINGS
@given(seed=SEEDS)
def test_the_bound_of_the_weight_is_never_below_what_is_possible(seed, random_problem):
    problem = random_problem(seed, objective=["placed"], people=6, wishes=9)
    grid = Grid(problem)

    solution = solve(problem, seconds=5, workers=1)

    if solution.status == "optimal":
        assert most_weight(grid) / grid.scale >= solution.value["placed"] - 1e-9
