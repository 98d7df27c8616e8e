"""Competitors: hidden when they offer the same and have nothing to give each other."""

import pytest

from matching import Policy, Profile, recommend
from tests.matching.support import HashEmbedder


def partners(one, other, **policy):
    others = [Profile("x", offers=["bread"], needs=["flour"])]
    ranking = recommend([one, other, *others], HashEmbedder(), Policy(**policy))
    return [match.id for match in ranking.matches["a"]]


def maker(name, needs=("capital",), sectors=("28.1",)):
    return Profile(name, offers=["hydraulic press brakes"], needs=needs, sectors=sectors)


def test_who_offers_the_same_in_the_same_division_is_hidden():
    assert partners(maker("a"), maker("b", sectors=["28.9"])) == ["x"]


def test_the_organiser_can_show_competitors():
    assert sorted(partners(maker("a"), maker("b"), hide_competitors=False)) == ["b", "x"]


@pytest.mark.parametrize(
    "other", [maker("b", sectors=["46.6"]), maker("b", sectors=[]), maker("b", needs=["hydraulic press brakes"])]
)
def test_another_sector_or_a_need_that_is_met_makes_a_partner(other):
    assert sorted(partners(maker("a"), other)) == ["b", "x"]


def test_different_offers_in_one_division_are_no_competition():
    other = Profile("b", offers=["ropes"], needs=["capital"], sectors=["28.1"])

    assert sorted(partners(maker("a"), other)) == ["b", "x"]
