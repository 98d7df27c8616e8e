"""The plan nearest to another: as much weight as there can be, the fewest changes, both proven; large events in seconds."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from matching.scheduling import Participant, Wish, replan, solve, value, violations
from matching.scheduling.bounds import cheap_bounds, relaxation
from matching.scheduling.exact import Exact
from matching.scheduling.figures import figures
from matching.scheduling.grid import Grid
from matching.scheduling.improve import constructed, prepare
from matching.scheduling.keeping import Keeping
from matching.scheduling.mending import fewest_changes, mended, nearest
from matching.scheduling.program import Program
from matching.scheduling.strategy import keeps_rules
from matching.scheduling.watch import Watch
from tests.benchmarks.events import REGIMES, Regime, event


@pytest.fixture(autouse=True, scope="module")
def compiled():
    prepare()


def searched(grid):
    """Weight left out and changes of the best plan, by the exact model alone."""
    return figures(grid, Exact(grid, Watch(60)).run(None).plan)


def planned_again(seed, random_problem):
    """A small problem with the plan of a somewhat different one."""
    size = {"people": 6, "wishes": 12, "slots": 5}
    before = solve(random_problem(seed, objective=["placed"], **size), seconds=10, workers=1)
    problem = replace(
        random_problem(seed + 1, objective=["placed", "changes"], **size), max_break_difference=None, pins=()
    )
    return Grid(replace(problem, wishes=tuple(replace(wish, required=False) for wish in problem.wishes)), before)


@pytest.mark.parametrize("seed", range(40))
def test_the_nearest_plan_is_the_best_of_all(seed, random_problem):
    grid = planned_again(seed, random_problem)
    left, changes = searched(grid)

    found = nearest(grid, grid.before, sum(grid.weights) - left, Watch(60))

    assert figures(grid, found.plan) == (left, changes)
    assert keeps_rules(grid, found.plan)
    assert found.least == changes


@pytest.mark.parametrize("seed", range(40))
def test_more_than_can_be_is_never_found(seed, random_problem):
    grid = planned_again(seed, random_problem)
    left, _ = searched(grid)

    assert nearest(grid, grid.before, sum(grid.weights) - left + 1, Watch(60)).plan is None


@pytest.mark.parametrize("seed", range(40))
def test_the_fewest_changes_are_never_more_than_there_are(seed, random_problem):
    grid = planned_again(seed, random_problem)
    plan = Exact(grid, Watch(60)).run(None).plan

    assert fewest_changes(grid, plan, Watch(5)) <= figures(grid, plan)[1]


def test_a_weight_that_the_relaxation_promises_in_vain_is_refuted(build):
    heavy = {f"m{number}": {"weight": 2.0} for number in (1, 2, 3)}
    grid = Grid(build(["ab", "bc", "ca"], slots=1, wishes=heavy, objective=["placed"]))
    least = cheap_bounds(grid, Watch(60))

    found = mended(grid, {}, least, Watch(60), seed=1)

    assert (least["placed", 0], found.least["placed", 0]) == (3, 4)
    assert figures(grid, found.plan) == (4,)


@pytest.mark.parametrize("seed", range(10))
def test_a_relaxation_that_is_not_waited_for_is_replaced_by_a_bound_that_holds(seed, random_problem):
    problem = random_problem(seed, objective=["placed"])
    stopped, waited = Grid(problem), Grid(problem)

    rough = cheap_bounds(stopped, Watch(60, should_stop=lambda: True))["placed", 0]

    assert rough <= cheap_bounds(waited, Watch(60))["placed", 0]
    assert len(relaxation(stopped).shares) == len(problem.wishes)


def test_a_large_event_that_is_stopped_before_its_relaxation_is_solved_keeps_the_plan_made_meanwhile():
    problem, told = event(3_000, 40_000, 30), []

    solution = solve(problem, progress=told.append, should_stop=lambda: bool(told))

    assert violations(problem, solution) == []
    assert solution.bound["placed"] >= solution.value["placed"] >= told[0].value > 0
    assert len(solution.unplaced) == 40_000 - len(solution.assignments)


def test_wishes_that_come_too_early_are_put_in_order(build):
    after = {"m1": {"after": ["m2"]}}
    problem = build(["ab", "ab"], slots=2, wishes=after, objective=["placed", "changes"])
    before = solve(replace(problem, wishes=tuple(replace(wish, after=()) for wish in problem.wishes)), workers=1)
    first = next(item for item in before.assignments if item.wish == "m1")
    swapped = before if first.slot == "s1" else replace(before, assignments=_exchanged(before.assignments))
    grid = Grid(problem, swapped)

    found = nearest(grid, grid.before, 2, Watch(60))

    assert (found.plan, found.least) == ({0: 1, 1: 0}, 2)


def _exchanged(assignments):
    one, other = assignments
    return replace(one, slot=other.slot), replace(other, slot=one.slot)


@pytest.mark.parametrize("options", [{"places": 0}, {"slots": 0}, {"pairs": ()}])
def test_where_nothing_can_be_placed_nothing_is(build, options):
    grid = Grid(build(**{"pairs": ["ab"], "people": "ab", "objective": ["placed", "changes"], **options}))

    assert nearest(grid, {}, 0, Watch(5)).plan == {}
    assert nearest(grid, {}, 1, Watch(5)).impossible


@pytest.mark.parametrize("regime", [regime for regime in REGIMES if regime.name != "often away"], ids=lambda r: r.name)
def test_the_most_that_can_be_placed_is_found_and_proven(regime):
    problem = replace(event(80, 500, 12, regime), objective=("placed",))
    grid = Grid(problem)
    start = constructed(grid)

    found = mended(grid, start, cheap_bounds(grid, Watch(60)), Watch(60), seed=1)

    assert keeps_rules(grid, found.plan)
    assert figures(grid, found.plan)[0] == found.least["placed", 0] <= figures(grid, start)[0]


def test_a_plan_that_is_far_from_the_most_weight_is_not_mended_in_a_moment_but_annealed():
    away = next(regime for regime in REGIMES if regime.name == "often away")
    grid = Grid(replace(event(1_000, 10_000, 24, away), objective=("placed",)))
    start, least = constructed(grid), cheap_bounds(grid, Watch(60))
    model = Keeping(grid, start, sum(grid.weights) - least["placed", 0])

    assert model.relaxed(Watch(60)).least > 0.035 * len(start)
    assert mended(grid, start, least, Watch(1), seed=1).far
    assert mended(grid, start, least, Watch(1), seed=1).plan is None
    usual = Grid(replace(event(300, 2_500, 20), objective=("placed",)))
    assert not mended(usual, constructed(usual), cheap_bounds(usual, Watch(60)), Watch(60), seed=1).far


def test_planning_again_is_proven_at_a_size_that_no_search_proves():
    problem = event(150, 1_000, 16, Regime("places for all", places=1.0, loose=True))
    before = solve(replace(problem, objective=("placed",)), seconds=20, workers=1)
    gone = {person.id for person in problem.participants[::20]}
    stay = [person.id for person in problem.participants if person.id not in gone]
    late = [Wish(f"late {number}", ("new", name)) for number, name in enumerate(random.Random(1).sample(stay, 5))]
    changed = replace(
        problem,
        participants=(*problem.participants, Participant("new")),
        wishes=(*(wish for wish in problem.wishes if not gone & set(wish.participants)), *late),
        objective=("placed", "changes"),
    )

    after = replan(changed, before, seconds=60, workers=1)

    assert violations(changed, after, before) == []
    assert dict(after.value) == value(changed, after, before)
    assert (after.status, after.value["changes"]) == ("optimal", after.bound["changes"])


def test_what_the_weight_leaves_no_choice_about_is_decided_before():
    grid = Grid(replace(event(80, 500, 12), objective=("placed",)))
    most, shares, worth, _ = relaxation(grid)

    strict, free = (Keeping(grid, {}, target) for target in (int(most), None))

    assert len(strict.wishes) < len(free.wishes)
    left_out = set(free.wishes.tolist()) - set(strict.wishes.tolist())
    assert all(shares[wish] == pytest.approx(0) and worth[wish] < int(most) - most for wish in left_out)


@pytest.mark.parametrize("seed", range(10))
def test_a_program_in_whole_numbers_is_as_good_as_trying_everything(seed):
    chance = np.random.default_rng(seed)
    columns = 8
    program = Program(
        cost=chance.integers(-20, 20, columns) / 10,
        constant=1.0,
        rows=sparse.csr_array(chance.integers(0, 3, (3, columns)).astype(float)),
        limits=chance.integers(2, 6, 3).astype(float),
        equal=sparse.csr_array(np.array([[1.0, -1.0, *[0.0] * 6]])),
        low=np.zeros(columns),
        fine=10,
    )
    everything = np.array(np.meshgrid(*[[0, 1]] * columns)).reshape(columns, -1).T
    fits = (program.rows @ everything.T <= program.limits[:, None]).all(axis=0) & (everything[:, 0] == everything[:, 1])
    best = (everything[fits] @ program.cost).min() + program.constant

    relaxed = program.relaxed(Watch(60))
    whole = program.integral(Watch(60), relaxed.values, seed, -np.inf, gap=0.0)

    assert whole.values @ program.cost + program.constant == pytest.approx(best)
    assert whole.bound == pytest.approx(best)
    assert relaxed.bound <= best + 1e-9
    for enough in (best + 1e-9, np.inf):
        near = program.integral(Watch(60), relaxed.values, seed, enough, gap=0.0)
        assert near.bound <= best + 1e-9
        assert best - 1e-9 <= near.values @ program.cost + program.constant <= enough
        assert (program.rows @ near.values <= program.limits).all()
        assert near.values[0] == near.values[1]


def test_a_program_without_a_solution_says_so():
    program = Program(
        cost=np.ones(1),
        constant=0.0,
        rows=sparse.csr_array(np.array([[1.0]])),
        limits=np.zeros(1),
        equal=sparse.csr_array((0, 1)),
        low=np.ones(1),
        fine=1,
    )

    assert program.relaxed(Watch(5)).impossible
    assert program.integral(Watch(5), np.full(1, 0.5), 1, np.inf, gap=0.0).impossible


def test_a_program_is_given_up_when_the_caller_stops():
    chance = np.random.default_rng(1)
    columns = 20_000
    program = Program(
        cost=-chance.random(columns),
        constant=0.0,
        rows=sparse.random(3_000, columns, 0.002, format="csr", random_state=1),
        limits=np.ones(3_000),
        equal=sparse.csr_array((0, columns)),
        low=np.zeros(columns),
        fine=1,
    )

    found = program.relaxed(Watch(2, should_stop=lambda: True))

    assert found.values is None
    assert not found.impossible
    assert found.bound == -np.inf
