"""Who may meet whom: each rule alone, for one pair and for blocks of pairs."""

import pytest

from matching import REASONS, RULES, Policy, Profile, why_not
from matching.eligibility import Eligibility
from matching.facets import Facets, covers

ALL = Policy(rules=tuple(RULES))
APART = frozenset({("business", "Government")})


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
@pytest.mark.parametrize("rule", ["forbidden", "met_here", "met_before"])
def test_known_pairs_count_in_either_order(rule, pair):
    policy = Policy(**{rule: frozenset({pair})})

    assert why_not(Profile("a"), Profile("b"), policy) == (rule,)
    assert why_not(Profile("a"), Profile("c"), policy) == ()


@pytest.mark.parametrize(("one", "other"), [("Business", "government"), ("government", "business")])
def test_groups_that_are_apart_do_not_meet(one, other):
    assert why_not(Profile("a", group=one), Profile("b", group=other), Policy(groups_apart=APART)) == ("groups_apart",)


@pytest.mark.parametrize(("one", "other"), [("business", "business"), ("business", "research"), ("business", "")])
def test_other_groups_may_meet_and_those_without_a_group(one, other):
    assert why_not(Profile("a", group=one), Profile("b", group=other), Policy(groups_apart=APART)) == ()


def test_a_group_can_be_kept_apart_from_itself():
    policy = Policy(groups_apart=frozenset({("buyer", "buyer")}))

    assert why_not(Profile("a", group="buyer"), Profile("b", group="buyer"), policy) == ("groups_apart",)


def test_regions_of_the_same_name_in_two_countries_are_two():
    one, other = Profile("a", country="ES", region="Centro"), Profile("b", country="PT", region="centro")
    neighbour = Profile("c", country="es", region="Centro")

    assert why_not(one, other, ALL) == ()
    assert why_not(one, neighbour, ALL) == ("same_region", "same_country")


def test_who_names_no_region_is_not_kept_apart_for_it():
    assert why_not(Profile("a", country="ES"), Profile("b", country="ES"), Policy(rules=("same_region",))) == ()
    assert why_not(Profile("a"), Profile("b"), Policy(rules=("same_country",))) == ()


def test_regions_and_countries_keep_nobody_apart_unless_the_event_wants_it():
    assert why_not(Profile("a", country="ES", region="Murcia"), Profile("b", country="ES", region="Murcia")) == ()


def test_rules_can_be_switched_off():
    one, other = Profile("a", organisation="x"), Profile("b", organisation="x")

    assert why_not(one, other, Policy(rules=("blocked",))) == ()


def test_every_rule_has_a_reason_to_tell():
    assert set(REASONS) == set(RULES)


PROFILES = [
    Profile("a", organisation="x", languages=["en"], group="business", country="ES", region="Murcia"),
    Profile("b", organisation="x", blocked=["d"], group="government", country="ES"),
    Profile("c", languages=["de"], group="business", country="DE", region="Hesse"),
    Profile("d", languages=["de", "en"], country="DE", region="Hesse"),
]
EVERYTHING = Policy(
    rules=tuple(RULES),
    groups_apart=APART,
    forbidden=frozenset({("b", "c")}),
    met_here=frozenset({("a", "d")}),
    met_before=frozenset({("d", "b"), ("d", "stranger")}),
)


def test_blocks_of_pairs_give_what_single_pairs_give():
    facets = Facets.build(PROFILES)
    position = {profile.id: place for place, profile in enumerate(PROFILES)}
    eligibility = Eligibility.of(facets, position, EVERYTHING)

    mask, bits = eligibility.excluded(slice(0, 2), slice(1, 4)), eligibility.broken(slice(0, 2), slice(1, 4))

    reasons = [[why_not(a, b, EVERYTHING) if a is not b else () for b in PROFILES[1:]] for a in PROFILES[:2]]
    named = [[tuple(name for bit, name in enumerate(RULES) if code >> bit & 1) for code in row] for row in bits]
    assert named == reasons
    assert mask.tolist() == [[bool(found) or a is b for b, found in zip(PROFILES[1:], row, strict=True)]
                             for a, row in zip(PROFILES[:2], reasons, strict=True)]  # fmt: skip


def test_facets_with_many_values_work_like_those_with_few():
    many = [Profile(f"p{n:03}", languages=[f"l{n}", f"l{n + 1}"]) for n in range(100)]

    mask = Eligibility.of(Facets.build(many), {}, Policy(rules=("no_common_language",))).excluded(
        slice(0, 3), slice(0, 4)
    )

    assert mask.tolist() == [[True, False, True, True], [False, True, False, True], [True, False, True, False]]


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
