"""How good ranked lists are, against judgements and for everybody's exposure; no texts, no models.

Judgements are grades 0 to 3 ("would both sides gain from a 20-minute meeting?"), absent = 0. Relevant means grade 1 or
better. Every figure is a mean over queries with at least one relevant partner, with a bootstrapped 95 % interval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.congestion import FEW, gini

Lists = Mapping[str, Sequence[str]]
Gold = Mapping[str, Mapping[str, int]]
Values = NDArray[np.float64]

PLACES = 10
_RESAMPLES = 2000
_SEED = 20270302


@dataclass(frozen=True)
class Estimate:
    """A mean over queries with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Exposure:
    """Who appears how often among the first ten places of all lists."""

    minimum_incoming: int
    share_under_five: float
    gini: float


@dataclass(frozen=True)
class Evaluation:
    """All figures of one set of lists; `per_query` keeps the raw values for paired comparisons."""

    queries: int
    figures: Mapping[str, Estimate]
    exposure: Exposure
    per_query: Mapping[str, Values]


def evaluate(lists: Lists, gold: Gold) -> Evaluation:
    """Compute every figure of FIGURES and the exposure; a query without a list counts as an empty list."""
    queries = sorted(query for query, grades in gold.items() if any(grade > 0 for grade in grades.values()))
    values = {
        name: np.array([figure(query, lists, gold[query]) for query in queries]) for name, figure in FIGURES.items()
    }
    return Evaluation(
        queries=len(queries),
        figures={name: estimate(scores) for name, scores in values.items()},
        exposure=exposure(lists),
        per_query=values,
    )


def ndcg(query: str, lists: Lists, grades: Mapping[str, int]) -> float:
    """Return nDCG@10 with gain 2^grade - 1 and discount log2(place + 1) (Burges et al. 2005)."""
    shown = [grades.get(partner, 0) for partner in lists.get(query, ())[:PLACES]]
    return _dcg(shown) / _dcg(sorted(grades.values(), reverse=True)[:PLACES])


def recall(query: str, lists: Lists, grades: Mapping[str, int]) -> float:
    """Return the share of relevant partners among the first ten, of as many as ten places can hold."""
    relevant = _relevant(grades)
    return len(relevant & set(lists.get(query, ())[:PLACES])) / min(len(relevant), PLACES)


def average_precision(query: str, lists: Lists, grades: Mapping[str, int]) -> float:
    """Return the mean, over relevant partners, of the precision at their place; 0 for those not in the list."""
    relevant = _relevant(grades)
    places = [place for place, partner in enumerate(lists.get(query, ()), start=1) if partner in relevant]
    return sum(found / place for found, place in enumerate(places, start=1)) / len(relevant)


def reciprocal_hit_rate(query: str, lists: Lists, grades: Mapping[str, int]) -> float:
    """Return the share of relevant partners where both sides have each other among the first ten."""
    relevant = _relevant(grades)
    mine = set(lists.get(query, ())[:PLACES])
    both = [partner for partner in relevant & mine if query in lists.get(partner, ())[:PLACES]]
    return len(both) / min(len(relevant), PLACES)


def returned(query: str, lists: Lists, grades: Mapping[str, int]) -> float:
    """Return the share of the first ten places, relevant or not, that the other side's first ten return."""
    del grades
    mine = lists.get(query, ())[:PLACES]
    return sum(query in lists.get(partner, ())[:PLACES] for partner in mine) / max(len(mine), 1)


FIGURES: dict[str, Callable[[str, Lists, Mapping[str, int]], float]] = {
    "nDCG@10": ndcg,
    "recall@10": recall,
    "MAP": average_precision,
    "reciprocal hit rate": reciprocal_hit_rate,
    "mutual places": returned,
}


def exposure(lists: Lists) -> Exposure:
    """Count incoming places of everybody who has a list."""
    incoming = dict.fromkeys(lists, 0)
    for partners in lists.values():
        for partner in partners[:PLACES]:
            incoming[partner] = incoming.get(partner, 0) + 1
    counts = np.array(list(incoming.values()), dtype=np.int64)
    if not len(counts):
        return Exposure(0, 0.0, 0.0)
    return Exposure(int(counts.min()), float(np.mean(counts < FEW)), gini(counts))


def estimate(values: Values) -> Estimate:
    """Return the mean and its percentile bootstrap interval; the resamples are always the same."""
    if not len(values):
        return Estimate(0.0, 0.0, 0.0)
    low, high = np.quantile(_resampled_means(values), [0.025, 0.975])
    return Estimate(float(values.mean()), float(low), float(high))


def difference(values: Values, baseline: Values) -> Estimate:
    """Return the mean difference of two methods on the same queries with its paired bootstrap interval."""
    return estimate(values - baseline)


def _resampled_means(values: Values) -> Values:
    random = np.random.default_rng(_SEED)
    chosen = random.integers(0, len(values), size=(_RESAMPLES, len(values)))
    return np.asarray(values[chosen].mean(axis=1))


def _relevant(grades: Mapping[str, int]) -> set[str]:
    return {partner for partner, grade in grades.items() if grade > 0}


def _dcg(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / np.log2(place + 1) for place, grade in enumerate(grades, start=1)))
