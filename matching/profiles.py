"""The profile of one participant, as matching sees it: texts and facets, nothing about people or accounts.

Profiles are frozen and checked on creation, so that no later step needs to check again. How profiles are read from
files is in `formats`; what the facets mean for a score is in `scoring`, for eligibility in `eligibility`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from matching.errors import InvalidProfile, Mistake

KINDS = (
    "sme",
    "large",
    "startup",
    "cluster",
    "university",
    "research",
    "public",
    "association",
    "other",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What one participant brings and seeks; only `id` is required, every other part may be missing.

    `group` is what the event's rules go by: helix type, exhibitors and visitors, buyers and sellers ...
    Lists may be given as any iterable of strings; blanks and repetitions are dropped, order is kept.
    Raises InvalidProfile with every mistake at once.
    """

    id: str
    name: str = ""
    organisation: str = ""
    kind: str = ""
    group: str = ""
    country: str = ""
    region: str = ""
    size: str = ""
    sectors: tuple[str, ...] = ()
    description: str = ""
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    cooperation: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    wanted_sectors: tuple[str, ...] = ()
    tags_offered: tuple[str, ...] = ()
    tags_needed: tuple[str, ...] = ()
    blocked: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Normalise every field, or refuse the profile."""
        mistakes: list[Mistake] = []
        for name in TEXT_FIELDS:
            object.__setattr__(self, name, _text(getattr(self, name), name, mistakes))
        for name in (*TUPLE_FIELDS, *SET_FIELDS):
            items = _items(getattr(self, name), name, mistakes)
            object.__setattr__(self, name, frozenset(items) if name in SET_FIELDS else items)
        if not self.id and not any(mistake.path == "id" for mistake in mistakes):
            mistakes.append(Mistake("id", "must not be empty"))
        if self.kind and self.kind not in KINDS:
            mistakes.append(Mistake("kind", f'unknown kind "{self.kind}", use one of: {", ".join(KINDS)}'))
        if mistakes:
            raise InvalidProfile(mistakes)

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as in profiles/1: empty parts left out, sets sorted."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {
            name: value if isinstance(value, str) else sorted(value) if name in SET_FIELDS else list(value)
            for name, value in values
            if value
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Profile:
        """Read one entry of profiles/1; null means absent. Raises InvalidProfile, also for unknown keys."""
        known = {*TEXT_FIELDS, *TUPLE_FIELDS, *SET_FIELDS}
        mistakes = [Mistake(str(key), "unknown key") for key in data if key not in known]
        values = {key: value for key, value in data.items() if key in known and value is not None}
        try:
            profile = cls(**{"id": "", **values})
        except InvalidProfile as error:
            raise InvalidProfile([*mistakes, *error.mistakes]) from None
        if mistakes:
            raise InvalidProfile(mistakes)
        return profile


TEXT_FIELDS = ("id", "name", "organisation", "kind", "group", "country", "region", "size", "description")
SET_FIELDS = ("cooperation", "languages", "blocked")
TUPLE_FIELDS = tuple(
    field.name for field in fields(Profile) if field.name not in TEXT_FIELDS and field.name not in SET_FIELDS
)


def _text(value: object, path: str, mistakes: list[Mistake]) -> str:
    if not isinstance(value, str):
        mistakes.append(Mistake(path, f"must be a text, not {_kind_of(value)}"))
        return ""
    return value.strip()


def _items(value: object, path: str, mistakes: list[Mistake]) -> tuple[str, ...]:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        mistakes.append(Mistake(path, f"must be a list of texts, not {_kind_of(value)}"))
        return ()
    texts = [_text(item, f"{path}[{position}]", mistakes) for position, item in enumerate(value)]
    return tuple(dict.fromkeys(text for text in texts if text))


def _kind_of(value: object) -> str:
    names = {
        type(None): "null",
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), type(value).__name__)
