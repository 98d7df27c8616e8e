"""The scores of all pairs that may be recommended to each other, computed where they are asked for.

-inf where a rule keeps two apart, and nobody is a partner of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.candidates import Candidates, best_candidates
from matching.eligibility import Eligibility
from matching.embeddings import Progress, Vectors
from matching.policy import Policy
from matching.scoring import Scorer

Places = NDArray[np.intp]


class Pairs:
    """All pairs of one population under the rules of one policy."""

    def __init__(self, scorer: Scorer, policy: Policy) -> None:
        """Prepare the rules of a policy."""
        population = scorer.population
        self.scorer = scorer
        self._eligibility = Eligibility.of(population.facets, population.position, policy)

    def best(self, depth: int, progress: Progress | None = None) -> Candidates:
        """Return the best partners of everybody."""
        return best_candidates(self.tile, self.scorer.population.blocks, depth, progress)

    def rows(self, places: Places) -> Vectors:
        """Return the scores of some profiles with everybody, float32 (places, everybody)."""
        scores = self.scorer.rows(places)
        everybody = slice(0, len(self.scorer.population))
        for row, place in zip(scores, places, strict=True):
            me = slice(int(place), int(place) + 1)
            row[self._eligibility.excluded(me, everybody)[0]] = -np.inf
        return scores

    def tile(self, row_block: int, column_block: int) -> Vectors:
        """Return the scores of two blocks of the population."""
        population = self.scorer.population
        rows, columns = population.blocks[row_block], population.blocks[column_block]
        scores = self.scorer.tile(row_block, column_block)
        scores[self._eligibility.excluded(rows, columns)] = -np.inf
        return scores
