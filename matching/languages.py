"""Which language a text is written in, and whether a model knows it. Nothing is refused here: it is said to the writer.

The classifier is py3langid (Lui and Baldwin 2012, "langid.py"): character n-grams, 5 MB, offline. On the labelled short
sentences of the tests it finds 88 of 90; counting small words finds 15, because short sentences have none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

# The official languages of the Union and of neighbours that take part in its programmes.
LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl"),
    *("pl", "pt", "ro", "sk", "sl", "sv", "tr", "uk"),
)
LEAST_PROBABILITY = 0.5  # below this names and abbreviations look like some language or other
LEAST_LETTERS = 8  # a word says too little

_WORD = re.compile(r"[^\W\d_]+")


class Guess(NamedTuple):
    """A language (ISO 639-1) and how sure that is, 0.5 to 1."""

    language: str
    probability: float


def detect(text: str) -> Guess | None:
    """Return the language of a text, or None where it says too little to tell."""
    words = [word for word in _WORD.findall(text) if not word.isupper()]  # codes and abbreviations have no language
    if sum(map(len, words)) < LEAST_LETTERS:
        return None
    language, probability = _classifier().classify(" ".join(words))
    return Guess(str(language), float(probability)) if probability >= LEAST_PROBABILITY else None


def unknown_language(text: str, known: Collection[str] | None) -> Guess | None:
    """Return the language of a text if a model that knows only `known` doesn't; None = it does, or nobody can tell.

    `known` is what `models.languages_of` says; None stands for a model of all languages.
    """
    found = detect(text) if known is not None else None
    return found if found and known is not None and found.language not in known else None


def unknown_languages(texts: Sequence[str], known: Collection[str] | None) -> dict[int, Guess]:
    """Return those of the texts, by their position, that are in a language the model doesn't know."""
    found = {position: unknown_language(text, known) for position, text in enumerate(texts)}
    return {position: guess for position, guess in found.items() if guess}


@cache
def _classifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    classifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    classifier.set_languages(list(LANGUAGES))
    return classifier
