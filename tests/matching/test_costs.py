"""What each rule costs: the same lists as a run without it gives, from one look at all scores."""

from dataclasses import replace

import numpy as np
import pytest

from matching import Policy, Profile, recommend
from matching.congestion import VISIBLE_PLACES
from matching.costs import costs_of
from matching.population import Population
from tests.matching.support import HashEmbedder


def crowd(size, seed=1):
    """Profiles of few words, so that some fit; with groups, regions, languages and organisations."""
    random = np.random.default_rng(seed)
    return [
        Profile(
            f"p{n:03}",
            organisation=f"o{random.integers(size // 2)}",
            group=str(random.choice(["business", "government"])),
            country="ES",
            region=str(random.choice(["Murcia", "Murcia", "Valencia"])),
            languages=[str(random.choice(["en", "en", "es"]))],
            sectors=["28"],
            offers=[f"word{random.integers(9)} word{random.integers(30)}"],
            needs=[f"word{random.integers(9)} word{random.integers(30)}"],
        )
        for n in range(size)
    ]


POLICY = Policy(
    rules=("same_organisation", "no_common_language", "groups_apart", "same_region", "forbidden"),
    groups_apart=frozenset({("government", "government")}),
    forbidden=frozenset({("p001", "p002")}),
    from_other_regions=2,
    per_group=1,
)


def counted(profiles, policy):
    """The figures of a full run."""
    ranking = recommend(profiles, HashEmbedder(), policy)
    shown = {name: matches[:VISIBLE_PLACES] for name, matches in ranking.matches.items()}
    scores = [match.score for matches in shown.values() for match in matches]
    incoming = [sum(match.id == name for matches in shown.values() for match in matches) for name in shown]
    return {
        "fit": pytest.approx(sum(scores) / len(scores), abs=1e-6),
        "few": sum(count < 5 for count in incoming),
        "empty": sum(not matches for matches in shown.values()),
    }


@pytest.fixture(scope="module")
def profiles():
    return crowd(80)


@pytest.fixture(scope="module")
def costs(profiles):
    return costs_of(Population.build(profiles, HashEmbedder()), HashEmbedder.id, POLICY)


def figures(standing):
    return {"fit": standing.fit, "few": standing.few, "empty": standing.empty}


def test_how_things_stand_is_how_a_run_leaves_them(profiles, costs):
    assert figures(costs.now) == counted(profiles, POLICY)


@pytest.mark.parametrize("measure", POLICY.measures)
def test_without_a_measure_things_stand_as_a_run_without_it_leaves_them(profiles, costs, measure):
    cost = next(cost for cost in costs.measures if cost.measure == measure)

    assert figures(cost.without) == counted(profiles, POLICY.without(measure))


def test_pairs_count_for_a_rule_when_no_other_keeps_them_apart():
    one, two = Profile("a", organisation="x", languages=["en"]), Profile("b", organisation="x", languages=["de"])
    three = Profile("c", organisation="x", languages=["en"])
    population = Population.build([one, two, three], HashEmbedder())

    costs = costs_of(population, HashEmbedder.id, Policy(rules=("same_organisation", "no_common_language")))

    pairs = {cost.measure: cost.pairs for cost in costs.measures}
    reach = {reach.id: (reach.partners, reach.rule, reach.taken) for reach in costs.reach}
    assert reach["b"] == (0, "same_organisation", 2)
    assert (pairs["same_organisation"], pairs["no_common_language"]) == (1, 0)


def test_competitors_are_counted_in_pairs():
    same = {"sectors": ["28"], "offers": ["robots"], "needs": ["money"]}
    population = Population.build([Profile("a", **same), Profile("b", **same), Profile("c")], HashEmbedder())

    costs = costs_of(population, HashEmbedder.id, Policy())

    assert {cost.measure: cost.pairs for cost in costs.measures}["hide_competitors"] == 1
    assert costs.now.empty <= 2


def test_measures_can_be_left_out(profiles):
    population = Population.build(profiles[:10], HashEmbedder())

    costs = costs_of(population, HashEmbedder.id, replace(POLICY, per_group=0), leave_out=("forbidden",))

    assert {cost.measure for cost in costs.measures} == set(POLICY.measures) - {"forbidden", "per_group"}


def test_nobody_costs_nothing():
    costs = costs_of(Population.build([], HashEmbedder()), HashEmbedder.id, Policy())

    assert (costs.now.fit, costs.now.few, costs.now.empty, costs.now.gini) == (0.0, 0, 0, 0.0)
    assert costs.reach == ()


def test_who_reaches_everybody_loses_nobody_to_a_rule():
    population = Population.build([Profile("a"), Profile("b"), Profile("c", blocked=["a"])], HashEmbedder())

    reach = costs_of(population, HashEmbedder.id, Policy(), leave_out=("blocked",)).reach

    assert [(one.id, one.partners, one.rule, one.taken) for one in reach] == [
        ("a", 1, "", 0),
        ("b", 2, "", 0),
        ("c", 1, "", 0),
    ]
