"""The bounds of breaks and waiting: each half against trying everything, any prices, and what tying both together gains."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from matching.scheduling import idleness, pricing
from matching.scheduling.exact import Exact
from matching.scheduling.figures import breaks_in, figures, weight_of
from matching.scheduling.grid import Grid
from matching.scheduling.idleness import Coupling, idle_bounds
from matching.scheduling.improve import prepare
from matching.scheduling.watch import Watch
from tests.benchmarks.events import REGIMES, event


@pytest.fixture(autouse=True, scope="module")
def compiled():
    prepare()


def waiting_in(row):
    return row[-1] - row[0] + 1 - len(row) if row else 0


@pytest.mark.parametrize("seed", range(20))
def test_cheapest_patterns_are_those_found_by_trying_all(seed):
    chance = np.random.default_rng(seed)
    people, slots = 4, 7
    prices, free = chance.normal(0, 2, (people, slots)), chance.random((people, slots)) < 0.7
    most = np.minimum(free.sum(axis=1), chance.integers(0, 6, people))
    least = np.minimum(most, chance.integers(0, 4, people))
    charge, weight, idle = chance.random(people), 1.5, chance.random(2)

    used = np.zeros((people, slots))
    total, lost = pricing.patterns(prices, weight, free, least, most, charge, idle, used)

    costs = []
    for person in range(people):
        own = np.flatnonzero(free[person]).tolist()
        rows = [list(row) for count in range(least[person], most[person] + 1) for row in combinations(own, count)]
        costs.append(
            min(
                prices[person, row].sum()
                + idle @ [breaks_in(row), waiting_in(row)]
                + weight * charge[person] * (most[person] - len(row))
                for row in rows
            )
        )
    rows = [np.flatnonzero(row).tolist() for row in used]
    assert total == pytest.approx(sum(costs))
    assert lost == pytest.approx(sum(charge * (most - used.sum(axis=1))))
    idleness = sum(idle @ [breaks_in(row), waiting_in(row)] for row in rows)
    assert total == pytest.approx((prices * used).sum() + idleness + weight * lost)
    assert not (used.astype(bool) & ~free).any()


def small(seed, regime=REGIMES[0], **changes):
    return replace(event(6, 12, 5, regime, seed=seed), objective=("placed", "breaks", "waiting"), **changes)


@pytest.mark.parametrize("name", ["breaks", "waiting"])
@pytest.mark.parametrize("seed", range(10))
def test_no_prices_give_more_than_is_possible(seed, name):
    grid = Grid(replace(small(seed), objective=("placed", name)))
    found = Exact(grid, Watch(30)).run(None)
    assert found.proven(grid)
    coupling = Coupling.of(grid, weight_of(grid, found.plan))
    chance = np.random.default_rng(seed)

    for size in (0.1, 1, 10):
        prices = chance.normal(0, size, coupling.free.size + len(grid.slots) + 1)
        prices[coupling.free.size :] = abs(prices[coupling.free.size :])
        assert coupling.priced(name, prices)[0] <= figures(grid, found.plan)[1] + 1e-6


@pytest.mark.parametrize("seed", range(10))
def test_prices_change_the_bound_by_no_more_than_the_slope_says(seed):
    """The bound is concave in the prices: the tangent at one set of prices lies above it everywhere."""
    grid = Grid(small(seed, REGIMES[1]))
    coupling = Coupling.of(grid, int(0.8 * sum(grid.weights)))
    chance = np.random.default_rng(seed)
    some, others = chance.normal(0, 1, (2, coupling.free.size + len(grid.slots) + 1))
    some[coupling.free.size :] = abs(some[coupling.free.size :])
    others[coupling.free.size :] = abs(others[coupling.free.size :])

    (here, slope), (there, _) = (coupling.priced("waiting", prices) for prices in (some, others))

    assert there <= here + slope @ (others - some) + 1e-6


def test_who_meets_whom_is_seen(build):
    """Anybody alone could meet in two slots that follow each other, but a and b share the first only, a and c the third."""
    away = {"b": ["s2", "s3", "s4"], "c": ["s1", "s2", "s4"], "d": ["s1", "s3", "s4"]}
    problem = build(
        ["ab", "ac", "ad"],
        slots=4,
        participants={name: {"unavailable": slots} for name, slots in away.items()} | {"a": {"max_meetings": 2}},
        objective=["placed", "breaks", "waiting"],
        wishes={"m1": {"required": True}, "m2": {"required": True}},
    )

    assert idle_bounds(Grid(problem), {0: 0, 1: 2}, Watch(10)) == {("breaks", 0): 1, ("waiting", 0): 1}


def test_online_meetings_take_no_places(build):
    pairs = ["ab", "ac", "ad"]
    needed = {f"m{number}": {"required": True, "mode": "online"} for number in (1, 2, 3)}
    problem = build(pairs, slots=3, places=0, objective=["breaks"], wishes=needed)

    assert idle_bounds(Grid(problem), {}, Watch(10)) == {("breaks", 0): 0}


def test_the_more_time_the_better_the_bound():
    grid = Grid(replace(event(60, 400, 12, REGIMES[3]), objective=("placed", "waiting")))
    coupling = Coupling.of(grid, int(0.5 * sum(grid.weights)))

    assert coupling.bound("waiting", 1e9, Watch(0)) < coupling.bound("waiting", 1e9, Watch(60))


def test_a_stopped_run_waits_for_no_bound(monkeypatch):
    grid = Grid(replace(event(60, 400, 12), objective=("placed", "breaks", "waiting")))
    monkeypatch.setattr(idleness, "ROUNDS", 10**9)
    asked = []

    found = idle_bounds(grid, {}, Watch(1e6, should_stop=lambda: len(asked) > 1 or asked.append(1)))

    assert set(found) == {("breaks", 0), ("waiting", 0)}
