"""The candidates that an index keeps, and how they follow when some profiles are new, changed or gone.

Every list of candidates is longer than needed. Whoever is not in a list comes after its `Bound`; so a list is known
as long as enough of its candidates are left, and only then its row has to be computed again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.candidates import NOBODY, Candidates, Indices, best_of, keys_of, rounded
from matching.competition import compete, competing
from matching.embeddings import Vectors
from matching.facets import Booleans
from matching.pairs import Pairs
from matching.population import Population, Replaced

Places = NDArray[np.intp]

_AT_ONCE = 64  # new profiles that are compared with everybody together


@dataclass(frozen=True)
class Bound:
    """Whoever is not among the candidates of a profile comes after this rounded score and, in a tie, this position."""

    scores: NDArray[np.int64]
    positions: NDArray[np.int64]

    @classmethod
    def of(cls, candidates: Candidates) -> Bound:
        """Return the last candidates; everybody comes before NOBODY."""
        return cls(rounded(candidates.scores[:, -1]), candidates.partners[:, -1].astype(np.int64))

    def passed_by(self, scores: NDArray[np.int64], positions: Places) -> Booleans:
        """Return who comes before the bounds, so that nobody unknown can come before them: (positions, profiles)."""
        is_tie = (scores == self.scores) & (positions[:, None] <= self.positions)
        return np.asarray((scores < self.scores) | is_tie)

    @property
    def is_open(self) -> Booleans:
        """Whether everybody is among the candidates."""
        return np.asarray(self.scores == rounded(np.full(1, -np.inf, dtype=np.float32)))


@dataclass(frozen=True)
class Kept:
    """Everybody's best partners by score, which of them are competitors, and what is known of all others."""

    candidates: Candidates
    rivals: Booleans
    bound: Bound

    @classmethod
    def of(cls, candidates: Candidates, population: Population) -> Kept:
        """Keep the candidates of a full run."""
        return cls(candidates, competing(candidates.partners, population), Bound.of(candidates))


def updated(kept: Kept, pairs: Pairs, new: Replaced, needed: int) -> Kept:
    """Keep what still holds, add new profiles where they belong, and compute anew only what can't be known.

    `needed`: so many candidates of everybody have to be right.
    """
    lists = _Lists(kept, pairs, new)
    for start in range(0, len(new.splice.fresh), _AT_ONCE):
        lists.take_in(new.splice.fresh[start : start + _AT_ONCE])
    unknown = lists.with_fewer_than(needed)
    for start in range(0, len(unknown), _AT_ONCE):
        some = unknown[start : start + _AT_ONCE]
        lists.fill(some, pairs.rows(some))
    return lists.done()


class _Lists:
    """The candidates while they change."""

    def __init__(self, kept: Kept, pairs: Pairs, new: Replaced) -> None:
        """Move everybody who stays to the new place; who is gone or changed leaves all lists."""
        size, width = len(new.population), kept.candidates.partners.shape[1]
        old = new.splice.source[new.splice.source < new.splice.old]
        rows = new.splice.moved[old]
        moved = new.splice.moved[kept.candidates.partners[old]]
        self._pairs = pairs
        self._partners = np.full((size, width), NOBODY, dtype=np.int32)
        self._scores = np.full((size, width), -np.inf, dtype=np.float32)
        self._rivals = np.zeros((size, width), dtype=bool)
        self._bound = Bound(np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64))
        self._is_touched = np.zeros(size, dtype=bool)
        self._is_fresh = new.splice.source >= new.splice.old  # their lists are filled with everybody at once
        self._partners[rows], self._rivals[rows] = moved, kept.rivals[old]
        self._bound.scores[rows] = kept.bound.scores[old]
        self._bound.positions[rows] = new.before[kept.bound.positions[old]]
        self._scores[rows] = np.where(moved == NOBODY, np.float32(-np.inf), kept.candidates.scores[old])
        self._is_touched[rows] = ((moved == NOBODY) & (kept.candidates.partners[old] != NOBODY)).any(axis=1)

    def take_in(self, places: Places) -> None:
        """Compare new profiles with everybody: fill their own lists, and let them into those where they belong."""
        scores = self._pairs.rows(places)
        self.fill(places, scores)
        admitted = self._bound.passed_by(rounded(scores), places) & ~np.isneginf(scores) & ~self._is_fresh
        rows = np.flatnonzero(admitted.any(axis=0))
        values = np.where(admitted[:, rows], scores[:, rows], -np.inf).T
        row, place = np.nonzero(admitted[:, rows].T)
        rivals = np.zeros(values.shape, dtype=bool)
        rivals[row, place] = compete(self._pairs.scorer.population, rows[row], places[place])
        partners = np.where(np.isneginf(values), NOBODY, places).astype(np.int32)
        self._extend(rows, partners, values, rivals)

    def fill(self, places: Places, scores: Vectors) -> None:
        """Make the lists of some profiles anew out of their scores with everybody."""
        width = self._partners.shape[1]
        everybody = np.broadcast_to(np.arange(scores.shape[1], dtype=np.int32), scores.shape)
        partners, values = best_of(everybody, scores, width)
        found = Candidates.of(partners, values)
        self._partners[places], self._scores[places] = found.partners, found.scores
        self._rivals[places] = competing(found.partners, self._pairs.scorer.population, places)
        last = Bound.of(found)
        self._bound.scores[places], self._bound.positions[places] = last.scores, last.positions
        self._is_touched[places] = False

    def with_fewer_than(self, needed: int) -> Places:
        """Return whose list has lost too many to be known."""
        left = np.count_nonzero(~np.isneginf(self._scores), axis=1)
        return np.flatnonzero((left < needed) & ~self._bound.is_open)

    def done(self) -> Kept:
        """Return everybody's candidates in order."""
        rows = np.flatnonzero(self._is_touched)
        self._extend(rows, self._partners[rows, :0], self._scores[rows, :0], self._rivals[rows, :0])
        return Kept(Candidates(self._partners, self._scores, self._scores), self._rivals, self._bound)

    def _extend(self, rows: Places, partners: Indices, scores: Vectors, rivals: Booleans) -> None:
        """Add candidates to some lists and order these; where one finds no place any more the last one is the bound."""
        width = self._partners.shape[1]
        partners = np.concatenate([self._partners[rows], partners], axis=1)
        scores = np.concatenate([self._scores[rows], scores], axis=1)
        rivals = np.concatenate([self._rivals[rows], rivals], axis=1)
        order = np.argsort(keys_of(partners, scores), axis=1)
        is_cut = ~np.isneginf(np.take_along_axis(scores, order[:, width:], axis=1)).all(axis=1)
        order = order[:, :width]
        self._partners[rows] = np.take_along_axis(partners, order, axis=1)
        self._scores[rows] = np.take_along_axis(scores, order, axis=1)
        self._rivals[rows] = np.take_along_axis(rivals, order, axis=1)
        last = Bound.of(Candidates(self._partners[rows], self._scores[rows], self._scores[rows]))
        self._bound.scores[rows[is_cut]] = last.scores[is_cut]
        self._bound.positions[rows[is_cut]] = last.positions[is_cut]
        self._is_touched[rows] = False
