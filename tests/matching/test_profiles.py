"""Profiles: what is normalised, what is refused, and the way to data and back."""

import pytest

from matching import InvalidProfile, Mistake, Profile


def test_a_profile_needs_nothing_but_an_id():
    profile = Profile("a")

    assert profile.offers == ()
    assert profile.languages == frozenset()


def test_blanks_and_repetitions_are_dropped_and_the_order_is_kept():
    profile = Profile("a", offers=[" milling ", "", "turning", "milling"], languages=["en", " "])

    assert profile.offers == ("milling", "turning")
    assert profile.languages == frozenset({"en"})


def test_profiles_with_the_same_content_are_equal():
    assert Profile("a", needs=["x"], cooperation={"r", "s"}) == Profile("a", needs=("x",), cooperation=["s", "r"])


def test_every_mistake_is_reported_at_once():
    with pytest.raises(InvalidProfile) as caught:
        Profile(" ", kind="circus", needs="one text", offers=[1, None], description=None, blocked={"a": 1}, topics=7)

    assert caught.value.mistakes == (
        Mistake("description", "must be a text, not null"),
        Mistake("offers[0]", "must be a text, not a number"),
        Mistake("offers[1]", "must be a text, not null"),
        Mistake("needs", "must be a list of texts, not a text"),
        Mistake("topics", "must be a list of texts, not a number"),
        Mistake("blocked", "must be a list of texts, not an object"),
        Mistake("id", "must not be empty"),
        Mistake(
            "kind",
            'unknown kind "circus", use one of: '
            "sme, large, startup, cluster, university, research, public, association, other",
        ),
    )


def test_an_id_that_is_no_text_is_one_mistake_not_two():
    with pytest.raises(InvalidProfile) as caught:
        Profile(3)

    assert str(caught.value) == "id: must be a text, not a number"


def test_values_of_a_foreign_type_are_named_by_it():
    with pytest.raises(InvalidProfile, match="not complex"):
        Profile("a", name=1j)


def test_a_profile_survives_the_way_to_data_and_back():
    profile = Profile("a", kind="sme", offers=["x"], languages=["es", "en"], wanted_sectors=["28"], blocked=["b"])

    data = profile.to_dict()

    assert data == {
        "id": "a",
        "kind": "sme",
        "offers": ["x"],
        "wanted_sectors": ["28"],
        "languages": ["en", "es"],
        "blocked": ["b"],
    }
    assert Profile.from_dict(data) == profile


def test_null_means_absent():
    assert Profile.from_dict({"id": "a", "region": None, "offers": None}) == Profile("a")


def test_unknown_keys_are_refused_together_with_the_other_mistakes():
    with pytest.raises(InvalidProfile) as caught:
        Profile.from_dict({"colour": "red", "name": 1})

    assert [mistake.path for mistake in caught.value.mistakes] == ["colour", "name", "id"]


def test_unknown_keys_alone_are_refused_too():
    with pytest.raises(InvalidProfile, match="colour: unknown key"):
        Profile.from_dict({"id": "a", "colour": "red"})
