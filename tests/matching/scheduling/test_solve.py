"""Solving: proven optima on small problems, infeasibility as an answer, limits, stopping, reproducibility."""

from __future__ import annotations

import pytest

from matching.scheduling import Pin, Place, solve, violations
from matching.scheduling.grid import Grid
from matching.scheduling.idleness import idle_bounds
from matching.scheduling.watch import Watch


def exact(problem, **options):
    return solve(problem, **{"seconds": 20, "workers": 1, "seed": 1} | options)


@pytest.mark.parametrize("seed", range(40))
def test_small_problems_are_solved_as_well_as_by_trying_everything(seed, random_problem, brute_force, worth):
    problem = random_problem(seed)

    solution = exact(problem)

    best = brute_force(problem)
    if best is None:
        assert (solution.status, solution.assignments) == ("infeasible", ())
        assert solution.conflict
    else:
        assert (solution.status, worth(problem, solution)) == ("optimal", best)
        assert violations(problem, solution) == []


@pytest.mark.parametrize("seed", range(100, 110))
def test_changes_against_a_previous_plan_are_as_few_as_by_trying_everything(seed, random_problem, brute_force, worth):
    previous = exact(random_problem(seed, objective=["breaks", "placed"]))
    problem = random_problem(seed, objective=["placed", "changes", "waiting"])

    solution = exact(problem, previous=previous)

    best = brute_force(problem, previous)
    if best is not None:
        assert (solution.status, worth(problem, solution, previous)) == ("optimal", best)


def test_bounds_of_an_optimal_plan_equal_its_value(build):
    problem = build(["ab", "ac", "ad", "bc"], slots=2, places=1, objective=["placed", "fair", "breaks", "waiting"])

    solution = exact(problem)

    assert solution.status == "optimal"
    assert {name: solution.value[name] for name in solution.bound} == solution.bound


def test_weights_decide_who_is_left_out(build):
    problem = build(["ab", "ac"], slots=1, wishes={"m1": {"weight": 0.3}, "m2": {"weight": 0.31}})

    solution = exact(problem)

    assert [item.wish for item in solution.assignments] == ["m2"]
    assert solution.bound["placed"] == 0.31


def test_clashing_pins_are_named_and_nothing_else(build):
    pins = [Pin("m1", "s1"), Pin("m2", "s1"), Pin("m3", "s2")]
    problem = build(["ab", "ac", "de"], pins=pins, wishes={"m3": {"required": True}})

    solution = exact(problem)

    assert solution.status == "infeasible"
    assert [(clash.rule, clash.wish) for clash in solution.conflict] == [("pin", "m1"), ("pin", "m2")]


def test_a_pin_where_somebody_is_away_clashes_alone(build):
    problem = build(["ab", "cd"], participants={"a": {"unavailable": ["s1"]}}, pins=[Pin("m1", "s1")])

    assert [clash.text for clash in exact(problem).conflict] == ['"m1" is pinned to slot "s1".']


def test_two_pins_at_one_table_clash(build):
    pins = [Pin("m1", "s1", "T1"), Pin("m2", "s1", "T1")]
    problem = build(["ab", "cd"], places=[Place("T1"), Place("T2")], pins=pins)

    assert [clash.wish for clash in exact(problem).conflict] == ["m1", "m2"]


def test_a_pin_at_a_table_that_is_closed_clashes(build):
    problem = build(["ab"], places=[Place("T1", ["s2"]), Place("T2")], pins=[Pin("m1", "s1", "T1")])

    assert exact(problem).status == "infeasible"


def test_required_wishes_that_do_not_fit_are_named(build):
    needed = {"required": True}
    problem = build(["ab", "ac", "ad"], slots=2, wishes={"m1": needed, "m2": needed, "m3": needed})

    solution = exact(problem)

    assert [(clash.rule, clash.wish) for clash in solution.conflict] == [
        ("required", "m1"),
        ("required", "m2"),
        ("required", "m3"),
    ]


def test_pinned_places_are_kept_and_others_go_elsewhere(build):
    pins = [Pin("m2", "s1", 1)]
    problem = build(["ab", "cd"], slots=1, places=2, pins=pins)

    solution = exact(problem)

    assert [(item.wish, item.slot, item.place) for item in solution.assignments] == [("m1", "s1", 2), ("m2", "s1", 1)]


def test_people_stay_at_their_table_where_they_can(build):
    problem = build(["ab", "cd", "bc"], slots=2, places=2, pins=[Pin("m1", "s1", 2), Pin("m3", "s2")])

    places = {item.wish: item.place for item in exact(problem).assignments}

    assert places["m3"] == places["m1"]


def test_a_problem_without_wishes_slots_or_people_has_the_empty_plan(build):
    for problem in (build([], slots=2), build(["ab"], slots=0), build(["ab"], places=0), build(["ab"], places=())):
        solution = exact(problem)

        assert (solution.status, solution.assignments) == ("optimal", ())
        assert len(solution.unplaced) == len(problem.wishes)


def test_one_worker_and_one_seed_give_one_result(random_problem):
    problem = random_problem(7, objective=["placed", "breaks"], people=8, wishes=14, slots=6)

    first, second = exact(problem), exact(problem)

    assert first.assignments == second.assignments


def test_progress_names_objective_value_bound_and_seconds(build):
    heard = []

    exact(build(["ab", "ac", "bc", "ad"], slots=2, places=1, objective=["fair", "placed"]), progress=heard.append)

    assert {now.objective for now in heard} <= {"placed", "fair"}
    assert all(now.seconds >= 0 for now in heard)
    assert heard


def test_stopping_at_once_still_gives_a_valid_plan(random_problem):
    problem = random_problem(3, objective=["placed", "breaks"], people=8, wishes=28, slots=6)

    solution = exact(problem, should_stop=lambda: True)

    assert violations(problem, solution) == []
    assert solution.status in ("feasible", "optimal", "unknown")


def test_time_up_with_something_required_unplaced_is_unknown(build):
    needed = {"required": True}
    pairs = ["ab", "bc", "ca", "cd", "de", "ea", "bd"]
    problem = build(pairs, slots=4, places=2, wishes={f"m{number + 1}": needed for number in range(7)})

    solution = solve(problem, seconds=0, workers=1)

    assert solution.status in ("unknown", "feasible", "optimal")
    assert violations(problem, solution) == []


def test_two_workers_agree_with_one(random_problem, worth):
    problem = random_problem(11, objective=["placed", "breaks"])

    assert worth(problem, exact(problem, workers=2)) == worth(problem, exact(problem))


def test_breaks_and_waiting_that_nobody_can_avoid_are_known_without_a_search(build):
    away = {"a": {"unavailable": ["s3"]}}
    problem = build(["ab", "ac", "ad"], slots=5, participants=away, objective=["placed", "breaks", "waiting"])
    grid = Grid(problem)

    assert idle_bounds(grid, {0: 0, 1: 1, 2: 3}, Watch(10)) == {("breaks", 0): 1, ("waiting", 0): 1}
    assert idle_bounds(grid, {}, Watch(10)) == {("breaks", 0): 0, ("waiting", 0): 0}


def test_where_places_are_few_not_everybody_can_meet_in_the_middle(build):
    """Four pairs want two meetings each, at two tables: in three slots at most six meetings, and all want the middle one."""
    pairs = ["ab", "ab", "cd", "cd", "ef", "ef"]
    problem = build(
        pairs, slots=3, places=2, objective=["breaks"], wishes={f"m{n}": {"required": True} for n in range(1, 7)}
    )
    grid = Grid(problem)

    solution = exact(problem)

    assert idle_bounds(grid, {}, Watch(10)) == {("breaks", 0): 2}
    assert (solution.status, solution.value["breaks"]) == ("optimal", 2)
