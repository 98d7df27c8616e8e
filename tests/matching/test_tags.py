"""Tags: found in the text and at the event, spelled once, and right often enough to be offered."""

import json
from pathlib import Path

import numpy as np
import pytest

from matching.tags import Vocabulary, merged_tags, normal_tag, phrases_of, suggest_tags, tag_key
from tests.matching.support import HashEmbedder, cached_model, development_set

EXAMPLES = json.loads(Path(__file__).with_name("tags.json").read_text("utf-8"))["examples"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("  Cold   Storage. ", "cold storage"),
        ("#IoT", "IoT"),
        ("laser_welding", "laser welding"),
        ("ISO 9001", "ISO 9001"),
        ("(food)", "food"),
        ("...", ""),
        ("x" * 80, "x" * 60),
    ],
)
def test_a_tag_has_a_common_form(given, expected):
    assert normal_tag(given) == expected


def test_spellings_of_one_tag_share_a_key():
    assert tag_key("Bio-based Materials") == tag_key("bio based material") == "bio based material"


def test_a_vocabulary_counts_uses_and_keeps_the_first_spelling():
    found = Vocabulary.build([("Sensors", ()), ("steel", ()), ("sensor", ()), ("", ())], HashEmbedder())

    assert found.tags == ("sensors", "steel")
    assert found.uses == (2, 1)


def test_an_empty_vocabulary_still_spells():
    assert Vocabulary.build([], HashEmbedder()).spelled(" Cold  storage", HashEmbedder()) == "cold storage"


def test_tags_that_mean_the_same_are_merged_into_the_most_used():
    found = merged_tags(["storage cold", "cold storage", "cold storage", "steel"], HashEmbedder())

    assert found == {"storage cold": "cold storage", "cold storage": "cold storage", "steel": "steel"}


def test_phrases_leave_out_small_and_empty_words():
    found = phrases_of(["We need innovative cold storage, near the port of Volos."])

    assert found == ["cold storage", "cold", "storage", "port", "volos"]


def test_suggestions_do_not_repeat_what_is_there_or_each_other():
    found = suggest_tags(
        ["Cold storage of fish"], Vocabulary.build([], HashEmbedder()), HashEmbedder(), present=["cold storage"]
    )

    assert [suggestion.tag for suggestion in found] == ["fish"]


def test_the_tag_of_others_comes_before_a_new_one():
    vocabulary = Vocabulary.build([("fish", ["fish for sale"])], HashEmbedder())

    found = suggest_tags(["Fish in cold storage"], vocabulary, HashEmbedder())

    assert [(suggestion.tag, suggestion.is_known) for suggestion in found] == [("fish", True), ("cold storage", False)]


def test_no_text_gives_no_suggestion_and_never_more_than_asked_for():
    vocabulary = Vocabulary.build([], HashEmbedder())

    assert suggest_tags(["", "  "], vocabulary, HashEmbedder()) == ()
    assert len(suggest_tags(["steel, wood, glass, stone"], vocabulary, HashEmbedder(), top=2)) == 2


def test_uses_without_sentences_leave_the_tag_where_its_words_are():
    vocabulary = Vocabulary.build([("steel", ())], HashEmbedder())

    np.testing.assert_allclose(vocabulary.centres, vocabulary.names)


def uses(without=None):
    return [
        (tag, texts)
        for profile in development_set().profiles
        if profile.id != without
        for texts, tags in ((profile.offers, profile.tags_offered), (profile.needs, profile.tags_needed))
        for tag in tags
    ]


def share_right(vocabulary):
    right = shown = 0
    for example in EXAMPLES:
        accepted = [set(tag_key(tag).split()) for tag in example["accepted"]]
        for suggestion in suggest_tags([example["text"]], vocabulary, cached_model()):
            shown += 1
            right += any(words <= set(tag_key(suggestion.tag).split()) for words in accepted)
    return right / shown


@pytest.mark.model
def test_nine_of_ten_tags_from_the_text_alone_would_be_accepted():
    assert share_right(Vocabulary.build([], cached_model())) >= 0.9


@pytest.mark.model
def test_two_of_three_are_right_even_where_most_of_the_events_tags_do_not_fit():
    assert share_right(Vocabulary.build(uses(), cached_model())) >= 0.66


@pytest.mark.model
def test_the_tag_a_profile_has_is_suggested_to_it_from_the_uses_of_others_in_three_of_five_cases():
    found, known = 0, 0
    for profile in development_set().profiles:
        vocabulary = Vocabulary.build(uses(without=profile.id), cached_model())
        for texts, tags in ((profile.offers, profile.tags_offered), (profile.needs, profile.tags_needed)):
            suggested = {s.tag for s in suggest_tags(texts, vocabulary, cached_model())}
            known += len(set(tags) & set(vocabulary.tags))
            found += len(set(tags) & suggested)

    assert known > 100
    assert found / known >= 0.6
