"""Recommendations for all participants of an event at once.

The steps, each in its own module: prepare (`population`), score (`scoring`), leave out who may not meet
(`eligibility`), keep the best (`candidates`), mix (`quotas`), make it fair (`congestion`), say what it means (`calibration`, `ranking`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matching.calibration import calibration_for
from matching.candidates import Candidates
from matching.competition import competing, without
from matching.congestion import VISIBLE_PLACES, FairnessReport, corrected, guaranteed
from matching.embeddings import Embedder, Progress
from matching.facets import Booleans
from matching.feedback import by_opinion
from matching.pairs import Pairs
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
    pairs = pairs_of(population, model, policy)
    candidates = pairs.best(depth_of(population, policy), progress)
    return ranking_of(pairs.scorer, arranged(population, candidates, policy), model, policy)


@dataclass(frozen=True)
class Lists(Candidates):
    """What everybody sees; `swaps`: so many places were swapped to be fair."""

    swaps: int


def pairs_of(population: Population, model: str, policy: Policy) -> Pairs:
    """Return the scores of all pairs that the policy allows."""
    reading = (policy.calibration or calibration_for(model)).reading
    return Pairs(Scorer(population, policy.weights, reading), policy)


def arranged(population: Population, candidates: Candidates, policy: Policy, rivals: Booleans | None = None) -> Lists:
    """Turn everybody's best partners by score into fair lists; `rivals` marks competitors, where they are known."""
    visible = min(policy.top, VISIBLE_PLACES)
    if policy.hide_competitors:
        candidates = without(candidates, competing(candidates.partners, population) if rivals is None else rivals)
    ordered = corrected(candidates, policy.neighbours) if policy.neighbours else candidates
    ordered = by_opinion(ordered, population, policy.opinions)
    ordered, kept = mixed(ordered, population.facets, policy, visible)
    fair, swaps = guaranteed(ordered, policy.minimum_incoming, visible, policy.protected, kept)
    lists = fair.first(policy.top)
    return Lists(lists.partners, lists.values, lists.scores, swaps)


def ranking_of(scorer: Scorer, lists: Lists, model: str, policy: Policy) -> Ranking:
    """Put lists into words and probabilities."""
    return Ranking(
        model=model,
        matches=LazyMatches(scorer, lists, policy.calibration or calibration_for(model)),
        fairness=FairnessReport.of(lists, lists.swaps),
    )


def needed_by(policy: Policy) -> int:
    """Return how many candidates per profile the steps that hide, reorder and swap start from; a quota looks further."""
    least = _LEAST_FOR_QUOTAS if policy.from_other_regions or policy.per_group else _LEAST_CANDIDATES
    return max(least, _SPARE * policy.top)


def depth_of(population: Population, policy: Policy) -> int:
    """Return the same for a population, which may be too small for it."""
    return min(needed_by(policy), max(len(population) - 1, 1))
