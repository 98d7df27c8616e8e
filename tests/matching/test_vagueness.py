"""Vague texts are told apart from those that a stranger could act on."""

import json
from pathlib import Path

import pytest

from matching import Profile
from matching.population import Population
from matching.vagueness import HINTS, judged, verdict_of
from tests.matching.support import HashEmbedder, development_set

EXAMPLES = json.loads(Path(__file__).with_name("vagueness.json").read_text("utf-8"))


def share_vague(texts):
    return sum(verdict_of(text).is_vague for text in texts) / len(texts)


def test_vague_texts_are_found_and_specific_ones_left_alone():
    assert share_vague(EXAMPLES["vague"]) >= 0.95
    assert share_vague(EXAMPLES["specific"]) == 0


def test_three_of_four_vague_texts_that_the_word_list_never_saw_are_found():
    assert share_vague(EXAMPLES["vague_written_later"]) >= 0.72


def test_hardly_any_sentence_of_the_development_set_is_called_vague():
    sentences = [text for profile in development_set().profiles for text in (*profile.offers, *profile.needs)]

    assert len(sentences) > 200
    assert share_vague(sentences) <= 0.02


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("", "empty", "write_a_sentence"),
        ("of the and", "empty", "write_a_sentence"),
        ("Welding", "too_short", "say_for_what_and_for_whom"),
        ("Innovative solutions for companies", "generic", "name_the_product_material_or_process"),
        ("Laser welding of thin sheets", "specific", ""),
    ],
)
def test_a_verdict_has_a_reason_and_a_hint(text, reason, hint):
    verdict = verdict_of(text)

    assert (verdict.reason, verdict.hint) == (reason, hint)
    assert verdict.is_vague == bool(hint)


def test_every_reason_has_a_hint():
    assert {verdict_of(text).reason for text in ("", "Welding", "Innovation", "Laser welding")} < HINTS.keys()


def population(size):
    return Population.build(
        [Profile(f"p{number:02}", offers=[f"olive oil word{number}"]) for number in range(size)], HashEmbedder()
    )


def test_words_that_a_tenth_of_the_event_uses_say_little_there():
    assert judged("Olive oil", population(30), met=0, among=30).reason == "generic"
    assert judged("Olive oil", population(5), met=0, among=5).reason == "specific"


def test_what_a_quarter_of_the_event_would_meet_does_not_set_apart():
    everybody = population(40)

    assert judged("Laser welding", everybody, met=11, among=40).reason == "matches_everybody"
    assert judged("Laser welding", everybody, met=10, among=40).reason == "specific"
