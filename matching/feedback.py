"""What somebody said about others moves who resembles those others in the list of the one who said it.

Relevance feedback (Rocchio 1971), on lists: the value of a partner rises with every liked participant that offers and
needs the same, and falls with every disliked one. Only the order of the own list changes, no score, and nobody else's
list. On the development set, from texts and cooperation types, ten opinions raise nDCG@10 over the rest of the list from
0.66 to 0.67, five leave it as it is; on the validation set from 0.519 to 0.526 and from 0.586 to 0.593: a nudge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matching.candidates import NOBODY, Candidates
from matching.embeddings import Vectors
from matching.population import Items, Population

STRENGTH = 1.5  # measured best of 0.5 to 4, in units of the corrected score


@dataclass(frozen=True, slots=True)
class Opinion:
    """What profile `by` thinks of profile `about`: `value` from -1 (not relevant) to 1 (very welcome)."""

    by: str
    about: str
    value: float

    def __post_init__(self) -> None:
        """Refuse values that mean nothing."""
        if not -1 <= self.value <= 1:
            raise ValueError(f"the value of an opinion is between -1 and 1, not {self.value}")


def by_opinion(candidates: Candidates, population: Population, opinions: Iterable[Opinion]) -> Candidates:
    """Reorder the lists of those who have opinions; opinions of or about unknown ids say nothing."""
    known: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for opinion in opinions:
        if opinion.by in population.position and opinion.about in population.position:
            known[population.position[opinion.by]].append((population.position[opinion.about], opinion.value))
    if not known:
        return candidates
    offers = _directions(population.offers, population.background.offers)
    needs = _directions(population.needs, population.background.needs)
    values = candidates.values.copy()
    for row, heard in known.items():
        places = np.flatnonzero(candidates.partners[row] != NOBODY)
        partners = candidates.partners[row, places]
        about, weights = np.array([other for other, _ in heard]), np.array([value for _, value in heard])
        alike = (offers[partners] @ offers[about].T + needs[partners] @ needs[about].T) / 2
        values[row, places] += np.float32(STRENGTH) * (np.maximum(alike, 0) @ weights).astype(np.float32)
    return candidates.ordered_by(values)


def _directions(items: Items, common: Vectors) -> Vectors:
    """Return the direction in which the items of each profile lie, as unit vectors; zeros without items."""
    counts = np.diff(items.starts)
    total = np.zeros((len(counts), items.vectors.shape[1]), dtype=np.float32)
    if (having := np.flatnonzero(counts)).size:
        total[having] = np.add.reduceat(items.vectors, items.starts[having], axis=0) - counts[having, None] * common
    lengths = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(np.divide(total, lengths, out=np.zeros_like(total), where=lengths > 0))
