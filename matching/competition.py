"""Competitors: pairs that offer the same thing in the same sector and have nothing to give each other.

A rule and not a penalty in the score: need against offer already ranks most competitors low; this removes the rest,
which come in through common words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.candidates import NOBODY, Candidates
from matching.embeddings import Embedder
from matching.facets import Booleans
from matching.population import Items, Population
from matching.profiles import Profile

SAME_OFFER = 0.5  # cosine of two offers from which they are taken for the same thing
NEED_MET = 0.4  # cosine of need and offer from which the need counts as met: even odds on the development set

_CHUNK = 1 << 16  # pairs looked at together


def without_competitors(candidates: Candidates, population: Population) -> Candidates:
    """Leave out competitors: same NACE division, an offer in common, and no need of either met by the other."""
    guilty = competing(candidates, population)
    if not guilty.any():
        return candidates
    values = np.where(guilty, np.float32(-np.inf), candidates.values)
    return Candidates(np.where(guilty, np.int32(NOBODY), candidates.partners), values).ordered_by(values)


def competing(candidates: Candidates, population: Population) -> Booleans:
    """Return which of the candidates are competitors."""
    rows, places = np.nonzero(candidates.partners != NOBODY)
    partners = candidates.partners[rows, places]
    suspects = np.flatnonzero(_same_division(population, rows, partners))
    guilty = [pair for pair in suspects if _compete(population, int(rows[pair]), int(partners[pair]))]
    found = np.zeros(candidates.partners.shape, dtype=bool)
    found[rows[guilty], places[guilty]] = True
    return found


def are_competitors(one: Profile, other: Profile, embedder: Embedder) -> bool:
    """Tell whether two profiles are competitors. Raises ModelUnavailable when the embedder can't encode."""
    population = Population.build([one, other], embedder)
    pair = Candidates(np.array([[1], [0]], dtype=np.int32), np.zeros((2, 1), dtype=np.float32))
    return bool(competing(pair, population).any())


def _same_division(population: Population, rows: NDArray[np.integer], partners: NDArray[np.integer]) -> Booleans:
    codes = [{sector[:2] for sector in profile.sectors if sector[:2].isdigit()} for profile in population.profiles]
    column = {code: number for number, code in enumerate(sorted(set().union(*codes)))}
    member = np.zeros((len(codes), len(column)), dtype=bool)
    for row, own in enumerate(codes):
        member[row, [column[code] for code in own]] = True
    parts = [
        (member[rows[start : start + _CHUNK]] & member[partners[start : start + _CHUNK]]).any(axis=1)
        for start in range(0, len(rows), _CHUNK)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=bool)


def _compete(population: Population, one: int, other: int) -> bool:
    def best(rows: Items, columns: Items, row: int, column: int) -> float:
        return float(np.max(rows.of(row) @ columns.of(column).T, initial=0.0))

    offers, needs = population.offers, population.needs
    met = max(best(needs, offers, one, other), best(needs, offers, other, one))
    return met < NEED_MET and best(offers, offers, one, other) >= SAME_OFFER
