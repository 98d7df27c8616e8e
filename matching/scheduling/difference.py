"""What a new plan changes in an old one, as data: who must be told what. Plain comparison, decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matching.scheduling.problem import Problem
    from matching.scheduling.solution import Assignment, Solution


@dataclass(frozen=True, slots=True)
class Move:
    """A meeting in both plans that is elsewhere now: in another slot, or only at another place."""

    wish: str
    before: Assignment
    after: Assignment

    @property
    def is_in_time(self) -> bool:
        """Whether the slot differs; else only the place does."""
        return self.before.slot != self.after.slot


@dataclass(frozen=True, kw_only=True)
class Difference:
    """All meetings of two plans, each in exactly one group, in the order of the problem's wishes.

    `moved` are in another slot, `reseated` in the same slot at another place, `dropped` could have stayed by their wish,
    `withdrawn` have no wish any more. `affected` tells for each participant with news which wishes they are about.
    """

    kept: tuple[Assignment, ...] = ()
    moved: tuple[Move, ...] = ()
    reseated: tuple[Move, ...] = ()
    dropped: tuple[Assignment, ...] = ()
    withdrawn: tuple[Assignment, ...] = ()
    added: tuple[Assignment, ...] = ()
    affected: dict[str, tuple[str, ...]]

    @property
    def changes(self) -> int:
        """What the objective `changes` counts: moved and dropped meetings."""
        return len(self.moved) + len(self.dropped)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for a file or a page."""
        one = {"kept": self.kept, "dropped": self.dropped, "withdrawn": self.withdrawn, "added": self.added}
        two = {"moved": self.moved, "reseated": self.reseated}
        return {
            "changes": self.changes,
            **{name: [_item(item) for item in items] for name, items in one.items()},
            **{
                name: [{"wish": move.wish, "from": _where(move.before), "to": _where(move.after)} for move in moves]
                for name, moves in two.items()
            },
            "affected": {name: list(wishes) for name, wishes in self.affected.items()},
        }


def difference(problem: Problem, before: Solution, after: Solution) -> Difference:
    """Return what changes from one plan to another; both may be partial. Withdrawn wishes concern nobody known."""
    old = {item.wish: item for item in before.assignments}
    new = {item.wish: item for item in after.assignments}
    order = [wish.id for wish in problem.wishes]
    both = [(old[name], new[name]) for name in order if name in old and name in new]
    moves = [Move(one.wish, one, two) for one, two in both if (one.slot, one.place) != (two.slot, two.place)]
    dropped = tuple(old[name] for name in order if name in old and name not in new)
    added = tuple(new[name] for name in order if name in new and name not in old)
    return Difference(
        kept=tuple(two for one, two in both if (one.slot, one.place) == (two.slot, two.place)),
        moved=tuple(move for move in moves if move.is_in_time),
        reseated=tuple(move for move in moves if not move.is_in_time),
        dropped=dropped,
        withdrawn=tuple(item for name, item in old.items() if name not in set(order)),
        added=added,
        affected=_affected(problem, {move.wish for move in moves} | {item.wish for item in dropped + added}),
    )


def _affected(problem: Problem, news: Iterable[str]) -> dict[str, tuple[str, ...]]:
    about = set(news)
    found: dict[str, list[str]] = {person.id: [] for person in problem.participants}
    for wish in problem.wishes:
        for name in wish.participants if wish.id in about else ():
            found[name].append(wish.id)
    return {name: tuple(wishes) for name, wishes in found.items() if wishes}


def _item(item: Assignment) -> dict[str, Any]:
    return {"wish": item.wish, **_where(item)}


def _where(item: Assignment) -> dict[str, Any]:
    return {"slot": item.slot, "place": item.place}
