"""The score of a pair: its parts, their weights, and their sum for a block of pairs.

    direction(A, B) = max over needs i of A, offers j of B of cos(need_i, offer_j with B's description)
    F(A, B) = direction(A, B) + direction(B, A) + words * bm25(A, B) + cooperation * [a type in common]
              + sector * (wants(A, B) + wants(B, A)) + tag * (tag(A, B) + tag(B, A))

`wants` is +0.5 where the other's sector is wanted, -0.5 where it isn't, 0 where either side left the question empty.
`tag` is 1 where a tag that one needs is offered by the other. F is symmetric; what a participant sees is F corrected
for popularity (`congestion`) and translated into a probability (`calibration`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from matching.embeddings import Vectors
from matching.facets import Facets
from matching.population import Layers, Population


@dataclass(frozen=True)
class Weights:
    """How much each part of the score counts, in units of cosine; `tests/benchmarks/bench_ranking.py` prints their effect."""

    words: float = 1.0
    cooperation: float = 0.30
    sector: float = 0.15
    tag: float = 0.40

    def to_dict(self) -> dict[str, float]:
        """Return the weights as data."""
        return asdict(self)


class Scorer:
    """Scores blocks of pairs of one population."""

    def __init__(self, population: Population, weights: Weights) -> None:
        """Arrange the items of every block once."""
        self._population = population
        self._weights = weights
        self._needs = [population.needs.layered(block) for block in population.blocks]
        self._offers = [population.offers.layered(block) for block in population.blocks]

    def tile(self, row_block: int, column_block: int) -> Vectors:
        """Return F for all pairs of two blocks, float32 (rows, columns)."""
        total = best_cosine(self._needs[row_block], self._offers[column_block])
        total += best_cosine(self._offers[row_block], self._needs[column_block])
        rows, columns = self._population.blocks[row_block], self._population.blocks[column_block]
        if self._weights.words:
            total += self._weights.words * self._population.words.tile(rows, columns)
        return structured(self._population.facets, self._weights, rows, columns, total)


def best_cosine(rows: Layers, columns: Layers) -> Vectors:
    """Return the best cosine of any item of the row profile with any of the column profile, at least 0."""
    folded = rows.fold(rows.vectors @ columns.vectors.T)
    best = np.ascontiguousarray(columns.fold(folded.T).T)
    return np.maximum(best, 0.0, out=best)


def structured(facets: Facets, weights: Weights, rows: slice, columns: slice, total: Vectors) -> Vectors:
    """Add what the form fields say to `total`, in place."""
    if weights.cooperation and facets.cooperation.answered.any():
        total += np.float32(weights.cooperation) * facets.cooperation.meets(rows, facets.cooperation, columns)
    if weights.sector and facets.wanted_sectors.answered.any():
        there = _wants(facets, rows, columns)
        total += np.float32(weights.sector) * (there + _wants(facets, columns, rows).T)
    if weights.tag and facets.tags_needed.answered.any():
        gets = facets.tags_needed.meets(rows, facets.tags_offered, columns).astype(np.float32)
        gives = facets.tags_offered.meets(rows, facets.tags_needed, columns)
        total += np.float32(weights.tag) * (gets + gives)
    return total


def _wants(facets: Facets, rows: slice, columns: slice) -> Vectors:
    wanted = facets.wanted_sectors.meets(rows, facets.sectors, columns).astype(np.float32) - np.float32(0.5)
    known = facets.wanted_sectors.answered[rows, None] & facets.sectors.answered[None, columns]
    return np.asarray(np.where(known, wanted, np.float32(0.0)))
