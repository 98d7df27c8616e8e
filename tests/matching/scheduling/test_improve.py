"""The compiled search: it keeps every rule, its own figures are true, and it finds what small problems have to give."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numba
import numpy as np
import pytest

from matching.scheduling import anneal, chains, flips, layout, memory, moves, strategy
from matching.scheduling.bounds import most_weight
from matching.scheduling.construct import construct
from matching.scheduling.figures import breaks_in, figures, taken
from matching.scheduling.grid import Grid
from matching.scheduling.improve import Effort, _cool, constructed, improve, prepare, shortfall
from matching.scheduling.memory import Memory
from matching.scheduling.solution import Solution
from matching.scheduling.solver import solve
from matching.scheduling.strategy import keeps_rules
from matching.scheduling.watch import Watch
from tests.benchmarks.events import Regime, event

EVERYTHING = ["placed", "fair", "breaks", "waiting", "changes", "hours"]


def improved(grid, start, **effort):
    return improve(grid, start, Watch(60), Effort(60, **effort))


@pytest.mark.parametrize("seed", range(20))
def test_thousands_of_moves_keep_every_rule_and_never_make_a_plan_worse(seed, random_problem):
    previous = solve(random_problem(seed, objective=["breaks"], people=8, wishes=16, slots=6), workers=1)
    grid = Grid(random_problem(seed, objective=EVERYTHING, people=8, wishes=16, slots=6), previous)
    start = construct(grid)

    found = improved(grid, start, moves=3000)

    assert keeps_rules(grid, found) == (shortfall(grid, found) == 0)
    assert (shortfall(grid, found), figures(grid, found)) <= (shortfall(grid, start), figures(grid, start))


@pytest.mark.parametrize("seed", range(4))
def test_several_workers_keep_every_rule_and_never_make_a_plan_worse(seed, random_problem):
    grid = Grid(random_problem(seed, objective=EVERYTHING, people=8, wishes=16, slots=6))
    start = construct(grid)

    found = improved(grid, start, moves=3000, workers=3)

    assert keeps_rules(grid, found) == (shortfall(grid, found) == 0)
    assert (shortfall(grid, found), figures(grid, found)) <= (shortfall(grid, start), figures(grid, start))


def test_the_other_workers_end_when_asking_whether_to_stop_fails():
    told = []

    class Failing:
        def cool(self, _part, _done):
            raise ZeroDivisionError

    class Waiting:
        def cool(self, _part, done):
            told.append(done.wait(20))

    with pytest.raises(ZeroDivisionError):
        _cool([Failing(), Waiting()], Watch(60))

    assert told == [True]


def test_a_twin_has_the_same_plan_and_numbers_of_its_own(random_problem):
    grid = Grid(random_problem(1, objective=EVERYTHING, people=8, wishes=16, slots=6))
    state = Memory(grid, construct(grid))
    twin = state.twin(2)
    same = (twin.at == state.at).all() and (twin.figures == state.figures).all()

    twin.restore(np.full(len(grid.wishes), layout.NONE))

    assert same
    assert twin.chance[0] != state.chance[0]
    assert (state.at >= 0).any()
    assert not (twin.at >= 0).any()


@pytest.mark.parametrize("every", [1, 8])
@pytest.mark.parametrize("slots", [6, 40])
@pytest.mark.parametrize("seed", range(8))
def test_the_figures_kept_up_to_date_equal_those_counted_anew(seed, slots, every, random_problem):
    objective = ["placed", "breaks", "waiting", "hours", "fair"]
    grid = Grid(random_problem(seed, objective=objective, people=8, wishes=16, slots=slots))
    state = Memory(grid, construct(grid), seed)
    best, best_at = state.figures.copy(), state.at.copy()
    prices = np.array([1.0, 0.01, 0, 0.1, 0.1, 0, 0.001, 0.001])
    targets = (prices, best.copy(), np.array([0, 1]), 0, best_at, best)

    anneal.anneal(state.data, state.offsets, targets, 20_000, every, 2.0, 0.5)

    plan = {wish: int(slot) for wish, slot in enumerate(state.at) if slot >= 0}
    counted = figures(grid, plan)
    kept = state.figures
    assert [kept[layout.LEFT], kept[layout.BREAKS], kept[layout.WAITING], kept[layout.MINUTES]] == [
        *counted[:3],
        counted[4],
    ]
    assert list(kept[layout.FIGURES :][: len(counted) - 5]) == list(counted[5:])
    assert kept[layout.MISSED] == shortfall(grid, plan)


@pytest.mark.parametrize("slots", [6, 40])
@pytest.mark.parametrize("seed", range(8))
def test_what_a_flip_would_cost_at_one_end_is_what_it_costs(seed, slots, random_problem):
    grid = Grid(random_problem(seed, objective=EVERYTHING, people=8, wishes=24, slots=slots))
    state = Memory(grid, construct(grid), seed)
    price = np.array([0, 0, 0, 1.0, 0.3, 0, 0.01, 0.1])
    rows = taken(grid, {wish: int(slot) for wish, slot in enumerate(state.at) if slot >= 0})

    def cost(person, row):
        minutes = sum(grid.hours[person][slot] for slot in row)
        waiting = row[-1] - row[0] + 1 - len(row)
        return breaks_in(row) + 0.3 * waiting + 0.01 * minutes**2 + 0.1 * minutes

    for person, row in enumerate(rows):
        for here in row:
            for there in set(grid.slots) - set(row):
                after = sorted({*row, there} - {here})
                found = flips.worth(state.data, state.offsets, price, person, here, there)
                assert found == pytest.approx(cost(person, after) - cost(person, row))


def test_a_plan_that_is_as_fair_and_has_fewer_breaks_is_never_thrown_away():
    """What many have most of weighed nothing in the search, and decided in the comparison."""
    problem = event(40, 500, 20, Regime("long days", loose=True, away=0.1), seed=3)
    grid = Grid(replace(problem, objective=("placed", "fair", "breaks")))
    start = constructed(grid)

    found = improved(grid, start, moves=20_000)

    assert figures(grid, found)[:-1] <= figures(grid, start)[:-1]
    assert 2 * figures(grid, found)[-1] < figures(grid, start)[-1]


@pytest.mark.parametrize("seed", range(6))
def test_the_moves_are_right_also_when_not_compiled(seed, random_problem, monkeypatch):
    """The compiler hides its code from the coverage: the same source, interpreted, makes fewer moves here."""
    slow_layout, *_, slow_anneal = interpreted(monkeypatch)
    problem = random_problem(seed, objective=EVERYTHING, people=8, wishes=18, slots=6)
    grid = Grid(problem, solve(problem, seconds=2, workers=1))
    monkeypatch.setattr(memory, "anneal", slow_anneal)
    monkeypatch.setattr(memory, "layout", slow_layout)
    state = Memory(grid, {}, seed)
    best, best_at = state.figures.copy(), state.at.copy()
    prices, order = np.full(layout.FIGURES, 0.1), np.arange(layout.FIGURES)
    targets = (prices, best.copy(), order, 0, best_at, best)

    slow_anneal.fill(state.data, state.offsets, np.arange(len(grid.wishes)), 3)
    slow_anneal.anneal(state.data, state.offsets, targets, 6000, 4, 2.0, 0.5)

    found = {wish: int(slot) for wish, slot in enumerate(best_at) if slot >= 0}
    assert shortfall(grid, found) == best[layout.MISSED]
    assert keeps_rules(grid, found) == (shortfall(grid, found) == 0)


def interpreted(monkeypatch):
    """Second copies of the compiled modules, not compiled."""
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)
    copies = []
    for module in (layout, moves, chains, flips, anneal):
        spec = importlib.util.spec_from_file_location(module.__name__, module.__file__)
        copy = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(copy)
        monkeypatch.setitem(sys.modules, module.__name__, copy)
        copies.append(copy)
    return copies


@pytest.mark.parametrize("seed", range(10))
def test_small_problems_are_improved_to_the_optimum_of_the_weight_placed(seed, random_problem):
    problem = random_problem(seed, objective=["placed"])
    best = solve(problem, workers=1)
    grid = Grid(problem)

    found = improved(grid, construct(grid), moves=20_000)

    if best.status == "optimal" and shortfall(grid, found) == 0:
        assert sum(problem.wishes[wish].weight for wish in found) == pytest.approx(best.value["placed"])


def test_the_same_seed_gives_the_same_plan(random_problem):
    grid = Grid(random_problem(5, objective=["placed", "breaks"], people=8, wishes=24, slots=8))

    first, second = (improved(grid, {}, seed=3, moves=5000) for _ in range(2))

    assert first == second


def test_the_size_decides_how_many_moves_are_made(build):
    assert Effort(1).moves_for(Grid(build(["ab"]))) == 20_000


def test_nothing_to_improve_is_left_alone(build):
    grid = Grid(build([]))

    assert improved(grid, {}) == {}


def test_the_compiled_search_knows_which_moves_it_was_compiled_with():
    text = b"".join(Path(module.__file__).read_bytes() for module in (layout, moves, chains, flips))

    assert hashlib.sha256(text).hexdigest()[:16] == anneal.MOVES, "write this hash into anneal.py"


def test_large_events_are_constructed_and_improved_without_a_model(random_problem, monkeypatch):
    monkeypatch.setattr(strategy, "EXACT_SIZE", 0)
    monkeypatch.setattr(strategy, "TINY_SIZE", 0)
    problem = random_problem(4, objective=["placed", "breaks"], people=8, wishes=28, slots=8)
    prepare()

    solution = solve(problem, seconds=3, workers=1)

    assert isinstance(solution, Solution)
    assert solution.value["placed"] <= solution.bound["placed"]


def test_middling_events_are_annealed_first_and_proven_then(random_problem, monkeypatch):
    monkeypatch.setattr(strategy, "TINY_SIZE", 0)
    problem = random_problem(2, objective=["placed", "breaks", "waiting"], people=8, wishes=20, slots=6)
    prepare()

    assert solve(problem, seconds=20, workers=1).status == "optimal"


def test_without_a_folder_for_compiled_code_it_is_compiled_again(monkeypatch):
    def refusing(**options):
        if "cache" in options:
            raise RuntimeError("no locator available")
        return lambda function: function

    monkeypatch.setattr(layout, "njit", refusing)

    assert layout.entry(len) is len


@pytest.mark.parametrize("seed", range(20))
def test_the_plan_with_chains_keeps_the_rules_and_places_as_much_as_the_simple_one(seed, random_problem):
    grid = Grid(random_problem(seed, objective=EVERYTHING, people=8, wishes=24, slots=6))

    found = constructed(grid)

    assert keeps_rules(grid, found) == (shortfall(grid, found) == 0)
    assert len(found) >= len(construct(grid)) - 1


def test_the_plan_with_chains_is_near_the_bound_where_much_competes():
    problem = event(60, 300, 10, Regime("tight", places=0.7, away=0.2))
    grid = Grid(replace(problem, objective=("placed",)))

    found = constructed(grid)

    total = sum(grid.weights)
    assert (total - figures(grid, found)[0]) / most_weight(grid) > 0.97


def test_the_plan_with_chains_keeps_the_previous_one(random_problem):
    problem = random_problem(4, objective=["placed", "changes"], people=8, wishes=12, slots=6)
    before = solve(problem, workers=1)

    found = constructed(Grid(problem, before))

    assert {problem.wishes[wish].id: problem.slots[slot].id for wish, slot in found.items()} == {
        item.wish: item.slot for item in before.assignments
    }


def test_middling_events_are_proven():
    problem = replace(event(30, 120, 8, Regime("chained", chained=0.2)), objective=("placed",))
    prepare()

    assert solve(problem, seconds=60, workers=1).status == "optimal"
