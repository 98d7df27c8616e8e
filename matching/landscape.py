"""A picture of what an event's needs and offers are about: groups of sentences close in meaning, placed in the plane.

Sentences are grouped by the direction of their vectors (spherical k-means: Dhillon and Modha 2001), groups are placed
by their two main directions (principal components), and inside each group the sentences lie on a sunflower lattice,
the typical ones in the middle, as they lie to each other along the group's own two main directions. So distances mean
something on both levels, nothing overlaps, and the same event gives the same picture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.embeddings import Vectors
from matching.lexical import STOP_WORDS, fold

WORDS = 3  # that name a group
MOST_GROUPS = 12
_SENTENCES = 14  # of one group, on average, until there are MOST_GROUPS
_ROUNDS = 40
_GOLDEN = np.pi * (3 - np.sqrt(5))
_WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)*")
_COLOURLESS = frozenset(
    re.findall(
        r"\w+",
        """after again along already always among around based because become before being best better between both bring
        can't clear cannot come common does doing don't during each either enough even every everything few fewer find first fit
        five fifty four full get gets give given gives going good great group half having help here high him his home
        hours how however hundred install instead just keep keeps kind know known large last least less let little long
        low main make makes making many mean means much must near never next nine nobody nothing number often once only
        open order others ours part parts people per place places possible problem put rather ready right run runs same
        say says second see send seven several short show similar single six small somebody something soon still take
        takes tell tells ten test thing things think third thousand three time times today together try turn two until
        wants way week weeks well whole whose wide wish year years""",
    )
)  # words that name no subject, beside those that search leaves out
_RARE = 2  # a word that names a group stands in so many of its sentences, where there are such

Plane = NDArray[np.float64]


@dataclass(frozen=True)
class Landscape:
    """`group` of every sentence, `place` inside it (in the unit disc); per group its `words` and `centre` (-1 to 1)."""

    group: NDArray[np.intp]
    place: Plane
    words: tuple[tuple[str, ...], ...]
    centre: Plane


def landscape(texts: Sequence[str], vectors: Vectors) -> Landscape:
    """Draw the picture of some sentences with unit vectors; groups are numbered from the largest."""
    if not len(texts):
        return Landscape(np.zeros(0, dtype=np.intp), np.zeros((0, 2)), (), np.zeros((0, 2)))
    directions = _unit(vectors - vectors.mean(axis=0))
    group = _by_size(_grouped(directions, min(MOST_GROUPS, max(1, round(len(texts) / _SENTENCES)))))
    numbers = range(int(group.max()) + 1)
    middles = np.array([directions[group == number].mean(axis=0) for number in numbers])
    place = np.zeros((len(texts), 2))
    for number in numbers:
        place[group == number] = _disc(directions[group == number])
    return Landscape(group, place, _names(texts, group), _scaled(_main(middles)))


def _grouped(directions: Vectors, count: int) -> NDArray[np.intp]:
    """Assign every direction to the closest of `count` middles, which start far from each other."""
    chosen = [int(np.argmax(directions @ directions.mean(axis=0)))]
    closest = directions @ directions[chosen[0]]
    for _number in range(1, count):
        chosen.append(int(np.argmin(closest)))
        closest = np.maximum(closest, directions @ directions[chosen[-1]])
    middles = directions[chosen]
    group = np.zeros(len(directions), dtype=np.intp)
    for _round in range(_ROUNDS):
        before, group = group, np.argmax(directions @ middles.T, axis=1)
        if np.array_equal(before, group):
            break
        sums = np.zeros_like(middles)
        np.add.at(sums, group, directions)
        middles = np.where(np.bincount(group, minlength=count)[:, None] > 0, _unit(sums), middles)
    return group


def _by_size(group: NDArray[np.intp]) -> NDArray[np.intp]:
    """Number the groups from the largest and leave out empty ones."""
    sizes = np.bincount(group)
    order = [number for number in np.argsort(-sizes, kind="stable") if sizes[number]]
    number = np.zeros(len(sizes), dtype=np.intp)
    number[order] = np.arange(len(order))
    return number[group]


def _main(vectors: Vectors) -> Plane:
    """Return vectors along their two main directions; the sign of each is made certain."""
    centred = np.asarray(vectors - vectors.mean(axis=0), dtype=np.float64)
    if len(centred) < 3:
        return np.column_stack(
            [np.linspace(-1, 1, len(centred)) if len(centred) > 1 else [0.0], np.zeros(len(centred))]
        )
    left, strength, _axes = np.linalg.svd(centred, full_matrices=False)
    places = left[:, :2] * strength[:2]
    signs = np.sign(places[np.argmax(np.abs(places), axis=0), [0, 1]])
    return np.asarray(places * np.where(signs == 0, 1, signs))


def _scaled(places: Plane) -> Plane:
    most = float(np.abs(places).max(initial=0.0))
    return places / most if most else places


def _disc(directions: Vectors) -> Plane:
    """Place one group on a sunflower lattice, each sentence as near as it can be to where it belongs."""
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    count = len(directions)
    number = np.arange(count)
    radius = np.sqrt((number + 0.5) / count)
    lattice = np.column_stack([radius * np.cos(number * _GOLDEN), radius * np.sin(number * _GOLDEN)])
    if count == 1:
        return np.zeros((1, 2))
    _rows, found = linear_sum_assignment(cdist(_scaled(_main(directions)), lattice, "sqeuclidean"))
    return np.asarray(lattice[found])


def _names(texts: Sequence[str], group: NDArray[np.intp]) -> tuple[tuple[str, ...], ...]:
    """Return the words that distinguish each group: frequent in it and rare elsewhere, as they are mostly written."""
    written: dict[str, Counter[str]] = {}
    found: list[Counter[str]] = [Counter() for _number in range(int(group.max()) + 1)]
    for text, number in zip(texts, group, strict=True):
        words = {word for word in _WORD.findall(text) if word.casefold() not in STOP_WORDS | _COLOURLESS}
        for word in words:
            written.setdefault(fold(word), Counter())[word if word.isupper() else word.casefold()] += 1
        found[number].update({fold(word) for word in words})
    everywhere = sum(found, Counter[str]())
    sizes = np.bincount(group)
    return tuple(
        tuple(
            written[word].most_common(1)[0][0]
            for word in sorted(
                counts, key=lambda word: (counts[word] < _RARE, -_tells(word, counts, everywhere, size), word)
            )[:WORDS]
        )
        for counts, size in zip(found, sizes, strict=True)
    )


def _tells(word: str, counts: Counter[str], everywhere: Counter[str], size: int) -> float:
    """Return how much a word says about a group: its share of the group's sentences times its share of the word."""
    return counts[word] / size * (counts[word] / everywhere[word])


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0), dtype=np.float32)
