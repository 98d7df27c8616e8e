"""Recommendations for all participants of an event at once.

The steps, each in its own module: prepare (`population`), score (`scoring`), leave out who may not meet
(`eligibility`), keep the best (`candidates`), mix (`quotas`), make it fair (`congestion`), say what it means (`calibration`, `ranking`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matching.calibration import calibration_for
from matching.candidates import Candidates, best_candidates
from matching.competition import without_competitors
from matching.congestion import VISIBLE_PLACES, FairnessReport, corrected, guaranteed
from matching.eligibility import Eligibility
from matching.embeddings import Embedder, Progress, Vectors
from matching.feedback import by_opinion
from matching.policy import Policy
from matching.population import Population
from matching.profiles import Profile
from matching.quotas import mixed
from matching.ranking import LazyMatches, Ranking
from matching.scoring import Scorer

_SPARE = 5  # candidates kept per place of a list, for the steps that reorder
_LEAST_CANDIDATES = 100
_LEAST_FOR_QUOTAS = 300


def recommend(
    profiles: Iterable[Profile],
    embedder: Embedder,
    policy: Policy | None = None,
    progress: Progress | None = None,
) -> Ranking:
    """Rank partners for everybody; the same input gives the same lists, ties are broken by id.

    `progress(done, total, label)` is called with the labels "encoding" and "scoring". Raises InvalidProfile when an
    id is used twice and ModelUnavailable when the embedder can't load its model.
    """
    population = Population.build(profiles, embedder, progress)
    return rank(population, embedder.id, policy or Policy(), progress)


def rank(population: Population, model: str, policy: Policy, progress: Progress | None = None) -> Ranking:
    """Rank a prepared population."""
    calibration = policy.calibration or calibration_for(model)
    scorer = Scorer(population, policy.weights, calibration.reading)
    candidates = candidates_of(population, scorer, policy, progress)
    lists = arranged(population, candidates, policy)
    return Ranking(
        model=model,
        matches=LazyMatches(population, scorer, lists, lists.scores, calibration),
        fairness=FairnessReport.of(lists, lists.swaps),
    )


@dataclass(frozen=True)
class Lists(Candidates):
    """What everybody sees; `scores`: F of every entry; `swaps`: so many places were swapped to be fair."""

    scores: Vectors
    swaps: int


def candidates_of(
    population: Population, scorer: Scorer, policy: Policy, progress: Progress | None = None
) -> Candidates:
    """Return everybody's best partners by score, those left out who may not be shown to each other."""
    eligibility = Eligibility.of(population.facets, population.position, policy)

    def tile(row_block: int, column_block: int) -> Vectors:
        scores = scorer.tile(row_block, column_block)
        rows, columns = population.blocks[row_block], population.blocks[column_block]
        scores[eligibility.excluded(rows, columns)] = -np.inf
        return scores

    return best_candidates(tile, population.blocks, depth_of(population, policy), progress)


def arranged(population: Population, candidates: Candidates, policy: Policy) -> Lists:
    """Turn everybody's best partners by score into fair lists."""
    visible = min(policy.top, VISIBLE_PLACES)
    if policy.hide_competitors:
        candidates = without_competitors(candidates, population)
    ordered = corrected(candidates, policy.neighbours) if policy.neighbours else candidates
    ordered = by_opinion(ordered, population, policy.opinions)
    ordered, kept = mixed(ordered, population.facets, policy, visible)
    fair, swaps = guaranteed(ordered, policy.minimum_incoming, visible, policy.protected, kept)
    lists = Candidates(fair.partners[:, : policy.top], fair.values[:, : policy.top])
    return Lists(lists.partners, lists.values, _scores_of(lists, candidates), swaps)


def depth_of(population: Population, policy: Policy) -> int:
    """Return how many candidates per profile are kept for the steps that reorder; a quota looks further."""
    least = _LEAST_FOR_QUOTAS if policy.from_other_regions or policy.per_group else _LEAST_CANDIDATES
    return min(max(least, _SPARE * policy.top), max(len(population) - 1, 1))


def _scores_of(lists: Candidates, candidates: Candidates) -> Vectors:
    """Return F for every place of the lists, which may be in another order than the candidates."""
    rows = np.arange(len(lists.partners))[:, None]
    by_partner = np.argsort(candidates.partners, axis=1, kind="stable")
    sorted_partners = np.take_along_axis(candidates.partners, by_partner, axis=1)
    size = np.int64(len(lists.partners) + 1)
    keys = (rows * size + sorted_partners).ravel()
    places = np.searchsorted(keys, rows * size + lists.partners)
    sorted_values = np.take_along_axis(candidates.values, by_partner, axis=1).ravel()
    return np.asarray(sorted_values[np.minimum(places, len(keys) - 1)])
