"""The score: vectorised blocks against the formula written out for one pair."""

from math import exp, log

import numpy as np
import pytest

from matching import Profile, Weights
from matching.background import Background
from matching.calibration import Reading
from matching.population import STAND_IN, Population
from matching.scoring import Scorer, log_worth
from tests.matching.support import HashEmbedder, development_set

READING = Reading(meaning=0.9, words=7.0, bias=-4.0)
ONLY_FIELDS = Weights(meaning=0, words=0, cooperation=0, sector=0, tag=0, tag_missing=0)
SURE = -READING.bias


def built(*profiles):
    return Population.build(profiles, HashEmbedder())


def gets(profiles, **weights):
    """Return z of "row gets from column" with nothing but the weights given."""
    only = Weights(**ONLY_FIELDS.to_dict() | weights)
    return Scorer(built(*profiles), only, READING).directions(0, 0)[0] - READING.bias


def by_hand(population, needing, offering):
    """Return z of one direction, for profiles that say everything."""
    common, encode = population.background, HashEmbedder().encode
    one, other = population.profiles[needing], population.profiles[offering]
    described = encode([other.description])[0] - common.descriptions
    products = [
        (need - common.needs) @ (offer - common.offers + Weights.context * described)
        for need in encode(one.needs)
        for offer in encode(other.offers)
    ]
    place = (slice(needing, needing + 1), slice(offering, offering + 1))
    words = READING.words * population.words.tile(*place)[0, 0]
    return READING.meaning * max(products) / common.spread + words + READING.bias


def chance(log_odds):
    return 1 / (1 + exp(-log_odds))


def test_the_text_score_is_the_formula_for_every_pair():
    population = built(*development_set().profiles[:12])
    size, e = range(len(population)), Weights.one_way

    found = Scorer(population, Weights(cooperation=0, sector=0, tag=0, tag_missing=0), READING).tile(0, 0)

    z = [[by_hand(population, a, b) for b in size] for a in size]
    expected = [[log((chance(z[a][b]) + e) * (chance(z[b][a]) + e)) for b in size] for a in size]
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_the_score_is_the_same_from_both_sides():
    found = Scorer(built(*development_set().profiles), Weights(), READING).tile(0, 0)

    np.testing.assert_allclose(found, found.T, atol=1e-4)


def test_the_sides_of_listed_pairs_are_those_of_the_blocks():
    population = built(*development_set().profiles, Profile("silent"))
    scorer = Scorer(population, Weights(), READING)
    others = np.array([3, 17, len(population) - 1])

    gets_of_some, gives_of_some = scorer.sides(5, others)

    all_gets, all_gives = scorer.directions(0, 0)
    np.testing.assert_allclose(gets_of_some, all_gets[5, others], atol=1e-4)
    np.testing.assert_allclose(gives_of_some, all_gives[5, others], atol=1e-4)


def test_a_pair_that_both_gain_from_is_worth_more_than_one_that_only_one_gains_from():
    both, one, other = log_worth(
        np.array([1.0, 9.0, -9.0], dtype=np.float32), np.array([1.0, -9.0, 9.0], dtype=np.float32), 0.03
    )

    assert both > one + 2
    assert one == pytest.approx(other)


def test_extreme_evidence_neither_overflows_nor_vanishes():
    far = np.array([[1e9, -1e9]], dtype=np.float32)

    np.testing.assert_allclose(log_worth(far.copy(), far.copy(), 0.5), [[2 * log(1.5), 2 * log(0.5)]], rtol=1e-5)


def test_a_shared_cooperation_type_counts_more_the_fewer_name_it():
    everybody = [Profile(f"p{number}", cooperation=["supply"]) for number in range(9)]
    rare = [Profile("a", cooperation=["supply", "Licence"]), Profile("b", cooperation=["licence"]), Profile("c")]

    found = Scorer(built(*rare, *everybody), Weights(**ONLY_FIELDS.to_dict() | {"cooperation": 1.0}), READING)
    score = found.tile(0, 0) - found.tile(0, 0)[2, 0]

    assert score[0, 1] == pytest.approx(log(16 / 3), rel=1e-4)
    assert score[0, 3] == pytest.approx(log(16 / 11), rel=1e-4)
    assert score[1, 3] == score[2, 0] == 0


@pytest.mark.parametrize(
    ("wanted", "sectors", "expected"),
    [(["28"], ["28.99"], 0.5), (["28"], ["10.1"], -0.5), ([], ["28.99"], 0.0), (["28"], [], 0.0)],
)
def test_a_wanted_sector_helps_another_one_harms_and_an_empty_question_is_neutral(wanted, sectors, expected):
    profiles = [Profile("a", wanted_sectors=wanted), Profile("b", sectors=sectors), Profile("c", wanted_sectors=["1"])]

    found = gets(profiles, sector=1.0)

    assert found[0, 1] == expected
    assert found[1, 0] == 0


def test_a_needed_tag_helps_where_it_is_offered_and_harms_where_other_tags_are():
    profiles = [
        Profile("a", tags_needed=["Tanks"]),
        Profile("b", tags_offered=["tanks"]),
        Profile("c", tags_offered=["sensors"]),
        Profile("d"),
    ]

    found = gets(profiles, tag=3.0, tag_missing=1.0)

    assert found[0].tolist() == [0.0, 3.0, -1.0, 0.0]
    assert not found[1:].any()


def test_a_description_in_place_of_needs_counts_half():
    says_so = Profile("a", needs=["steel tanks"])
    stands_in = Profile("a", description="steel tanks")
    maker = Profile("b", offers=["steel tanks"])

    words, meant = ({"words": 1.0}, {"meaning": 1.0, "context": 0.0})

    assert gets([stands_in, maker], **words)[0, 1] == pytest.approx(STAND_IN * gets([says_so, maker], **words)[0, 1])
    assert 0 < gets([stands_in, maker], **meant)[0, 1] < 0.6 * gets([says_so, maker], **meant)[0, 1]


def test_who_says_nothing_is_neither_helped_nor_harmed():
    found = gets([Profile("a"), Profile("b", offers=["tanks"], needs=["sensors"])], meaning=1.0, words=1.0)

    assert found[0, 1] == found[1, 0] == 0


def test_what_all_texts_have_in_common_is_taken_away():
    typical = [np.array([[1.0, 0.5], [1.0, -0.5]], dtype=np.float32)] * 3
    own = [np.tile(np.array([1.0, 2.0], dtype=np.float32), (10_000, 1))] * 3

    few = Background.of(typical, [texts[:0] for texts in own])
    many = Background.of(typical, own)

    assert few.needs.tolist() == [1.0, 0.0]
    np.testing.assert_allclose(many.offers, [1.0, 2.0], atol=0.01)
    assert few.spread == many.spread == pytest.approx(0.25)


def test_weights_are_data():
    assert Weights(**Weights(words=2.0).to_dict()) == Weights(words=2.0)
