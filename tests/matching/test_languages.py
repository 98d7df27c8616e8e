"""Languages of texts: found in short sentences, not invented for names, and compared with what a model knows."""

import json
from pathlib import Path

import pytest

from matching.languages import LANGUAGES, detect, unknown_language, unknown_languages
from matching.models import LEXICAL_MODEL, PACKAGED_MODEL, languages_of

EXAMPLES = json.loads(Path(__file__).with_name("languages.json").read_text("utf-8"))
SENTENCES = EXAMPLES["sentences"]


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_nine_of_ten_short_sentences_are_recognised_in_every_language_of_the_partners(language):
    found = [detect(sentence) for sentence in SENTENCES[language]]

    assert sum(guess is not None and guess.language == language for guess in found) >= 9


def test_no_english_sentence_and_no_list_of_names_is_taken_for_a_language_the_model_does_not_know():
    english = SENTENCES["en"] + EXAMPLES["english_that_looks_foreign"]

    assert unknown_languages(english, languages_of(PACKAGED_MODEL)) == {}


def test_nearly_every_foreign_sentence_is_said_to_be_unknown_to_the_packaged_model():
    foreign = [sentence for language, found in SENTENCES.items() if language != "en" for sentence in found]

    found = unknown_languages(foreign, languages_of(PACKAGED_MODEL))

    assert len(found) >= 0.95 * len(foreign)


@pytest.mark.parametrize("text", ["", "42", "ISO", "LoRaWAN", "B2B!"])
def test_what_says_too_little_has_no_language(text):
    assert detect(text) is None


def test_a_model_of_all_languages_knows_every_text():
    assert languages_of(LEXICAL_MODEL) is None
    assert unknown_language("Tražimo dobavljača recikliranih polimera", None) is None


def test_a_guess_says_how_sure_it_is():
    guess = unknown_language("Cerchiamo un fornitore di polimeri riciclati", {"en", "de"})

    assert guess.language == "it"
    assert 0.5 <= guess.probability <= 1


def test_a_model_that_knows_the_language_has_nothing_to_say():
    assert unknown_language("Cerchiamo un fornitore di polimeri riciclati", {"en", "it"}) is None


def test_guesses_are_only_of_the_listed_languages():
    found = {
        detect(sentence).language for sentences in SENTENCES.values() for sentence in sentences if detect(sentence)
    }

    assert found <= set(LANGUAGES)
