"""Whatever the problem: no exception, no violation, honest figures, bounds that hold."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.scheduling import Problem, Solution, replan, solve, value, violations
from matching.scheduling.bounds import fair_bounds, most_weight
from matching.scheduling.exact import Exact
from matching.scheduling.figures import figures, stage_keys
from matching.scheduling.grid import Grid
from matching.scheduling.idleness import idle_bounds
from matching.scheduling.watch import Watch
from tests.matching.scheduling.adversary import adversarial_previous, adversarial_problem, faults

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


@SETTINGS
@given(seed=SEEDS, workers=st.sampled_from([1, 1, 2]))
def test_whatever_is_said_at_once_the_answer_is_as_good_as_by_trying_everything(seed, workers):
    problem = adversarial_problem(seed, wishes=(0, 4), slots=(1, 4))
    previous = adversarial_previous(seed, problem)

    solution = solve(problem, seconds=60, workers=workers, previous=previous)

    assert solution.status in ("optimal", "infeasible")
    assert faults(problem, solution, previous) == []


@SETTINGS
@given(seed=SEEDS)
def test_a_stopped_run_answers_with_a_valid_plan_and_honest_bounds(seed):
    problem = adversarial_problem(seed, wishes=(0, 4), slots=(1, 4))

    solution = solve(problem, seconds=60, workers=1, should_stop=lambda: True)

    assert faults(problem, solution, stopped=True) == []


def test_an_objective_that_nothing_can_serve_is_at_its_best():
    problem = adversarial_problem(1, objective=["fair"], wishes=(0, 0))

    assert solve(problem, workers=1).status == "optimal"


@pytest.mark.parametrize("weight", [1e-7, 1 / 3, 123456.789012, 1e9])
def test_the_bound_holds_for_weights_of_any_size(weight, build):
    wishes = {"m1": {"weight": weight}, "m2": {"weight": min(1e9, weight * 1.0000001)}, "m3": {"weight": 1e9}}
    problem = build(["ab", "ac", "ad"], slots=2, wishes=wishes, objective=["placed"])

    solution = solve(problem, seconds=20, workers=1)

    assert solution.status == "optimal"
    assert 0 <= solution.bound["placed"] - solution.value["placed"] <= 1e-5


@SETTINGS
@given(seed=SEEDS, idle=st.sampled_from(["breaks", "waiting"]), first=st.booleans())
def test_the_bounds_of_breaks_and_waiting_are_never_above_what_is_possible(seed, idle, first, random_problem):
    objective = [idle, "placed"] if first else ["placed", idle]
    grid = Grid(random_problem(seed, objective=objective, people=5, wishes=10, slots=6))

    found = Exact(grid, Watch(30)).run(None)

    if found.proven(grid):
        assert idle_bounds(grid, found.plan, Watch(10))[idle, 0] <= figures(grid, found.plan)[0 if first else 1]


@SETTINGS
@given(seed=SEEDS)
def test_the_bounds_of_fairness_are_never_above_what_is_possible(seed, random_problem):
    grid = Grid(random_problem(seed, objective=["placed", "fair"], people=5, wishes=10, slots=4))

    found = Exact(grid, Watch(30)).run(None)

    if found.proven(grid):
        bounds = fair_bounds(grid, sum(grid.weights[wish] for wish in found.plan))
        reached = dict(zip(stage_keys(grid), figures(grid, found.plan), strict=True))
        least = next((level for level in sorted(bounds) if bounds[level] != reached[level]), None)
        assert least is None or bounds[least] < reached[least]
