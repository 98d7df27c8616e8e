"""Recommendations for all participants of an event at once.

The steps, each in its own module: prepare (`population`), score (`scoring`), leave out who may not meet
(`eligibility`), keep the best (`candidates`), make it fair (`congestion`), say what it means (`calibration`, `ranking`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from matching.calibration import Calibration, calibration_for
from matching.candidates import Candidates, best_candidates
from matching.competition import without_competitors
from matching.congestion import VISIBLE_PLACES, FairnessReport, corrected, guaranteed
from matching.eligibility import RULES, excluded
from matching.embeddings import Embedder, Progress, Vectors
from matching.errors import InvalidPolicy, Mistake
from matching.feedback import Opinion, by_opinion
from matching.population import Population
from matching.profiles import Profile
from matching.ranking import LazyMatches, Ranking
from matching.scoring import Scorer, Weights

_SPARE = 5  # candidates kept per place of a list, for the steps that reorder
_LEAST_CANDIDATES = 100


@dataclass(frozen=True)
class Policy:
    """What an event decides about its lists.

    `top`: places per list. `minimum_incoming`: in so many lists everybody stands among the first ten, where
    eligibility allows; `protected`: so many first places of a list are never touched for that. `rules`: names out of
    eligibility.RULES. `forbidden`: pairs of ids, in either order, that must not be shown to each other.
    `hide_competitors`: leave out who offers the same in the same sector and has nothing to give or get.
    `neighbours`: how many best partners measure popularity; 0 switches the correction off.
    `calibration`: constants of the event's own, instead of those of the model. `opinions`: what participants said about
    others, which moves their own lists.
    """

    top: int = 20
    weights: Weights = field(default_factory=Weights)
    minimum_incoming: int = 5
    protected: int = 5
    rules: tuple[str, ...] = tuple(RULES)
    forbidden: frozenset[tuple[str, str]] = frozenset()
    hide_competitors: bool = True
    neighbours: int = 10
    calibration: Calibration | None = None
    opinions: tuple[Opinion, ...] = ()

    def __post_init__(self) -> None:
        """Refuse impossible numbers and unknown rules."""
        mistakes = [Mistake("rules", f'unknown rule "{name}"') for name in self.rules if name not in RULES]
        if self.top < 1:
            mistakes.append(Mistake("top", "must be at least 1"))
        mistakes += [
            Mistake(name, "must not be negative")
            for name in ("minimum_incoming", "protected", "neighbours")
            if getattr(self, name) < 0
        ]
        if mistakes:
            raise InvalidPolicy(mistakes)


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
    candidates = _candidates(population, scorer, policy, progress)
    if policy.hide_competitors:
        candidates = without_competitors(candidates, population)
    ordered = corrected(candidates, policy.neighbours) if policy.neighbours else candidates
    ordered = by_opinion(ordered, population, policy.opinions)
    fair, swaps = guaranteed(ordered, policy.minimum_incoming, min(policy.top, VISIBLE_PLACES), policy.protected)
    lists = Candidates(fair.partners[:, : policy.top], fair.values[:, : policy.top])
    scores = _scores_of(lists, candidates)
    return Ranking(
        model=model,
        matches=LazyMatches(population, scorer, lists, scores, calibration),
        fairness=FairnessReport.of(lists, swaps),
    )


def _candidates(population: Population, scorer: Scorer, policy: Policy, progress: Progress | None) -> Candidates:
    forbidden = _positions(population, policy.forbidden)

    def tile(row_block: int, column_block: int) -> Vectors:
        scores = scorer.tile(row_block, column_block)
        rows, columns = population.blocks[row_block], population.blocks[column_block]
        scores[excluded(population.facets, policy.rules, forbidden, rows, columns)] = -np.inf
        return scores

    depth = min(max(_LEAST_CANDIDATES, _SPARE * policy.top), max(len(population) - 1, 1))
    return best_candidates(tile, population.blocks, depth, progress)


def _positions(population: Population, pairs: Iterable[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    position = population.position
    known = [(position[a], position[b]) for a, b in pairs if a in position and b in position]
    both = np.array([*known, *((b, a) for a, b in known)], dtype=np.intp).reshape(-1, 2)
    return both[:, 0], both[:, 1]


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
