"""Preparation: what is encoded for whom, and how items are arranged for arithmetic."""

import numpy as np
import pytest

from matching import InvalidProfile, Profile
from matching.population import Items, Population, needs_of, offers_of
from tests.matching.support import HashEmbedder


def test_who_names_neither_offers_nor_needs_is_read_by_description_and_topics():
    profile = Profile("a", description="A workshop.", topics=["metal", "wood"])

    assert needs_of(profile) == offers_of(profile) == ("A workshop. metal, wood",)


def test_topics_alone_stand_for_everything_else():
    assert offers_of(Profile("a", topics=["metal"])) == ("metal",)


def test_who_says_nothing_has_no_items():
    population = Population.build([Profile("a")], HashEmbedder())

    assert population.needs.of(0).shape[0] == 0


def test_profiles_stand_in_the_order_of_their_ids_whatever_order_they_come_in():
    population = Population.build([Profile("b", needs=["y"]), Profile("a", needs=["x"])], HashEmbedder())

    assert population.position == {"a": 0, "b": 1}
    np.testing.assert_array_equal(population.needs.of(1), HashEmbedder().encode(["y"]))


def test_a_profile_that_changed_is_read_like_the_event_it_belongs_to():
    event = Population.build([Profile("a", needs=["x"]), Profile("b", offers=["x"])], HashEmbedder())

    changed = Population.build([Profile("c", needs=["z"])], HashEmbedder(), like=event)

    assert changed.background is event.background
    assert changed.vocabulary is event.vocabulary


def test_an_id_used_twice_is_refused():
    with pytest.raises(InvalidProfile, match='used more than once: "a"'):
        Population.build([Profile("a"), Profile("a"), Profile("b")], HashEmbedder())


def test_folding_layers_takes_the_maximum_per_profile():
    vectors = np.array([[1.0], [5.0], [3.0], [2.0], [4.0]], dtype=np.float32)
    items = Items(vectors, np.array([0, 1, 4, 4, 5]))

    layers = items.layered(slice(0, 4))

    assert layers.fold(layers.vectors).ravel().tolist() == [1.0, 5.0, 0.0, 4.0]


def test_folding_keeps_the_order_where_nobody_has_two_items_and_some_have_none():
    items = Items(np.array([[1.0], [5.0]], dtype=np.float32), np.array([0, 0, 1, 2]))

    layers = items.layered(slice(0, 3))

    assert layers.fold(layers.vectors).ravel().tolist() == [0.0, 1.0, 5.0]


def test_layers_of_a_block_hold_only_that_block():
    vectors = np.array([[1.0], [5.0], [3.0]], dtype=np.float32)
    items = Items(vectors, np.array([0, 1, 2, 3]))

    layers = items.layered(slice(1, 3))

    assert layers.fold(layers.vectors).ravel().tolist() == [5.0, 3.0]
