"""Tags from an open vocabulary that grows with the event: what a text could be tagged with, spelled as others spell it.

Two sources: tags that others at the event use, by meaning, and phrases of the text itself. Nothing is tagged without
the user's word: these are suggestions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from matching.embeddings import Embedder, Vectors
from matching.lexical import STOP_WORDS, fold
from matching.vagueness import EMPTY_WORDS

LONGEST = 60  # letters of a tag
LONGEST_PHRASE = 3  # words
SAME_TAG = 0.85  # cosine from which two tags are taken for one
WEAKEST_KNOWN, WEAKEST_NEW = 0.35, 0.3  # a tag that is further from every sentence has nothing to do with them
_KNOWN_AT_MOST = 4  # a tag that others use connects; but an event's vocabulary has to grow

_SPACE = re.compile(r"[\s_]+")
_EDGES = " \t.,;:!?#\"'()[]{}<>/|*"
_WORD = re.compile(r"[^\W_]+(?:[-+'’][^\W_]+)*")
_BREAK = re.compile(r"[.,;:!?()\[\]{}\"/|\n]+|\s[-–—]\s")
_NOT_IN_TAGS = frozenset(
    re.findall(
        r"\w+",
        """able access add allow ask automatically away before below bring build built buy carry check come coming count
        cut deliver did does done during each every extra find finding fit found four full gave get give given go going
        good got grow hand hear held help hold host inside keep kept know large learn left let line little long low make
        making man many mean monthly much needed new next offered old open outside own part pay per plenty prove put
        read ready real run running running same say see sell seller sent set several shall show side small someone
        somebody spare still stop such supply take takes tell tells ten test tested than third three together told took
        trial try turn turned two twelve want wanted way welcome well whether willing year years yet day days month near made predict worn save answer answering between something""",
    )
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tag, how close it is to the text (cosine), and whether others at the event use it already."""

    tag: str
    closeness: float
    is_known: bool


@dataclass(frozen=True)
class Vocabulary:
    """The tags of an event, most used first: how many use each, and where it lies, between its name and its uses."""

    tags: tuple[str, ...]
    uses: tuple[int, ...]
    names: Vectors
    centres: Vectors

    @classmethod
    def build(cls, uses: Iterable[tuple[str, Sequence[str]]], embedder: Embedder) -> Vocabulary:
        """Collect (tag, sentences it was given for), one entry per use; near-equal tags become the most used one.

        A tag lies between its own words and, of every use, the sentence closest to them: what it means here. On the
        development set the right tag is among the first three in 75 % of cases, by the words of the tag alone in 58 %.
        """
        examples = _collected(uses)
        names = sorted(examples, key=lambda tag: (-len(examples[tag]), tag))
        sentences = list(dict.fromkeys(text for name in names for use in examples[name] for text in use))
        vectors = embedder.encode([*names, *sentences])
        row = {text: len(names) + place for place, text in enumerate(sentences)}
        target = _merged(names, vectors[: len(names)])
        for name in names:
            if target[name] != name:
                examples[target[name]] += examples.pop(name)
        kept = [place for place, name in enumerate(names) if name in examples]
        own = [[vectors[[row[text] for text in use]] for use in examples[names[p]] if use] for p in kept]
        centres = [_centre(vectors[place], of_uses) for place, of_uses in zip(kept, own, strict=True)]
        return cls(
            tags=tuple(names[place] for place in kept),
            uses=tuple(len(examples[names[place]]) for place in kept),
            names=vectors[kept],
            centres=np.stack(centres) if centres else vectors[:0],
        )

    def spelled(self, tag: str, embedder: Embedder) -> str:
        """Return the event's own spelling of a tag that means the same, or the tag itself, normalised."""
        tag = normal_tag(tag)
        keys = {tag_key(known): known for known in self.tags}
        if not tag or tag_key(tag) in keys:
            return keys.get(tag_key(tag), tag)
        closeness = self.names @ embedder.encode([tag])[0] if self.tags else np.zeros(1)
        return self.tags[int(closeness.argmax())] if closeness.max() >= SAME_TAG else tag


def normal_tag(tag: str) -> str:
    """Return a tag in its common form: no signs around it, one space between words, small letters but for codes."""
    plain = _SPACE.sub(" ", unicodedata.normalize("NFKC", tag)).strip(_EDGES)[:LONGEST].strip(_EDGES)
    return " ".join(word if _is_code(word) else word.casefold() for word in plain.split())


def tag_key(tag: str) -> str:
    """Return what two spellings of one tag have in common: folded words, hyphens and plurals ignored."""
    return " ".join(fold(word) for word in re.split(r"[\s-]+", normal_tag(tag)))


def merged_tags(tags: Iterable[str], embedder: Embedder) -> dict[str, str]:
    """Return for every tag the spelling it should have: that of the most used tag which means the same."""
    given = list(tags)
    vocabulary = Vocabulary.build([(tag, ()) for tag in given], embedder)
    return {tag: vocabulary.spelled(tag, embedder) for tag in dict.fromkeys(given)}


def suggest_tags(
    texts: Sequence[str], vocabulary: Vocabulary, embedder: Embedder, top: int = 5, present: Iterable[str] = ()
) -> tuple[Suggestion, ...]:
    """Return up to `top` tags for what a profile offers or needs, best first.

    `texts` are its sentences; `present` are tags it has already. No two suggestions mean the same.
    """
    sentences = [text for text in texts if text.strip()]
    if not sentences:
        return ()
    taken = {tag_key(tag) for tag in vocabulary.tags}
    phrases = [phrase for phrase in phrases_of(sentences) if tag_key(phrase) not in taken]
    vectors = embedder.encode([*sentences, *phrases])
    sentences_at, phrases_at = vectors[: len(sentences)], vectors[len(sentences) :]
    known = _ranked(vocabulary.tags, vocabulary.centres, sentences_at, is_known=True)
    new = _ranked(phrases, phrases_at, sentences_at, is_known=False)
    in_turn = (found for pair in zip_longest(known[:_KNOWN_AT_MOST], new) for found in pair if found)
    return _different(in_turn, {tag_key(tag) for tag in present}, top)


def phrases_of(sentences: Sequence[str]) -> list[str]:
    """Return what in the text could be a tag: up to three words in a row, without small or empty words."""
    found: dict[str, None] = {}
    for sentence in sentences:
        for part in _BREAK.split(sentence):
            for run in _runs(_WORD.findall(part)):
                for size in range(min(LONGEST_PHRASE, len(run)), 0, -1):
                    for start in range(len(run) - size + 1):
                        phrase = run[start : start + size]
                        if size > 1 or len(phrase[0]) > 3:
                            found.setdefault(normal_tag(" ".join(phrase)))
    return list(found)


def _runs(words: Sequence[str]) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for word in words:
        plain = word.casefold()
        is_empty = plain in STOP_WORDS or plain in _NOT_IN_TAGS or plain.isdigit() or fold(plain) in EMPTY_WORDS
        if is_empty:
            runs.append([])
        else:
            runs[-1].append(word)
    return [run for run in runs if run]


def _ranked(tags: Sequence[str], vectors: Vectors, sentences: Vectors, *, is_known: bool) -> list[Suggestion]:
    if not tags:
        return []
    closeness = (vectors @ sentences.T).max(axis=1)
    weakest = WEAKEST_KNOWN if is_known else WEAKEST_NEW
    found = [Suggestion(tag, float(close), is_known) for tag, close in zip(tags, closeness, strict=True)]
    return sorted((s for s in found if s.closeness >= weakest), key=lambda s: (-round(s.closeness, 6), s.tag))


def _different(ranked: Iterable[Suggestion], present: Collection[str], top: int) -> tuple[Suggestion, ...]:
    chosen: list[Suggestion] = []
    words = [frozenset(key.split()) for key in present]
    for suggestion in ranked:
        own = frozenset(tag_key(suggestion.tag).split())
        if len(chosen) < top and not any(own <= other or other <= own for other in words):
            chosen.append(suggestion)
            words.append(own)
    return tuple(chosen)


def _collected(uses: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[list[str]]]:
    """Return the sentences of every use by tag, which is spelled as it was first."""
    examples: dict[str, list[list[str]]] = {}
    spelling: dict[str, str] = {}
    for tag, sentences in uses:
        if plain := normal_tag(tag):
            name = spelling.setdefault(tag_key(plain), plain)
            examples.setdefault(name, []).append([text for text in sentences if text.strip()])
    return examples


def _centre(name: Vectors, uses: Sequence[Vectors]) -> Vectors:
    if not uses:
        return name
    centre = name + np.mean([use[int((use @ name).argmax())] for use in uses], axis=0)
    return np.asarray(centre / max(float(np.linalg.norm(centre)), 1e-9), dtype=np.float32)


def _merged(names: Sequence[str], vectors: Vectors) -> dict[str, str]:
    """Return for each name, most used first, the first one that means the same."""
    target: dict[str, str] = {}
    for place, name in enumerate(names):
        closeness = vectors[:place] @ vectors[place]
        near = (names[int(other)] for other in np.flatnonzero(closeness >= SAME_TAG))
        same = [other for other in near if target[other] == other]
        target[name] = same[0] if same else name
    return target


def _is_code(word: str) -> bool:
    return sum(letter.isupper() for letter in word) > 1 or any(letter.isdigit() for letter in word)
