"""What a matching run says about itself: coverage, exposure, and needs and offers that nobody answers.

Plain numbers for ``MatchRun.figures``. Texts are not copied: they are named by participant, side and position.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from matchmaker.profiles.content import Content
from matchmaker.recommendations.fit import STRONG, Band

VISIBLE = 10  # places of a list that people read; exposure is counted in it
ENOUGH = 5
UNANSWERED_BELOW = 0.25  # probability that the best answer to a need is one
LISTED = 100  # so many unanswered needs and offers are kept
_BLOCK = 512
Encode = Callable[[Sequence[str]], Any]  # texts -> float array (texts, dimension)
Chance = Callable[[Any], Any]  # cosines -> probabilities
EXPOSURE_STEPS = ((0, 0), (1, 4), (5, 9), (10, 19), (20, None))


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


def unanswered(
    contents: Mapping[int, Content], organisations: Mapping[int, str], encode: Encode, chance: Chance
) -> dict[str, Any]:
    """Return needs that no offer of another organisation answers, and offers that nobody needs, the loneliest first.

    ``encode`` turns texts into unit vectors, ``chance`` cosines into probabilities. Each entry is [participant id, position, probability that the best counterpart is one].
    """
    needs = [(p, i, text) for p, content in contents.items() for i, text in enumerate(content.needs)]
    offers = [(p, i, text) for p, content in contents.items() for i, text in enumerate(content.offers)]
    result: dict[str, Any] = {}
    for name, asked, answers in (("needs", needs, offers), ("offers", offers, needs)):
        chances = _best_chances(asked, answers, organisations, encode, chance)
        lonely = sorted((value, p, i) for (p, i, _text), value in zip(asked, chances, strict=True))
        lonely = [entry for entry in lonely if entry[0] < UNANSWERED_BELOW]
        result[name] = len(asked)
        result[f"lonely_{name}"] = len(lonely)
        result[f"lonely_{name}_list"] = [[p, i, round(value, 3)] for value, p, i in lonely[:LISTED]]
    return result


_Item = tuple[int, int, str]


def _best_chances(
    asked: list[_Item], answers: list[_Item], organisations: Mapping[int, str], encode: Encode, chance: Chance
) -> list[float]:
    import numpy as np

    if not asked or not answers:
        return [0.0] * len(asked)
    numbers = {name: number for number, name in enumerate(sorted(set(organisations.values())))}
    asker = np.array([numbers[organisations[p]] for p, _i, _text in asked])
    answerer = np.array([numbers[organisations[p]] for p, _i, _text in answers])
    asked_vectors = encode([text for _p, _i, text in asked])
    answer_vectors = encode([text for _p, _i, text in answers])
    best = np.zeros(len(asked))
    for start in range(0, len(asked), _BLOCK):
        block = slice(start, start + _BLOCK)
        cosines = asked_vectors[block] @ answer_vectors.T
        cosines[asker[block, None] == answerer[None, :]] = 0.0
        best[block] = cosines.max(axis=1)
    # Without any counterpart of another organisation the cosine is 0 and so, plainly, is the chance.
    return [float(value) if cosine > 0 else 0.0 for value, cosine in zip(chance(best), best, strict=True)]
