"""A scheduling problem as frozen values, checked when it is created. Nothing here knows a solver.

Sequences are normalised to tuples, so that two problems with the same content are equal and have the same fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from matching.errors import InvalidInput, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MODES = ("table", "online", "either")
OBJECTIVES = ("placed", "fair", "breaks", "waiting", "changes", "hours")


class InvalidSchedule(InvalidInput):
    """A problem or a solution contradicts its format; `mistakes` holds all of them, each with its JSON path."""

    @classmethod
    def of(cls, lines: Iterable[str]) -> Self:
        """Make the error from lines such as `places: must be 0 or more`."""
        return cls([Mistake(*line.split(": ", 1)) for line in lines])


class InvalidProblem(InvalidSchedule):
    """No schedule-problem/1."""


def _in_order(values: Iterable[str]) -> tuple[str, ...]:
    """Keep a given order; bring sets, which have none, into one."""
    if isinstance(values, (set, frozenset)):
        return tuple(sorted(values))
    return tuple(values)


@dataclass(frozen=True, slots=True)
class Slot:
    """One interval of the meeting grid; `start` is aware, `minutes` its length, `block` a label such as "morning"."""

    id: str
    start: datetime | None = None
    minutes: int | None = None
    block: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who meets; `working_hours` are two local times such as ("09:00", "17:00") in `timezone`.

    `online` are the slots in which this participant is not on site but can meet online; in all others it is on site.
    """

    id: str
    unavailable: tuple[str, ...] = ()
    max_meetings: int | None = None
    min_meetings: int = 0
    timezone: str | None = None
    working_hours: tuple[str, str] | None = None
    online: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "online", _in_order(self.online))
        object.__setattr__(self, "unavailable", _in_order(self.unavailable))
        if self.working_hours is not None:
            first, last = self.working_hours
            object.__setattr__(self, "working_hours", (first, last))


@dataclass(frozen=True, slots=True)
class Place:
    """A named table or room; `slots` are those in which it can be used, None means all."""

    id: str
    slots: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.slots is not None:
            object.__setattr__(self, "slots", _in_order(self.slots))


@dataclass(frozen=True, slots=True)
class Wish:
    """A pair to be placed. `slots` restricts where; each wish in `after` must be placed, and earlier.

    `mode`: "table" needs both on site and a place; "online" needs no place, wherever the two are; "either" is held at a
    place when both are on site, and online, without a place, when one of them is not.
    """

    id: str
    participants: tuple[str, str]
    weight: float = 1.0
    required: bool = False
    slots: tuple[str, ...] | None = None
    after: tuple[str, ...] = ()
    mode: str = "table"

    def __post_init__(self) -> None:
        object.__setattr__(self, "participants", tuple(self.participants))
        object.__setattr__(self, "after", _in_order(self.after))
        if self.slots is not None:
            object.__setattr__(self, "slots", _in_order(self.slots))


@dataclass(frozen=True, slots=True)
class Pin:
    """A wish that stays in its slot and, when `place` is given, at its place (an id, or 1..n where places are counted)."""

    wish: str
    slot: str
    place: str | int | None = None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Everything a plan depends on. Raises `InvalidProblem` with all mistakes at once.

    `slots` are in time order. `places` is how many meetings fit at once, or the named places, or None for no limit.
    `objective` is lexicographic, the most important first.
    """

    slots: tuple[Slot, ...]
    participants: tuple[Participant, ...]
    wishes: tuple[Wish, ...]
    places: int | tuple[Place, ...] | None = None
    pins: tuple[Pin, ...] = ()
    objective: tuple[str, ...] = ("placed", "breaks")
    max_break_difference: int | None = None

    def __post_init__(self) -> None:
        for name in ("slots", "participants", "wishes", "pins", "objective"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.places is not None and not isinstance(self.places, int):
            object.__setattr__(self, "places", tuple(self.places))
        from matching.scheduling.rules import mistakes_of  # rules read these classes

        mistakes = mistakes_of(
            slots=self.slots,
            places=self.places,
            participants=self.participants,
            wishes=self.wishes,
            pins=self.pins,
            objective=self.objective,
            max_break_difference=self.max_break_difference,
        )
        if mistakes:
            raise InvalidProblem.of(mistakes)

    def to_dict(self) -> dict[str, Any]:
        """Return the problem in the format schedule-problem/1, without keys that say nothing."""
        from matching.scheduling.formats import problem_to_dict

        return problem_to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Problem:
        """Read schedule-problem/1; raises `InvalidProblem` with every mistake and its JSON path."""
        from matching.scheduling.formats import problem_from_dict

        return problem_from_dict(data)

    @property
    def fingerprint(self) -> str:
        """`sha256:` and the hash of the canonical JSON text: equal problems have equal fingerprints."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
