"""A plan and what is known about it, as frozen values. Nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Status(StrEnum):
    """How far the search came; see the format schedule-solution/1."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A wish with its slot and place; the place is an id, or 1..n where places are counted, or None without places."""

    wish: str
    slot: str
    place: str | int | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A wish left out: a stable reason key, English sentences, and the ids in them under `details`."""

    wish: str
    reason: str
    text: str = ""
    fix: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clash:
    """One pin or requirement of a smallest set that can't hold together; `rule` is "pin" or "required"."""

    rule: str
    wish: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A message from a running search: the objective worked on, its value and bound so far, seconds since the start."""

    objective: str
    value: float | None
    bound: float | None
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Solution:
    """A plan with its recomputed `value` and proven `bound` per objective, given the values of those before it."""

    status: str
    assignments: tuple[Assignment, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    value: Mapping[str, float] = field(default_factory=dict)
    bound: Mapping[str, float] = field(default_factory=dict)
    conflict: tuple[Clash, ...] = ()
    seconds: float = 0.0
    seed: int = 1
    workers: int = 1
    solver: str = ""
    fingerprint: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the solution in the format schedule-solution/1."""
        from matching.scheduling.formats import solution_to_dict

        return solution_to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Solution:
        """Read schedule-solution/1; raises `InvalidSolution` with every mistake and its JSON path."""
        from matching.scheduling.formats import solution_from_dict

        return solution_from_dict(data)
