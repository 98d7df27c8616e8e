"""The best partners of everybody by score, block by block: the full matrix of pairs is never held.

The score is symmetric, so each tile of pairs is computed once and serves both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.embeddings import Progress, Vectors

Indices = NDArray[np.int32]
Tile = Callable[[int, int], Vectors]

NOBODY = -1
DECIMALS = 6  # values that differ by less are a tie, whatever the processor rounds


@dataclass(frozen=True)
class Candidates:
    """Per profile its best partners, best first, ties by position; NOBODY and -inf where there are no more."""

    partners: Indices
    values: Vectors

    def ordered_by(self, values: Vectors) -> Candidates:
        """Return the same partners in the order of other values."""
        partners = np.where(np.isneginf(self.values), np.iinfo(np.int32).max, self.partners)
        order = np.lexsort((partners, -np.round(values, DECIMALS)), axis=1)
        return Candidates(np.take_along_axis(self.partners, order, axis=1), np.take_along_axis(values, order, axis=1))


def best_candidates(tile: Tile, blocks: tuple[slice, ...], depth: int, progress: Progress | None = None) -> Candidates:
    """Return everybody's `depth` best partners; `tile(i, j)` gives the scores of two blocks, -inf = not eligible."""
    size = blocks[-1].stop if blocks else 0
    partners = np.full((size, depth), NOBODY, dtype=np.int32)
    values = np.full((size, depth), -np.inf, dtype=np.float32)
    pairs = [(i, j) for i in range(len(blocks)) for j in range(i, len(blocks))]
    for done, (i, j) in enumerate(pairs, start=1):
        scores = tile(i, j)
        _keep_best(partners, values, scores, blocks[i], blocks[j])
        if i != j:
            _keep_best(partners, values, np.ascontiguousarray(scores.T), blocks[j], blocks[i])
        if progress:
            progress(done, len(pairs), "scoring")
    return Candidates(partners, values).ordered_by(values)


def _keep_best(partners: Indices, values: Vectors, scores: Vectors, rows: slice, columns: slice) -> None:
    depth = values.shape[1]
    if scores.shape[1] > depth:
        chosen = np.argpartition(scores, -depth, axis=1)[:, -depth:].astype(np.int32)
        scores = np.take_along_axis(scores, chosen, axis=1)
    else:
        chosen = np.broadcast_to(np.arange(scores.shape[1], dtype=np.int32), scores.shape)
    new = np.where(np.isneginf(scores), NOBODY, chosen + np.int32(columns.start))
    both_partners = np.concatenate([partners[rows], new.astype(np.int32)], axis=1)
    both_values = np.concatenate([values[rows], scores], axis=1)
    kept = np.argpartition(both_values, -depth, axis=1)[:, -depth:]
    partners[rows] = np.take_along_axis(both_partners, kept, axis=1)
    values[rows] = np.take_along_axis(both_values, kept, axis=1)
