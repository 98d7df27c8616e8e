"""Which words two sentences share, so that a page can mark them. A help for the eye: what matching compares is more."""

import re
from collections.abc import Iterable

from matchmaker.profiles.language import stop_words
from matchmaker.web.folding import fold

Parts = tuple[tuple[str, bool], ...]  # the pieces of a sentence in order, and whether the other sentence has the word
_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 4  # but MES and ERP say a lot
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """about after also another because before being best both come does each every first from give good great have
        help into just last less like long look make many more most much must need next only other over part same should
        some such take than that their them then there these they this those through time under used using very want
        week well were what when where which while will with within work year years your""",
    )
)
_STEM = 6  # letters that forms of a word have in common: inspect, inspection, inspecting


def shared_parts(one: str, other: str) -> tuple[Parts, Parts]:
    """Cut both sentences into pieces and mark the words, in any form, that both have."""
    common = _stems(one) & _stems(other)
    return _parts(one, common), _parts(other, common)


def _stems(text: str) -> set[str]:
    return {stem for match in _WORD.finditer(text) if (stem := _stem(match.group()))}


def _stem(word: str) -> str:
    folded = fold(word)
    if (len(folded) < _SHORTEST and not word.isupper()) or folded in _COMMON or folded in stop_words()["en"]:
        return ""
    return folded.rstrip("s")[:_STEM]


def _parts(text: str, common: set[str]) -> Parts:
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in _WORD.finditer(text):
        if _stem(match.group()) in common:
            pieces += [(text[end : match.start()], False), (match.group(), True)]
            end = match.end()
    pieces.append((text[end:], False))
    return tuple(_joined(pieces))


def _joined(pieces: Iterable[tuple[str, bool]]) -> Iterable[tuple[str, bool]]:
    """Drop empty pieces and let marked words that only a space parts be one piece."""
    kept: list[tuple[str, bool]] = []
    for text, is_shared in pieces:
        if not text:
            continue
        if is_shared and len(kept) > 1 and kept[-1][0] == " " and kept[-2][1]:
            before = kept[-2][0]
            kept[-2:] = [(f"{before} {text}", True)]
        else:
            kept.append((text, is_shared))
    return kept
