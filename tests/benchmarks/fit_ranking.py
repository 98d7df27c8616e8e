"""Fit the constants of `matching.calibration` for a model; prints them beside those in use.

    python -m tests.benchmarks.fit_ranking [lexical]

All numbers come from the development set. Whoever fits them for another model needs judged profiles, not this file.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching import LexicalEmbedder, Policy, Weights
from matching.calibration import Platt, Reading, calibration_for, fit
from matching.eligibility import Eligibility
from matching.embeddings import Embedder
from matching.population import Population
from matching.scoring import Scorer
from tests.matching.support import JudgedSet, cached_model, development_set

Matrix = NDArray[np.float64]
STEPS = 100
TEXT_ONLY = Weights(sector=0, tag=0, tag_missing=0, cooperation=0)
# What people fill in differs: the pair is fitted over all of these together.
FORMS = (Weights(sector=0, tag=0, tag_missing=0), Weights(tag=0, tag_missing=0), Weights())


def scored(population: Population, weights: Weights, reading: Reading) -> Matrix:
    """Return F of all pairs."""
    scorer = Scorer(population, weights, reading)
    size = range(len(population.blocks))
    return np.block([[scorer.tile(i, j) for j in size] for i in size])


def eligible(population: Population) -> NDArray[np.bool_]:
    """Return which pairs may meet."""
    everybody = slice(0, len(population))
    return ~Eligibility.of(population.facets, {}, Policy()).excluded(everybody, everybody)


def fitted_pair(judged: JudgedSet, population: Population, reading: Reading) -> Platt:
    """Fit the probability that both gain, over forms filled in to different degrees."""
    allowed = eligible(population)
    both = judged.grades_of(population)[allowed] > 1
    values = [scored(population, weights, reading)[allowed] for weights in FORMS]
    return fit(np.concatenate(values), np.tile(both, len(FORMS)))


def fitted_side(judged: JudgedSet, population: Population) -> Platt:
    """Fit the cosine of one need and one offer."""
    labels = judged.links_of(population)
    cosines = population.needs.vectors @ population.offers.vectors.T
    foreign = population.needs.owners[:, None] != population.offers.owners[None, :]
    return fit(cosines[foreign], labels[foreign])


def fitted_reading(judged: JudgedSet, population: Population) -> Reading:
    """Fit meaning, words and bias of one direction by logistic regression."""
    allowed = eligible(population)
    parts = []  # the set fits into one block
    for part in (Reading(1, 0, 0), Reading(0, 1, 0)):
        scorer = Scorer(population, TEXT_ONLY, part)
        parts.append(scorer.directions(0, 0)[0][allowed])
    return Reading(*logistic(np.column_stack(parts), judged.gains_of(population)[allowed]))


def logistic(features: Matrix, labels: NDArray[np.bool_]) -> Sequence[float]:
    """Return weights and intercept of a logistic regression (Newton's method)."""
    design = np.column_stack([features, np.ones(len(features))])
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-design @ weights))
        curvature = (design * (probability * (1 - probability))[:, None]).T @ design + 1e-6 * np.eye(len(weights))
        weights += np.linalg.solve(curvature, design.T @ (labels - probability))
    return [round(float(weight), 3) for weight in weights]


def main() -> None:
    """Print all constants of one model."""
    embedder: Embedder = LexicalEmbedder() if "lexical" in sys.argv[1:] else cached_model()
    judged, used = development_set(), calibration_for(embedder.id)
    population = Population.build(judged.profiles, embedder)
    print(embedder.id, "fitted", fitted_reading(judged, population), "used", used.reading)
    print("pair fitted", fitted_pair(judged, population, used.reading), "used", used.pair)
    print("side fitted", fitted_side(judged, population), "used", used.side)


if __name__ == "__main__":
    main()
