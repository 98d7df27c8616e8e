"""What an event decides, as data: written, read back, and refused when it makes no sense."""

import json

import pytest

from matching import RULES, InvalidPolicy, Opinion, Policy, Weights

STRICT = Policy(
    top=12,
    weights=Weights(sector=1.0),
    minimum_incoming=3,
    protected=4,
    rules=("blocked", "same_region", "groups_apart"),
    groups_apart=frozenset({("government", "business"), ("buyer", "buyer")}),
    hide_competitors=False,
    from_other_regions=2,
    per_group=1,
    neighbours=5,
)


@pytest.mark.parametrize("policy", [Policy(), STRICT])
def test_a_policy_survives_a_file(policy):
    assert Policy.from_dict(json.loads(json.dumps(policy.to_dict()))).to_dict() == policy.to_dict()


def test_each_pair_of_groups_is_written_once():
    policy = Policy(groups_apart=frozenset({("b", "a"), ("a", "b")}))

    assert policy.to_dict()["groups_apart"] == [["a", "b"]]


def test_facts_of_the_day_are_not_decisions():
    policy = Policy(
        forbidden=frozenset({("a", "b")}), met_here=frozenset({("a", "c")}), opinions=(Opinion("a", "b", 1.0),)
    )

    assert policy.to_dict() == Policy().to_dict()


def test_what_is_missing_keeps_its_default():
    assert Policy.from_dict({"top": 7}) == Policy(top=7)


def test_every_mistake_in_the_data_is_told_at_once():
    data = {
        "top": "many",
        "protected": True,
        "rules": "blocked",
        "hide_competitors": 1,
        "groups_apart": [["a"]],
        "weights": {"luck": 1},
        "astrology": 1,
        "per_group": 11,
        "from_other_regions": -1,
    }

    with pytest.raises(InvalidPolicy) as caught:
        Policy.from_dict(data)

    assert str(caught.value).splitlines() == [
        "top: must be a whole number",
        "protected: must be a whole number",
        "rules: must be a list of texts",
        "hide_competitors: must be true or false",
        "groups_apart: must be a list of pairs of texts",
        'weights: unknown weight "luck"',
        "astrology: unknown key",
        "from_other_regions: must not be negative",
        "per_group: must not be more than 10, the places that people read",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"groups_apart": "ab"}, "groups_apart: must be a list of pairs of texts"),
        ({"groups_apart": ["ab"]}, "groups_apart: must be a list of pairs of texts"),
        ({"weights": 3}, "weights: must be an object of numbers"),
        ({"weights": {"tag": "3"}}, 'weights: the weight "tag" must be a number'),
        ({"rules": ["astrology"]}, 'rules: unknown rule "astrology"'),
    ],
)
def test_a_mistake_says_what_to_write_instead(data, message):
    with pytest.raises(InvalidPolicy) as caught:
        Policy.from_dict(data)

    assert str(caught.value) == message


def test_every_measure_can_be_switched_off_alone():
    policy = Policy(rules=tuple(RULES), from_other_regions=1, per_group=1)

    for measure in policy.measures:
        assert set(policy.without(measure).measures) == set(policy.measures) - {measure}
    assert set(policy.measures) > set(RULES)
