"""The directory by meaning, similar profiles, and what a text being written would match."""

import pytest

from matching import Profile
from matching.population import Population
from matching.search import nearest, preview, similar
from tests.matching.support import HashEmbedder, cached_model, development_set

PEOPLE = [
    Profile("a", organisation="A", offers=["steel plates", "glass"], needs=["cold storage"]),
    Profile("b", organisation="B", offers=["cold storage"], needs=["steel plates"]),
    Profile("c", organisation="C", offers=["steel plates"]),
    Profile("d", organisation="A", offers=["steel plates"]),
    Profile("e", organisation="E"),
]
EMBEDDER = HashEmbedder()


@pytest.fixture
def population():
    return Population.build(PEOPLE, EMBEDDER)


def found(hits):
    return [(hit.id, hit.side, hit.text) for hit in hits]


def vector(text):
    return EMBEDDER.encode([text])[0]


def test_a_search_among_offers_finds_the_item_that_met(population):
    assert found(nearest(population, vector("steel plates"), "offers")) == [
        ("a", "offers", "steel plates"),
        ("c", "offers", "steel plates"),
        ("d", "offers", "steel plates"),
    ]


def test_a_search_among_needs_finds_who_looks_for_it(population):
    hits = nearest(population, vector("steel plates"), "needs")

    assert hits[0].id == "b"
    assert hits[0].similarity == pytest.approx(1)


def test_a_search_in_whole_profiles_says_which_side_met(population):
    assert [(h.id, h.side) for h in nearest(population, vector("cold storage"))] == [("a", "needs"), ("b", "offers")]


def test_only_the_eligible_are_found_and_no_more_than_asked_for(population):
    assert [h.id for h in nearest(population, vector("steel plates"), "offers", eligible={"c", "d"})] == ["c", "d"]
    assert [h.id for h in nearest(population, vector("steel plates"), "offers", top=1)] == ["a"]


def test_an_unknown_side_is_refused(population):
    with pytest.raises(ValueError, match='where must be "offers", "needs" or "whole", not "names"'):
        nearest(population, vector("steel"), "names")


def test_nobody_is_found_among_nobody():
    assert nearest(Population.build([], EMBEDDER), vector("steel")) == ()


def test_similar_profiles_offer_the_same_and_belong_to_others(population):
    assert found(similar(population, "d")) == [("a", "offers", "steel plates"), ("c", "offers", "steel plates")][1:]
    assert found(similar(population, "c")) == [("a", "offers", "steel plates"), ("d", "offers", "steel plates")]


def test_who_offers_nothing_is_similar_to_nobody(population):
    assert similar(population, "e") == ()


def test_a_need_being_written_is_met_by_offers_and_an_offer_by_needs(population):
    need = preview(population, "steel plates", vector("steel plates"), "needs", eligible={"a", "c"})
    offer = preview(population, "steel plates", vector("steel plates"), "offers")

    assert (need.met, need.among, [hit.id for hit in need.hits]) == (2, 2, ["a", "c"])
    assert (offer.hits[0].id, offer.hits[0].side) == ("b", "needs")
    assert not need.verdict.is_vague


@pytest.mark.model
def test_a_search_in_other_words_finds_the_right_offers_of_the_development_set():
    population = Population.build(development_set().profiles, cached_model())
    query = cached_model().encode(["who can tell us before a machine breaks down"])[0]

    hits = nearest(population, query, "offers", top=5)

    right = [p.id for p in development_set().profiles if "condition monitoring" in p.tags_offered]
    assert sum(hit.id in right for hit in hits) >= 2  # of three in all


@pytest.mark.model
def test_the_most_similar_profile_carries_the_same_tag_far_more_often_than_chance():
    population = Population.build(development_set().profiles, cached_model())
    tags = {p.id: set(p.tags_offered) for p in development_set().profiles}
    asked = [name for name, own in tags.items() if sum(bool(own & other) for other in tags.values()) > 1]

    first = [next(iter(similar(population, name)), None) for name in asked]

    right = [bool(hit and tags[name] & tags[hit.id]) for name, hit in zip(asked, first, strict=True)]
    assert sum(right) / len(right) >= 0.4  # by chance: 0.05
