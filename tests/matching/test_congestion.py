"""Fair lists: the correction for hubs, the guarantee, and the figures of exposure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.candidates import NOBODY, Candidates
from matching.congestion import FairnessReport, corrected, gini, guaranteed, incoming_places


def all_pairs(matrix):
    """Everybody's full list, best first."""
    matrix = np.array(matrix, dtype=np.float32)
    np.fill_diagonal(matrix, -np.inf)
    order = np.argsort(-matrix, axis=1, kind="stable")[:, : len(matrix) - 1]
    values = np.take_along_axis(matrix, order, axis=1)
    return Candidates.of(np.where(np.isneginf(values), NOBODY, order).astype(np.int32), values)


def popular(size, seed=1):
    """Scores in which the first few are everybody's favourites."""
    random = np.random.default_rng(seed)
    matrix = random.random((size, size)) * 0.2 + np.linspace(1, 0, size)[:, None] + np.linspace(1, 0, size)[None]
    return (matrix + matrix.T) / 2


def test_gini_is_zero_for_equals_and_near_one_for_a_monopoly():
    assert gini(np.array([3, 3, 3])) == 0
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)
    assert gini(np.array([0, 0])) == 0


def test_who_is_close_to_everybody_loses_against_who_is_close_to_few():
    matrix = [[0, 0.9, 0.8, 0.1], [0.9, 0, 0.85, 0.8], [0.8, 0.85, 0, 0.1], [0.1, 0.8, 0.1, 0]]

    ordered = corrected(all_pairs(matrix), neighbours=3)

    assert all_pairs(matrix).partners[0].tolist() == [1, 2, 3]
    assert ordered.partners[0].tolist() == [2, 1, 3]


def test_the_correction_leaves_nobody_at_the_end():
    matrix = np.array(popular(4))
    matrix[0, 1] = matrix[1, 0] = -np.inf

    ordered = corrected(all_pairs(matrix), neighbours=10)

    assert ordered.partners[0, -1] == NOBODY
    assert set(ordered.partners[0, :-1]) == {2, 3}


def test_the_correction_lowers_the_exposure_of_the_popular():
    candidates = all_pairs(popular(60))

    before, after = (incoming_places(lists.partners, 10) for lists in (candidates, corrected(candidates, 10)))

    assert gini(after) < gini(before)
    assert np.count_nonzero(after == 0) < np.count_nonzero(before == 0)


@settings(max_examples=40, deadline=None)
@given(st.integers(12, 60), st.integers(0, 6), st.integers(0, 50))
def test_the_guarantee_holds_and_touches_no_protected_place(size, minimum, seed):
    candidates = all_pairs(popular(size, seed))

    lists, swaps = guaranteed(candidates, minimum, places=10, protected=5)

    np.testing.assert_array_equal(lists.partners[:, :5], candidates.partners[:, :5])
    np.testing.assert_array_equal(np.sort(lists.partners, axis=1), np.sort(candidates.partners, axis=1))
    before = incoming_places(candidates.partners, 10)
    after = incoming_places(lists.partners, 10)
    assert after.sum() == before.sum()
    assert (after >= np.minimum(before, minimum)).all()
    assert after.min() >= min(minimum, 5) or swaps > 0


def test_the_forgotten_get_their_places():
    candidates = all_pairs(popular(40))
    assert incoming_places(candidates.partners, 10).min() == 0

    lists, swaps = guaranteed(candidates, 5, places=10, protected=5)

    assert incoming_places(lists.partners, 10).min() == 5
    assert swaps > 0


def test_a_swap_keeps_scores_with_their_partners():
    candidates = all_pairs(popular(40))

    lists, _ = guaranteed(candidates, 5, places=10, protected=5)

    for row in range(40):
        before = dict(zip(candidates.partners[row], candidates.values[row], strict=True))
        assert dict(zip(lists.partners[row], lists.values[row], strict=True)) == before


def test_lists_with_only_protected_places_stay_as_they_are():
    candidates = all_pairs(popular(20))

    lists, swaps = guaranteed(candidates, 5, places=5, protected=5)

    assert swaps == 0
    np.testing.assert_array_equal(lists.partners, candidates.partners)


def test_who_may_meet_nobody_cannot_be_helped():
    matrix = np.array(popular(20))
    matrix[19, :] = matrix[:, 19] = -np.inf

    lists, _ = guaranteed(all_pairs(matrix), 5, places=10, protected=5)
    report = FairnessReport.of(lists)

    assert incoming_places(lists.partners, 10)[19] == 0
    assert (report.isolated, report.minimum_incoming) == (1, 5)


def test_the_report_counts_the_first_ten_places():
    report = FairnessReport.of(all_pairs(popular(40)), swaps=3)

    assert (report.places, report.minimum_incoming, report.swaps) == (10, 0, 3)
    assert report.share_under_five > 0.5
    assert 0.5 < report.gini < 1


def test_the_report_of_nobody_is_all_zero():
    nobody = Candidates.of(np.zeros((0, 3), dtype=np.int32), np.zeros((0, 3), dtype=np.float32))

    assert FairnessReport.of(nobody) == FairnessReport(3, 0, 0.0, 0.0, 0, 0)
