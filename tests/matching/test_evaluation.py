"""Figures of quality, against numbers worked out by hand."""

from math import log2

import numpy as np
import pytest

from matching.evaluation import (
    Estimate,
    Exposure,
    average_precision,
    difference,
    estimate,
    evaluate,
    exposure,
    ndcg,
    recall,
    reciprocal_hit_rate,
    returned,
)

LISTS = {"q": ["a", "x", "b"], "a": ["q"], "b": ["x"], "x": []}
GRADES = {"a": 3, "b": 1, "c": 2}


def test_ndcg_weighs_grades_and_places():
    ideal = 7 + 3 / log2(3) + 1 / log2(4)

    assert ndcg("q", LISTS, GRADES) == pytest.approx((7 + 1 / log2(4)) / ideal)


def test_a_perfect_list_has_ndcg_one():
    assert ndcg("q", {"q": ["a", "c", "b", "x"]}, GRADES) == pytest.approx(1)


def test_only_the_first_ten_places_count():
    late = {"q": [*"ghijklmnop", "a"]}

    assert ndcg("q", late, GRADES) == recall("q", late, GRADES) == 0
    assert average_precision("q", late, GRADES) == pytest.approx(1 / 11 / 3)


def test_recall_is_the_share_found_of_what_ten_places_can_hold():
    many = {f"r{number}": 1 for number in range(20)}

    assert recall("q", LISTS, GRADES) == pytest.approx(2 / 3)
    assert recall("q", {"q": list(many)}, many) == 1


def test_average_precision_by_hand():
    assert average_precision("q", LISTS, GRADES) == pytest.approx((1 + 2 / 3) / 3)


def test_a_reciprocal_hit_needs_both_lists():
    assert reciprocal_hit_rate("q", LISTS, GRADES) == pytest.approx(1 / 3)
    assert returned("q", LISTS, GRADES) == pytest.approx(1 / 3)


def test_exposure_counts_those_never_shown():
    assert exposure(LISTS) == Exposure(minimum_incoming=1, share_under_five=1.0, gini=pytest.approx(0.15))
    assert exposure({"a": ["b"], "b": []}).minimum_incoming == 0
    assert exposure({}) == Exposure(0, 0.0, 0.0)


def test_an_evaluation_holds_every_figure_for_queries_with_something_to_find():
    found = evaluate(LISTS, {"q": GRADES, "a": {"q": 3}, "b": {"q": 0}, "absent": {"q": 1}})

    assert found.queries == 3
    assert list(found.figures) == ["nDCG@10", "recall@10", "MAP", "reciprocal hit rate", "mutual places"]
    assert found.per_query["recall@10"].tolist() == [1.0, 0.0, pytest.approx(2 / 3)]
    assert found.figures["recall@10"].value == pytest.approx(5 / 9)


def test_the_interval_encloses_the_mean_and_is_the_same_every_time():
    values = np.linspace(0, 1, 50)

    first = estimate(values)

    assert first == estimate(values)
    assert first.low < first.value < first.high
    assert first.high - first.low == pytest.approx(4 * values.std() / 50**0.5, rel=0.1)


def test_no_queries_give_zeros():
    assert estimate(np.zeros(0)) == Estimate(0.0, 0.0, 0.0)


def test_a_constant_difference_has_no_spread():
    values = np.array([0.2, 0.5, 0.9])

    assert difference(values + 0.1, values).low == pytest.approx(0.1)
