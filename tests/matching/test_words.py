"""Words across the sides: how much of a need is said by an offer."""

import numpy as np
import pytest

from matching.words import NeedWords, Vocabulary, share, stems

NEEDS = ["hydrogen tanks", "tanks", ""]
OFFERS = ["we make tanks for hydrogen", "tanks and tanks", "bread"]
ALL = slice(0, 3)


def tile(strength=(1.0, 1.0, 1.0)):
    vocabulary = Vocabulary.of(stems(f"{need} {offer}") for need, offer in zip(NEEDS, OFFERS, strict=True))
    return NeedWords.build([*map(stems, NEEDS)], [*map(stems, OFFERS)], vocabulary, strength).tile(ALL, ALL)


def test_words_are_compared_by_their_beginnings_and_hyphens_open_them():
    assert stems("Industrial industry") == ["indust", "indust"]
    assert stems("battery-powered") == ["batter", "batter", "powere"]


def test_a_need_whose_words_are_all_offered_scores_highest():
    found = tile()

    assert found[0, 0] > found[0, 1] > found[0, 2] == 0
    assert not found[2].any()


def test_the_direction_counts():
    found = tile()

    assert found[1, 0] != pytest.approx(found[0, 1])


def test_a_weaker_voice_reaches_a_smaller_share():
    np.testing.assert_allclose(tile((0.5, 1.0, 1.0))[0], tile()[0] / 2, rtol=1e-6)


def test_a_word_unknown_to_the_vocabulary_says_nothing():
    vocabulary = Vocabulary.of([["tanks"]])

    found = NeedWords.build([["new"]], [["new"]], vocabulary, [1.0]).tile(slice(0, 1), slice(0, 1))

    assert found.tolist() == [[0.0]]


def test_the_share_of_two_sentences_is_the_weight_of_their_common_words():
    vocabulary = Vocabulary.of(map(stems, [*NEEDS, *OFFERS]))

    assert share("hydrogen tanks", "tanks for hydrogen", vocabulary) == pytest.approx(1)
    assert 0 < share("hydrogen tanks", "tanks", vocabulary) < 0.5
    assert share("", "tanks", vocabulary) == share("bread", "", vocabulary) == 0
