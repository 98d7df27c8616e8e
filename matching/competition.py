"""Competitors: pairs that offer the same thing in the same sector and have nothing to give each other.

A rule and not a penalty in the score: need against offer already ranks most competitors low; this removes the rest,
which come in through common words.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from matching.candidates import NOBODY, Candidates, Indices
from matching.embeddings import Embedder, Vectors
from matching.facets import Booleans
from matching.population import Items, Population
from matching.profiles import Profile

SAME_OFFER = 0.5  # cosine of two offers from which they are taken for the same thing
NEED_MET = 0.4  # cosine of need and offer from which the need counts as met: even odds on the development set

_CHUNK = 1 << 14  # pairs whose items are compared together
_WORD = 64  # bits of one word of a set of divisions

Places = NDArray[np.integer]


def without(candidates: Candidates, hidden: Booleans) -> Candidates:
    """Leave out the candidates that are marked."""
    if not hidden.any():
        return candidates
    values = np.where(hidden, np.float32(-np.inf), candidates.values)
    kept = np.where(hidden, NOBODY, candidates.partners).astype(np.int32)
    return Candidates(kept, values, np.where(hidden, np.float32(-np.inf), candidates.scores)).ordered_by(values)


def competing(partners: Indices, population: Population, owners: Places | None = None) -> Booleans:
    """Return which partners are competitors: same NACE division, an offer in common, and no need of either met.

    Row by row the partners of everybody, or of the profiles at the positions `owners`.
    """
    rows, places = np.nonzero(partners != NOBODY)
    found = np.zeros(partners.shape, dtype=bool)
    found[rows, places] = compete(population, rows if owners is None else owners[rows], partners[rows, places])
    return found


def are_competitors(one: Profile, other: Profile, embedder: Embedder) -> bool:
    """Tell whether two profiles are competitors. Raises ModelUnavailable when the embedder can't encode."""
    population = Population.build([one, other], embedder)
    return bool(compete(population, np.array([0]), np.array([1]))[0])


def compete(population: Population, ones: Places, others: Places) -> Booleans:
    """Return which of these pairs are competitors."""
    found = _same_division(population, ones, others)
    suspects = np.flatnonzero(found)
    low, high = (pick(ones[suspects], others[suspects]).astype(np.int64) for pick in (np.minimum, np.maximum))
    pairs, pair_of = np.unique(low * len(population) + high, return_inverse=True)
    guilty = np.zeros(len(pairs), dtype=bool)
    for start in range(0, len(pairs), _CHUNK):
        some = slice(start, start + _CHUNK)
        guilty[some] = _nothing_but_rivals(population, *np.divmod(pairs[some], max(len(population), 1)))
    found[suspects] = guilty[pair_of]
    return found


def _same_division(population: Population, ones: Places, others: Places) -> Booleans:
    shared = np.zeros(len(ones), dtype=bool)
    involved = np.zeros(len(population), dtype=bool)
    involved[ones] = involved[others] = True
    for word in _divisions(population, np.flatnonzero(involved)).T:
        shared |= (word[ones] & word[others]) != 0
    return shared


def _divisions(population: Population, involved: Places) -> NDArray[np.uint64]:
    """Return the NACE divisions of those involved as sets of bits: uint64 (profiles, 2)."""
    member = np.zeros((len(population), 2), dtype=np.uint64)
    for row in involved:
        for sector in population.profiles[row].sectors:
            if sector[:2].isdecimal() and sector[:2].isascii():
                word, bit = divmod(int(sector[:2]), _WORD)
                member[row, word] |= np.uint64(1 << bit)
    return member


def _nothing_but_rivals(population: Population, ones: Places, others: Places) -> Booleans:
    offers, needs = population.offers, population.needs
    same = _closest(offers, offers, ones, others) >= SAME_OFFER
    left, right = ones[same], others[same]
    met = np.maximum(_closest(needs, offers, left, right), _closest(offers, needs, left, right))
    same[same] = met < NEED_MET
    return same


def _closest(one: Items, other: Items, ones: Places, others: Places) -> Vectors:
    """Return the largest product of any item of the one with any of the other for every pair, at least 0."""
    best = np.zeros(len(ones), dtype=np.float32)
    first, second = np.diff(one.starts)[ones], np.diff(other.starts)[others]
    for i, j in product(range(int(first.max(initial=0))), range(int(second.max(initial=0)))):
        having = np.flatnonzero((first > i) & (second > j))
        mine = one.vectors[one.starts[ones[having]] + i]
        theirs = other.vectors[other.starts[others[having]] + j]
        best[having] = np.maximum(best[having], np.einsum("ij,ij->i", mine, theirs))
    return best
