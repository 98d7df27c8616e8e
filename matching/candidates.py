"""The best partners of everybody by score, block by block: the full matrix of pairs is never held.

The score is symmetric, so each tile of pairs is computed once and serves both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.embeddings import Progress, Vectors

Indices = NDArray[np.int32]
Tile = Callable[[int, int], Vectors]

NOBODY = -1
DECIMALS = 4  # values that differ by less are a tie, whatever the processor rounds in their sixth

_BITS = 32  # of a position in a sort key
_LAST = np.int64(np.iinfo(np.int32).max)  # what stands for a value that is none, and for nobody


@dataclass(frozen=True)
class Candidates:
    """Per profile its best partners, best first, ties by position; NOBODY and -inf where there are no more.

    `values` give the order, `scores` are those of the pairs.
    """

    partners: Indices
    values: Vectors
    scores: Vectors

    @classmethod
    def of(cls, partners: Indices, scores: Vectors) -> Candidates:
        """Put partners into the order of their scores."""
        return cls(partners, scores, scores).ordered_by(scores)

    def ordered_by(self, values: Vectors) -> Candidates:
        """Return the same partners in the order of other values."""
        order = np.argsort(keys_of(self.partners, values), axis=1)
        return replace(self, values=values).taken(order)

    def taken(self, order: NDArray[np.intp]) -> Candidates:
        """Return the entries of every list in another order, given by their places."""
        return Candidates(
            np.take_along_axis(self.partners, order, axis=1),
            np.take_along_axis(self.values, order, axis=1),
            np.take_along_axis(self.scores, order, axis=1),
        )

    def first(self, places: int) -> Candidates:
        """Return the first places of every list."""
        return Candidates(self.partners[:, :places], self.values[:, :places], self.scores[:, :places])


def keys_of(partners: Indices, values: Vectors) -> NDArray[np.int64]:
    """Return numbers in the order of the partners of each row: best value first, ties by position, nobody last."""
    nothing = np.isneginf(values)
    return np.asarray(rounded(values) << _BITS | np.where(nothing, _LAST, partners))


def rounded(values: Vectors) -> NDArray[np.int64]:
    """Return whole numbers, the best value first; values that are a tie have the same."""
    fine = np.where(np.isneginf(values), 0, values).astype(np.float64) * 10**DECIMALS
    return np.where(np.isneginf(values), _LAST, -np.round(fine).astype(np.int64))


def best_candidates(tile: Tile, blocks: tuple[slice, ...], depth: int, progress: Progress | None = None) -> Candidates:
    """Return everybody's `depth` best partners; `tile(i, j)` gives the scores of two blocks, -inf = not eligible."""
    best = _Best(blocks, depth)
    pairs = [(i, j) for i in range(len(blocks)) for j in range(i, len(blocks))]
    for done, (i, j) in enumerate(pairs, start=1):
        scores = tile(i, j)
        best.add(scores, blocks[i], blocks[j])
        if i != j:
            best.add(np.ascontiguousarray(scores.T), blocks[j], blocks[i])
        if progress:
            progress(done, len(pairs), "scoring")
    return best.found()


def best_of(partners: Indices, values: Vectors, depth: int) -> tuple[Indices, Vectors]:
    """Return the `depth` best of every row, in any order; NOBODY where there are fewer."""
    if values.shape[1] > depth:
        kept = np.argpartition(keys_of(partners, values), depth - 1, axis=1)[:, :depth]
        partners, values = np.take_along_axis(partners, kept, axis=1), np.take_along_axis(values, kept, axis=1)
    missing = ((0, 0), (0, depth - values.shape[1]))
    partners = np.pad(np.where(np.isneginf(values), NOBODY, partners), missing, constant_values=NOBODY)
    return partners.astype(np.int32, copy=False), np.pad(values, missing, constant_values=-np.inf)


class _Best:
    """The best of every row so far, and others that came later and wait to be compared with them.

    Whatever does not pass the bar, the least of the best when a row was last thinned out, is dropped at once: after
    the first blocks that is nearly everything.
    """

    def __init__(self, blocks: tuple[slice, ...], depth: int) -> None:
        size = blocks[-1].stop if blocks else 0
        width = depth + max((block.stop - block.start for block in blocks), default=0)
        self._depth = depth
        self._partners = np.full((size, width), NOBODY, dtype=np.int32)
        self._values = np.full((size, width), -np.inf, dtype=np.float32)
        self._filled = np.zeros(size, dtype=np.intp)
        self._bar = np.full(size, -np.inf, dtype=np.float32)

    def add(self, scores: Vectors, rows: slice, columns: slice) -> None:
        """Take in the scores of one block of rows with one block of columns."""
        row, column = np.divmod(np.flatnonzero(scores > self._bar[rows, None]), scores.shape[1] or 1)
        counts = np.bincount(row, minlength=scores.shape[0])
        self._thin(rows.start + np.flatnonzero(self._filled[rows] + counts > self._partners.shape[1]))
        within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        place = self._filled[rows][row] + within
        self._partners[rows.start + row, place] = column + columns.start
        self._values[rows.start + row, place] = scores[row, column]
        self._filled[rows] += counts

    def found(self) -> Candidates:
        """Return the best of all."""
        return Candidates.of(*best_of(self._partners, self._values, self._depth))

    def _thin(self, rows: NDArray[np.intp]) -> None:
        partners, values = best_of(self._partners[rows], self._values[rows], self._depth)
        self._values[rows, self._depth :] = -np.inf
        self._partners[rows, : self._depth], self._values[rows, : self._depth] = partners, values
        self._filled[rows] = self._depth
        self._bar[rows] = values.min(axis=1)
