"""The interchange formats profiles/1, ranking/1 and gold/1: data to objects and back.

Every mistake is found and reported at once, with its JSON path. Reading and writing files is in `files`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from matching.errors import InvalidFile, InvalidProfile, Mistake
from matching.profiles import Profile
from matching.ranking import GETS, GIVES, Match, Ranking

PROFILES = "profiles/1"
RANKING = "ranking/1"
GOLD = "gold/1"
HIGHEST_GRADE = 3


@dataclass(frozen=True)
class RankedLists:
    """What scoring needs of a ranking file: who is listed for whom, best first, with which score (None: not said)."""

    model: str
    lists: dict[str, tuple[str, ...]]
    scores: dict[str, tuple[float | None, ...]]


def profiles_to_dict(profiles: list[Profile]) -> dict[str, Any]:
    """Return profiles as profiles/1."""
    return {"format": PROFILES, "profiles": [profile.to_dict() for profile in profiles]}


def profiles_from_dict(data: object) -> list[Profile]:
    """Read profiles/1. Raises InvalidFile with every mistake of the file."""
    reader = _Reader()
    top = reader.top(data, PROFILES, ("profiles",))
    profiles: list[Profile] = []
    for path, entry in reader.entries(top, "profiles", ""):
        try:
            profiles.append(Profile.from_dict(entry))
        except InvalidProfile as error:
            reader.mistakes += [Mistake(f"{path}.{inner.path}", inner.message) for inner in error.mistakes]
        reader.once(entry.get("id"), f"{path}.id")
    reader.finish()
    return profiles


def ranking_to_dict(ranking: Ranking) -> dict[str, Any]:
    """Return a ranking as ranking/1, numbers rounded to four places."""
    lists = [
        {"id": name, "matches": [_match_to_dict(match) for match in matches]}
        for name, matches in ranking.matches.items()
    ]
    return {"format": RANKING, "model": ranking.model, "rankings": lists}


def ranking_from_dict(data: object) -> RankedLists:
    """Read ranking/1, of this library or another. Raises InvalidFile with every mistake of the file."""
    reader = _Reader()
    top = reader.top(data, RANKING, ("model", "rankings"))
    model = reader.text(top, "model", "", required=False)
    lists: dict[str, tuple[str, ...]] = {}
    scores: dict[str, tuple[float | None, ...]] = {}
    for path, entry in reader.entries(top, "rankings", ""):
        reader.known(entry, path, ("id", "matches"))
        name = reader.once(reader.text(entry, "id", path), f"{path}.id")
        matches = list(reader.entries(entry, "matches", path))
        lists[name] = tuple(_partner(reader, match, where, name) for where, match in matches)
        scores[name] = tuple(reader.fraction(match, "score", where) for where, match in matches)
        _refuse_repetitions(reader, lists[name], f"{path}.matches")
    reader.finish()
    return RankedLists(model, lists, scores)


def gold_from_dict(data: object) -> dict[str, dict[str, int]]:
    """Read gold/1 as query -> partner -> grade. Raises InvalidFile with every mistake of the file."""
    reader = _Reader()
    top = reader.top(data, GOLD, ("judgements",))
    gold: dict[str, dict[str, int]] = {}
    for path, entry in reader.entries(top, "judgements", ""):
        reader.known(entry, path, ("query", "grades"))
        query = reader.once(reader.text(entry, "query", path), f"{path}.query")
        grades = entry.get("grades")
        if not isinstance(grades, dict):
            reader.mistake(f"{path}.grades", "must be an object of grades by id")
            continue
        for partner, grade in grades.items():
            if type(grade) is not int or not 0 <= grade <= HIGHEST_GRADE:
                reader.mistake(f"{path}.grades.{partner}", f"must be a whole number from 0 to {HIGHEST_GRADE}")
        gold[query] = grades
    reader.finish()
    return gold


def _match_to_dict(match: Match) -> dict[str, Any]:
    reasons = [asdict(reason) for reason in match.reasons]
    numbers = {"score": match.score, "gives": match.gives, "gets": match.gets}
    return {"id": match.id, **{key: round(value, 4) for key, value in numbers.items()}, "reasons": reasons}


def _partner(reader: _Reader, match: Mapping[str, Any], path: str, owner: str) -> str:
    reader.known(match, path, ("id", "score", "gives", "gets", "reasons"))
    partner = reader.text(match, "id", path)
    if partner and partner == owner:
        reader.mistake(f"{path}.id", "must not be the profile itself")
    for key in (GIVES, GETS):
        reader.fraction(match, key, path)
    for where, reason in reader.entries(match, "reasons", path, required=False):
        reader.known(reason, where, ("side", "mine", "theirs", "similarity"))
        if reason.get("side") not in (GETS, GIVES):
            reader.mistake(f"{where}.side", f'must be "{GETS}" or "{GIVES}"')
        reader.text(reason, "mine", where)
        reader.text(reason, "theirs", where)
        reader.fraction(reason, "similarity", where)
    return partner


def _refuse_repetitions(reader: _Reader, partners: tuple[str, ...], path: str) -> None:
    seen: set[str] = set()
    for place, partner in enumerate(partners):
        if partner and partner in seen:
            reader.mistake(f"{path}[{place}].id", f'listed more than once: "{partner}"')
        seen.add(partner)


class _Reader:
    """Collects mistakes while a file is read; what can't be read is replaced by something harmless."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self._used: set[str] = set()

    def mistake(self, path: str, message: str) -> None:
        self.mistakes.append(Mistake(path.lstrip("."), message))

    def finish(self) -> None:
        if self.mistakes:
            raise InvalidFile(self.mistakes)

    def top(self, data: object, wanted: str, keys: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            raise InvalidFile([Mistake("", "must be a JSON object")])
        if data.get("format") != wanted:
            raise InvalidFile([Mistake("format", f'must be "{wanted}"')])
        self.known(data, "", ("format", *keys))
        return data

    def known(self, entry: Mapping[str, Any], path: str, keys: tuple[str, ...]) -> None:
        for key in entry:
            if key not in keys:
                self.mistake(f"{path}.{key}", "unknown key")

    def entries(
        self, owner: Mapping[str, Any], key: str, path: str, *, required: bool = True
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield path and object of every entry of a list of objects."""
        entries = owner.get(key, None if required else [])
        if not isinstance(entries, list):
            self.mistake(f"{path}.{key}", "must be a list")
            return
        for position, entry in enumerate(entries):
            where = f"{path}.{key}[{position}]".lstrip(".")
            if isinstance(entry, dict):
                yield where, entry
            else:
                self.mistake(where, "must be an object")

    def text(self, owner: Mapping[str, Any], key: str, path: str, *, required: bool = True) -> str:
        value = owner.get(key, None if required else "")
        if not isinstance(value, str) or (required and not value):
            self.mistake(f"{path}.{key}", "must be a text")
            return ""
        return value

    def fraction(self, owner: Mapping[str, Any], key: str, path: str) -> float | None:
        value = owner.get(key)
        if value is None:
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not isfinite(value) or not 0 <= value <= 1:
            self.mistake(f"{path}.{key}", "must be a number from 0 to 1")
            return None
        return float(value)

    def once(self, name: object, path: str) -> str:
        """Refuse an id that was used before."""
        if not isinstance(name, str):
            return ""
        if name and name in self._used:
            self.mistake(path, f'used more than once: "{name}"')
        self._used.add(name)
        return name
