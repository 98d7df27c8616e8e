"""What a matching run says about itself: coverage, exposure, and needs and offers that nobody answers.

Plain numbers for ``MatchRun.figures``. Texts are not copied: they are named by participant, side and position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matchmaker.profiles.content import Content
from matchmaker.recommendations.fit import STRONG, Band

if TYPE_CHECKING:
    from matching.costs import Reach

VISIBLE = 10  # places of a list that people read; exposure is counted in it
ENOUGH = 5
UNANSWERED_BELOW = 0.25  # probability that the best answer to a need is one
MOST_POINTS = 1200  # of the map
SIDES = {"needs": "need", "offers": "offer"}
LISTED = 100  # so many unanswered needs and offers are kept
_BLOCK = 512
Encode = Callable[[Sequence[str]], Any]  # texts -> float array (texts, dimension)
Chance = Callable[[Any], Any]  # cosines -> probabilities
EXPOSURE_STEPS = ((0, 0), (1, 4), (5, 9), (10, 19), (20, None))


@dataclass(frozen=True)
class Sentence:
    """A need or an offer: of whom, at which place of the profile, and how likely somebody else has what it asks for."""

    participant_id: int
    position: int
    text: str
    chance: float


def coverage(rows: Sequence[Mapping[str, Any]], participants: Iterable[int]) -> dict[str, Any]:
    """Count recommendations by band, how many participants have some, and how often each is shown to others."""
    people = list(participants)
    lengths = Counter(row["participant_id"] for row in rows)
    strong = {row["participant_id"] for row in rows if row["band"] in STRONG}
    shown = Counter(row["other_id"] for row in rows if row["rank"] <= VISIBLE)
    return {
        "participants": len(people),
        "recommendations": len(rows),
        "bands": {band.value: sum(row["band"] == band for row in rows) for band in Band},
        "with_any": sum(lengths[person] > 0 for person in people),
        "with_enough": sum(lengths[person] >= ENOUGH for person in people),
        "with_strong": len(strong),
        "exposure": [sum(_within(shown[person], step) for person in people) for step in EXPOSURE_STEPS],
        "least_shown": min((shown[person] for person in people), default=0),
        "most_shown": max((shown[person] for person in people), default=0),
    }


def _within(count: int, step: tuple[int, int | None]) -> bool:
    low, high = step
    return count >= low and (high is None or count <= high)


_Item = tuple[int, int, str]


def answered(
    contents: Mapping[int, Content], organisations: Mapping[int, str], encode: Encode, chance: Chance
) -> dict[str, list[Sentence]]:
    """Return all needs and all offers with the chance that their best counterpart of another organisation is one.

    ``encode`` turns texts into unit vectors, ``chance`` cosines into probabilities.
    """
    needs = [(p, i, text) for p, content in contents.items() for i, text in enumerate(content.needs)]
    offers = [(p, i, text) for p, content in contents.items() for i, text in enumerate(content.offers)]
    sides = {"needs": (needs, _vectors(needs, encode)), "offers": (offers, _vectors(offers, encode))}
    result = {}
    for name, answering in (("needs", "offers"), ("offers", "needs")):
        chances = _best_chances(sides[name], sides[answering], organisations, chance)
        result[name] = [Sentence(*item, value) for item, value in zip(sides[name][0], chances, strict=True)]
    return result


def _vectors(items: Sequence[_Item], encode: Encode) -> Any:
    return encode([text for _p, _i, text in items]) if items else None


def unanswered(sentences: Mapping[str, Sequence[Sentence]]) -> dict[str, Any]:
    """Count needs that nobody answers and offers that nobody needs, and name them, the loneliest first.

    Each entry is [participant id, position, probability that the best counterpart is one].
    """
    result: dict[str, Any] = {}
    for name, asked in sentences.items():
        lonely = sorted((s.chance, s.participant_id, s.position) for s in asked if s.chance < UNANSWERED_BELOW)
        result[name] = len(asked)
        result[f"lonely_{name}"] = len(lonely)
        result[f"lonely_{name}_list"] = [[p, i, round(value, 3)] for value, p, i in lonely[:LISTED]]
    return result


def little(rows: Sequence[Mapping[str, Any]], reach: Iterable[Reach]) -> list[list[Any]]:
    """Return who has few partners or stands in few lists, the fewest first.

    Each entry is [participant id, partners, lists, how many partners the rules leave, rule that takes most, how many].
    """
    partners = Counter(row["participant_id"] for row in rows)
    shown = Counter(row["other_id"] for row in rows if row["rank"] <= VISIBLE)
    few = [
        (partners[int(one.id)] + shown[int(one.id)], one)
        for one in reach
        if partners[int(one.id)] < ENOUGH or shown[int(one.id)] < ENOUGH
    ]
    return [
        [int(one.id), partners[int(one.id)], shown[int(one.id)], one.partners, one.rule, one.taken]
        for _both, one in sorted(few, key=lambda entry: (entry[0], int(entry[1].id)))[:LISTED]
    ]


def picture(sentences: Mapping[str, Sequence[Sentence]], encode: Encode) -> dict[str, Any]:
    """Return what the needs and offers are about, for the map: groups, and every sentence with its place in one.

    A point is [participant id, side, position, group, x, y, chance], in the unit disc of its group. Of many sentences
    every second, third ... is taken. Needs and offers are compared without what each sort has in common.
    """
    import numpy as np

    from matching.landscape import landscape

    total = sum(len(some) for some in sentences.values())
    step = -(-total // MOST_POINTS) or 1
    taken = [(side, s) for name, side in SIDES.items() for s in sentences[name][::step]]
    vectors = [encode([s.text for s in sentences[name][::step]]) for name in SIDES if sentences[name]]
    found = landscape(
        [s.text for _side, s in taken],
        np.concatenate([some - some.mean(axis=0) for some in vectors])
        if vectors
        else np.zeros((0, 1), dtype=np.float32),
    )
    return {
        "of": total,
        "groups": [
            {"words": list(words), "x": round(float(x), 3), "y": round(float(y), 3)}
            for words, (x, y) in zip(found.words, found.centre, strict=True)
        ],
        "points": [
            [s.participant_id, side, s.position, int(group), round(float(x), 3), round(float(y), 3), round(s.chance, 3)]
            for (side, s), group, (x, y) in zip(taken, found.group, found.place, strict=True)
        ],
    }


def _best_chances(
    asked: tuple[list[_Item], Any], answers: tuple[list[_Item], Any], organisations: Mapping[int, str], chance: Chance
) -> list[float]:
    import numpy as np

    (questions, asked_vectors), (replies, answer_vectors) = asked, answers
    if not questions or not replies:
        return [0.0] * len(questions)
    numbers = {name: number for number, name in enumerate(sorted(set(organisations.values())))}
    asker = np.array([numbers[organisations[p]] for p, _i, _text in questions])
    answerer = np.array([numbers[organisations[p]] for p, _i, _text in replies])
    best = np.zeros(len(questions))
    for start in range(0, len(questions), _BLOCK):
        block = slice(start, start + _BLOCK)
        cosines = asked_vectors[block] @ answer_vectors.T
        cosines[asker[block, None] == answerer[None, :]] = 0.0
        best[block] = cosines.max(axis=1)
    # Without any counterpart of another organisation the cosine is 0 and so, plainly, is the chance.
    return [float(value) if cosine > 0 else 0.0 for value, cosine in zip(chance(best), best, strict=True)]
