"""The score: vectorised blocks against the formula written out for one pair."""

import numpy as np
import pytest

from matching import Profile, Weights
from matching.lexical import LexicalIndex
from matching.population import Population, needs_of, offers_in_context, whole_text
from matching.scoring import Scorer
from tests.matching.support import HashEmbedder, development_set

ONLY_FIELDS = {"words": 0.0, "cooperation": 0.0, "sector": 0.0, "tag": 0.0}


def scores(profiles, weights):
    return Scorer(Population.build(profiles, HashEmbedder()), weights).tile(0, 0)


def by_hand(one, other, words):
    encode = HashEmbedder().encode

    def direction(a, b):
        needs, offers = needs_of(a), offers_in_context(b)
        if not needs or not offers:
            return 0.0
        return max(float((encode(needs) @ encode(offers).T).max()), 0.0)

    return direction(one, other) + direction(other, one) + words


def test_the_text_score_is_the_formula_for_every_pair():
    profiles = sorted(development_set().profiles[:20], key=lambda profile: profile.id)
    everything = slice(0, len(profiles))
    words = LexicalIndex.build([whole_text(profile) for profile in profiles]).tile(everything, everything)

    found = scores(profiles, Weights(cooperation=0, sector=0, tag=0))

    expected = [[by_hand(a, b, words[i, j]) for j, b in enumerate(profiles)] for i, a in enumerate(profiles)]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_score_is_the_same_from_both_sides():
    found = scores(development_set().profiles, Weights())

    np.testing.assert_allclose(found, found.T, atol=1e-5)


def test_a_shared_cooperation_type_adds_its_weight():
    profiles = [Profile("a", cooperation=["Pilot"]), Profile("b", cooperation=["pilot", "sale"]), Profile("c")]

    found = scores(profiles, Weights(**ONLY_FIELDS | {"cooperation": 0.3}))

    np.testing.assert_allclose(found[0], [0.3, 0.3, 0.0], rtol=1e-6)


@pytest.mark.parametrize(
    ("wanted", "sectors", "expected"),
    [(["28"], ["28.99"], 0.5), (["28"], ["10.1"], -0.5), ([], ["28.99"], 0.0), (["28"], [], 0.0)],
)
def test_a_wanted_sector_helps_another_one_harms_and_an_empty_question_is_neutral(wanted, sectors, expected):
    profiles = [Profile("a", wanted_sectors=wanted), Profile("b", sectors=sectors), Profile("c", wanted_sectors=["1"])]

    found = scores(profiles, Weights(**ONLY_FIELDS | {"sector": 1.0}))

    assert found[0, 1] == found[1, 0] == expected


def test_each_direction_of_tags_adds_its_weight():
    profiles = [
        Profile("a", tags_needed=["Tanks"], tags_offered=["sensors"]),
        Profile("b", tags_offered=["tanks"], tags_needed=["sensors"]),
        Profile("c", tags_offered=["tanks"]),
    ]

    found = scores(profiles, Weights(**ONLY_FIELDS | {"tag": 0.4}))

    np.testing.assert_allclose(found[0], [0.0, 0.8, 0.4], rtol=1e-6)


def test_weights_are_data():
    assert Weights(**Weights(words=2.0).to_dict()) == Weights(words=2.0)
