"""Who is close to a text or to a profile: the directory by meaning, similar profiles, what a text would match.

Nothing here ranks partners: a search answers with cosines, one side at a time. How vague a text is: `vagueness`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.competition import NEED_MET
from matching.embeddings import Vectors
from matching.population import Items, Population, needs_of, offers_of
from matching.vagueness import Verdict, judged

OFFERS = "offers"
NEEDS = "needs"
WHOLE = "whole"
WEAKEST_HIT = 0.2  # below this a text and an item hardly meet


@dataclass(frozen=True, slots=True)
class Hit:
    """A profile that was found: how close (cosine), and the words that were met, of its `side` (offers or needs)."""

    id: str
    similarity: float
    side: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a text being written would match: the best hits, how many profiles in all, of how many, and a verdict."""

    hits: tuple[Hit, ...]
    met: int
    among: int
    verdict: Verdict


def nearest(
    population: Population,
    vector: Vectors,
    where: str = WHOLE,
    top: int = 20,
    eligible: Collection[str] | None = None,
    weakest: float = WEAKEST_HIT,
) -> tuple[Hit, ...]:
    """Return the profiles closest to a unit vector, best first, ties by id; `eligible` None = everybody.

    `where`: their "offers", their "needs", or "whole", the better of both. The vector comes from the embedder of the
    population: `embedder.encode([text])[0]`.
    """
    closeness = {side: _closeness(population, side, vector) for side in (OFFERS, NEEDS) if where in (side, WHOLE)}
    if not closeness:
        raise ValueError(f'where must be "{OFFERS}", "{NEEDS}" or "{WHOLE}", not "{where}"')
    best = np.maximum.reduce([values for values, _ in closeness.values()])
    order = [p for p in np.argsort(-np.round(best, 6), kind="stable") if best[p] >= weakest]
    allowed = (p for p in order if eligible is None or population.profiles[p].id in eligible)
    return tuple(_hit(population, int(p), closeness) for p, _ in zip(allowed, range(top), strict=False))


def similar(population: Population, profile_id: str, top: int = 10) -> tuple[Hit, ...]:
    """Return profiles that offer what this one offers, other organisations only; empty where it offers nothing.

    The similarity is the mean, over my offers, of the closest of theirs.
    """
    me = population.position[profile_id]
    mine = population.offers.of(me)
    if not len(mine):
        return ()
    found = [_closeness(population, OFFERS, offer) for offer in mine]
    mean = np.mean([values for values, _ in found], axis=0)
    mean[population.facets.organisation == population.facets.organisation[me]] = -1
    order = [int(p) for p in np.argsort(-np.round(mean, 6), kind="stable")[:top] if mean[p] >= WEAKEST_HIT]
    return tuple(
        Hit(population.profiles[p].id, float(mean[p]), OFFERS, _best_text(population, p, OFFERS, found)) for p in order
    )


def preview(
    population: Population,
    text: str,
    vector: Vectors,
    side: str,
    top: int = 5,
    eligible: Collection[str] | None = None,
) -> Preview:
    """Return what an offer or a need would match if it stood in a profile: needs for an offer, offers for a need.

    `side` is what is being written, "offers" or "needs". Pass the ids that may be shown, without the writer's own.
    """
    other_side = NEEDS if side == OFFERS else OFFERS
    everybody = frozenset(population.position) if eligible is None else frozenset(eligible)
    met = nearest(population, vector, other_side, len(population), everybody, NEED_MET)
    hits = nearest(population, vector, other_side, top, everybody)
    among = len(everybody & population.position.keys())
    return Preview(hits, len(met), among, judged(text, population, len(met), among))


def _closeness(population: Population, side: str, vector: Vectors) -> tuple[Vectors, NDArray[np.intp]]:
    """Return per profile the cosine of its closest item and which item that is; -1 where it has none."""
    items = population.needs if side == NEEDS else population.offers
    if not len(items.vectors):
        return np.full(len(population), -1.0, dtype=np.float32), np.zeros(len(population), dtype=np.intp)
    if side == OFFERS:  # who offers it says much of what is meant
        return _best_item(items, population.described_offers @ vector)
    return _best_item(items, items.vectors @ vector)


def _best_item(items: Items, cosines: Vectors) -> tuple[Vectors, NDArray[np.intp]]:
    best = np.full(len(items.starts) - 1, -1.0, dtype=np.float32)
    which = np.zeros(len(best), dtype=np.intp)
    counts = np.diff(items.starts)
    for depth in range(int(counts.max(initial=0))):
        having = np.flatnonzero(counts > depth)
        values = cosines[items.starts[having] + depth]
        better = values > best[having]
        best[having[better]] = values[better]
        which[having[better]] = depth
    return best, which


def _hit(population: Population, place: int, closeness: dict[str, tuple[Vectors, NDArray[np.intp]]]) -> Hit:
    side = max(closeness, key=lambda name: closeness[name][0][place])
    values, which = closeness[side]
    text = _TEXTS[side](population.profiles[place])[which[place]]
    return Hit(population.profiles[place].id, float(values[place]), side, text)


def _best_text(
    population: Population, place: int, side: str, found: Collection[tuple[Vectors, NDArray[np.intp]]]
) -> str:
    _, which = max(found, key=lambda pair: float(pair[0][place]))
    text: str = _TEXTS[side](population.profiles[place])[int(which[place])]
    return text


_TEXTS: dict[str, Callable[..., tuple[str, ...]]] = {OFFERS: offers_of, NEEDS: needs_of}
