"""Words: cutting, folding and BM25 between whole texts."""

import numpy as np
import pytest

from matching.lexical import LexicalIndex, fold, terms


def tile(*texts):
    everything = slice(0, len(texts))
    return LexicalIndex.build(texts).tile(everything, everything)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Batteries", "battery"),
        ("sensors", "sensor"),
        ("press", "press"),
        ("Lodz", "lodz"),
        ("Łódź", "lodz"),
        ("gas", "gas"),
        ("apparatus", "apparatus"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ΚΑΙΝΟΤΟΜΊΑ", "καινοτομια"),
    ],
)
def test_words_are_folded_for_comparison(word, folded):
    assert fold(word) == folded


def test_stop_words_and_punctuation_are_no_terms():
    assert terms("We are looking for R+D, and for (old) bearings!") == ["r+d", "old", "bearing"]


def test_a_text_compared_with_itself_gives_one_and_without_common_words_zero():
    scores = tile("vibration sensors", "vibration sensors", "bread")

    np.testing.assert_allclose(scores, [[1, 1, 0], [1, 1, 0], [0, 0, 1]], atol=1e-6)


def test_rare_words_count_more_than_common_ones():
    scores = tile("steel hydrogen", "hydrogen cheese", "steel bread", "steel wine", "steel wool")

    assert scores[0, 1] > scores[0, 2] > 0


def test_the_score_of_a_pair_is_the_same_from_both_sides():
    scores = tile("steel steel hydrogen tanks", "hydrogen", "tanks of steel for milk")

    np.testing.assert_allclose(scores, scores.T, atol=1e-6)


def test_texts_without_words_meet_nobody_not_even_themselves():
    np.testing.assert_array_equal(tile("", "...", "bread"), [[0, 0, 0], [0, 0, 0], [0, 0, pytest.approx(1)]])


@pytest.mark.parametrize("texts", [(), ("",)])
def test_nothing_to_index_is_no_error(texts):
    assert tile(*texts).tolist() == [[0.0]] * len(texts)
