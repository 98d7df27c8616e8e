"""Who may meet whom: each rule alone, for one pair and for blocks of pairs."""

import numpy as np
import pytest

from matching import REASONS, RULES, Profile, why_not
from matching.eligibility import FORBIDDEN, excluded
from matching.facets import Facets, covers

NO_PAIRS = (np.zeros(0, dtype=int), np.zeros(0, dtype=int))


def test_strangers_may_meet():
    assert why_not(Profile("a"), Profile("b")) == ()


def test_one_organisation_does_not_meet_itself_whatever_the_capital_letters():
    assert why_not(Profile("a", organisation="ACME"), Profile("b", organisation="acme")) == ("same_organisation",)


def test_profiles_without_organisation_are_not_taken_for_one():
    assert why_not(Profile("a", organisation=""), Profile("b", organisation="")) == ()


@pytest.mark.parametrize("by", ["a", "b"])
def test_blocking_works_in_both_directions(by):
    one = Profile("a", blocked=["b"] if by == "a" else [])
    other = Profile("b", blocked=["a"] if by == "b" else [])

    assert why_not(one, other) == ("blocked",)


def test_blocking_somebody_who_is_not_there_is_harmless():
    assert why_not(Profile("a", blocked=["z"]), Profile("b")) == ()


def test_without_a_common_language_they_do_not_meet():
    assert why_not(Profile("a", languages=["en", "FR"]), Profile("b", languages=["de"])) == ("no_common_language",)
    assert why_not(Profile("a", languages=["en", "FR"]), Profile("b", languages=["fr"])) == ()


def test_who_names_no_language_is_not_excluded():
    assert why_not(Profile("a", languages=["en"]), Profile("b")) == ()


@pytest.mark.parametrize("pair", [("a", "b"), ("b", "a")])
def test_forbidden_pairs_count_in_either_order(pair):
    assert why_not(Profile("a"), Profile("b"), forbidden={pair}) == (FORBIDDEN,)


def test_rules_can_be_switched_off():
    one, other = Profile("a", organisation="x"), Profile("b", organisation="x")

    assert why_not(one, other, rules=("blocked",)) == ()


def test_every_rule_has_a_reason_to_tell():
    assert set(REASONS) == {*RULES, FORBIDDEN}


def test_blocks_of_pairs_give_what_single_pairs_give():
    profiles = [
        Profile("a", organisation="x", languages=["en"]),
        Profile("b", organisation="x", blocked=["d"]),
        Profile("c", languages=["de"]),
        Profile("d", languages=["de", "en"]),
    ]
    facets, pairs = Facets.build(profiles), (np.array([1, 2]), np.array([2, 1]))

    mask = excluded(facets, tuple(RULES), pairs, slice(0, 2), slice(1, 4))

    expected = [[bool(why_not(a, b, forbidden={("b", "c")})) or a is b for b in profiles[1:]] for a in profiles[:2]]
    assert mask.tolist() == expected == [[True, True, False], [True, True, True]]


def test_facets_with_many_values_work_like_those_with_few():
    many = [Profile(f"p{n:03}", languages=[f"l{n}", f"l{n + 1}"]) for n in range(100)]

    mask = RULES["no_common_language"](Facets.build(many), slice(0, 3), slice(0, 4))

    assert mask.tolist() == [[False, False, True, True], [False, False, False, True], [True, False, False, False]]


@pytest.mark.parametrize(
    ("wanted", "sector", "answer"),
    [
        ("28", "28.99", True),
        ("28.9", "28.99", True),
        ("28.99", "28", False),
        ("food", "food", True),
        ("f", "food", False),
    ],
)
def test_a_wide_sector_covers_the_narrower_ones(wanted, sector, answer):
    assert covers(wanted, sector) is answer
