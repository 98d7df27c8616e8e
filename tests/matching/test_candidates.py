"""The best partners of everybody: block by block gives what the full matrix gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.candidates import NOBODY, best_candidates


def symmetric(size, seed, excluded):
    random = np.random.default_rng(seed)
    matrix = np.round(random.random((size, size)), 1).astype(np.float32)
    matrix = np.maximum(matrix, matrix.T)
    mask = random.random((size, size)) < excluded
    matrix[mask | mask.T | np.eye(size, dtype=bool)] = -np.inf
    return matrix


def blocks_of(size, width):
    return tuple(slice(start, min(start + width, size)) for start in range(0, size, width))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(1, 12), st.integers(1, 29), st.integers(0, 99), st.sampled_from([0.0, 0.5, 1.0]))
def test_blocks_give_the_best_values_of_the_full_matrix(size, width, depth, seed, excluded):
    matrix, blocks = symmetric(size, seed, excluded), blocks_of(size, width)
    depth = min(depth, max(size - 1, 1))

    found = best_candidates(lambda i, j: matrix[blocks[i], blocks[j]].copy(), blocks, depth)

    np.testing.assert_array_equal(found.values, -np.sort(-matrix, axis=1)[:, :depth])
    for row, (partners, values) in enumerate(zip(found.partners, found.values, strict=True)):
        real = partners[partners != NOBODY]
        assert len(set(real)) == len(real) == np.count_nonzero(~np.isneginf(values))
        np.testing.assert_array_equal(matrix[row, real], values[: len(real)])


def test_ties_are_broken_by_position():
    matrix = np.ones((4, 4), dtype=np.float32)
    np.fill_diagonal(matrix, -np.inf)

    found = best_candidates(lambda _i, _j: matrix.copy(), blocks_of(4, 4), 3)

    assert found.partners.tolist() == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]


def test_progress_counts_tiles():
    matrix, blocks, seen = symmetric(5, 1, 0.0), blocks_of(5, 2), []

    best_candidates(
        lambda i, j: matrix[blocks[i], blocks[j]].copy(),
        blocks,
        2,
        lambda done, total, label: seen.append((done, total, label)),
    )

    assert seen == [(done, 6, "scoring") for done in range(1, 7)]


@pytest.mark.parametrize("depth", [1, 5])
def test_nobody_to_rank_is_no_error(depth):
    found = best_candidates(lambda _i, _j: np.zeros((0, 0), dtype=np.float32), (), depth)

    assert found.partners.shape == (0, depth)
