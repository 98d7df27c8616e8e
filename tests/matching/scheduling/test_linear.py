"""Linear programs: both methods find the same optimum, prices prove it, and nobody has to wait for the end."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from matching.scheduling import linear
from matching.scheduling.linear import Linear
from matching.scheduling.watch import Watch


def program(seed=1, rows=300, columns=12_000, each=3):
    """Choices that each take one of the limits of several rows."""
    chance = np.random.default_rng(seed)
    taken, takers = chance.integers(0, rows, columns * each), np.repeat(np.arange(columns), each)
    counts = sparse.csr_array((np.ones(columns * each), (taken, takers)), shape=(rows, columns))
    return Linear(-chance.integers(1, 100, columns), counts, np.full(rows, 3.0), np.zeros(columns))


def proven(asked, found):
    """What the prices say no choice is better than; they are of use for any numbers, so that nothing is taken on trust."""
    spare = asked.cost + asked.rows.T @ found.prices
    return float(np.minimum(0.0, spare).sum() - found.prices @ asked.limits)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_the_prices_prove_the_optimum(seed, workers):
    asked = program(seed)

    found = asked.solved(Watch(60), workers)

    assert (asked.rows @ found.values <= asked.limits + 1e-6).all()
    assert float(asked.cost @ found.values) == pytest.approx(proven(asked, found))


def test_where_the_simplex_method_gives_up_the_other_one_goes_on(monkeypatch):
    monkeypatch.setattr(linear, "_ITERATIONS", 1)
    monkeypatch.setattr(linear, "_PER_ROW", 0)
    asked = program()

    found = asked.solved(Watch(60))

    assert float(asked.cost @ found.values) == pytest.approx(proven(asked, found))
    assert proven(asked, found) == pytest.approx(proven(asked, asked.solved(Watch(60), 2)))


def test_rows_that_must_be_met_are_met_and_columns_are_as_large_as_they_must():
    rows = sparse.csr_array(np.array([[1.0, 1.0, 1.0], [1.0, -1.0, 0.0]]))
    asked = Linear(np.array([3.0, 1.0, -1.0]), rows, np.array([2.5, 0.0]), np.array([0.5, 0.0, 0.0]), equal=1)

    assert asked.solved().values.tolist() == [0.5, 0.5, 1.0]


def test_what_cannot_be_is_impossible():
    assert Linear(np.ones(1), sparse.csr_array([[1.0]]), np.zeros(1), np.ones(1)).solved().impossible


def test_something_else_is_done_until_it_is_done_or_the_caller_stops():
    calls = []
    large = program(rows=4_000, columns=60_000, each=9)

    found = large.solved(Watch(60, should_stop=lambda: len(calls) > 2), 2, lambda: bool(calls.append(1)))

    assert found is None
    assert len(calls) == 3
    assert large.solved(Watch(0.01), 2) is None
