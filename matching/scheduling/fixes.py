"""What would place a wish that is left out: sets of relaxed rules, found on the plan as it stands. Writes no sentences.

A fix is verified by construction: with those rules relaxed, the plan plus the wish in `slot` keeps every rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matching.scheduling.figures import breaks_in, taken
from matching.scheduling.problem import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matching.scheduling.construct import Table
    from matching.scheduling.figures import Plan

# From the easiest to grant to the hardest; between fixes of one size the easier one is named.
RULES = ("max_meetings", "places", "mode", "availability", "allowed_slots", "drop")


@dataclass(frozen=True, slots=True, order=True)
class Relaxation:
    """One rule that gives way: who may meet once more, where one place more is needed, who is free when, what goes."""

    rule: str
    participant: str | None = None
    slot: str | None = None
    wish: str | None = None

    def to_dict(self) -> dict[str, str]:
        """Return the parts that say something."""
        parts = {"rule": self.rule, "participant": self.participant, "slot": self.slot, "wish": self.wish}
        return {key: part for key, part in parts.items() if part is not None}


@dataclass(frozen=True, slots=True)
class Fix:
    """Relaxations that together let a wish into `slot`."""

    relaxations: tuple[Relaxation, ...]
    slot: int

    def cost(self) -> tuple[int, list[int], int]:
        """Order fixes: fewer relaxations first, then easier ones, then earlier slots."""
        return len(self.relaxations), sorted(RULES.index(item.rule) for item in self.relaxations), self.slot


def direct_fixes(table: Table, wish: int) -> list[Fix]:
    """Return a fix for each slot in which nobody would have to meet twice, the smallest first."""
    grid = table.grid
    first, last = order_window(table, wish)
    if any(earlier not in table.plan for earlier in grid.after[wish]):
        return []
    everywhere = tuple(_own_maximum(table, wish))
    one, other = grid.pairs[wish]
    found = [
        Fix((*everywhere, *_in_slot(table, wish, slot)), slot)
        for slot in grid.slots[first:last]
        if slot not in table.busy[one] and slot not in table.busy[other]
    ]
    return sorted((fix for fix in found if _even(table, wish, fix.slot)), key=Fix.cost)


def swap(table: Table, wish: int) -> Fix | None:
    """Return the lightest meetings to give up so that a wish fits where it is allowed, or None when none would do."""
    grid = table.grid
    first, last = order_window(table, wish)
    if any(earlier not in table.plan for earlier in grid.after[wish]):
        return None
    best: tuple[int, int, list[int]] | None = None
    for slot in grid.allowed[wish]:
        dropped = _displaced(table, wish, slot) if first <= slot < last else None
        if dropped is None:
            continue
        weight = sum(grid.weights[other] for other in dropped)
        if best is None or weight < best[0]:
            best = (weight, slot, dropped)
    if best is None:
        return None
    names = sorted(grid.problem.wishes[other].id for other in best[2])
    return Fix(tuple(Relaxation("drop", wish=name) for name in names), best[1])


def order_window(table: Table, wish: int) -> tuple[int, int]:
    """Return the first slot a wish may have by what comes before it, and the first it may not by what comes after."""
    plan, grid = table.plan, table.grid
    first = max((plan[earlier] + 1 for earlier in grid.after[wish] if earlier in plan), default=0)
    last = min((plan[later] for later in grid.later[wish] if later in plan), default=len(grid.slots))
    return first, last


def at_maximum(table: Table, person: int) -> bool:
    """Whether a participant has as many meetings as the own maximum allows."""
    most = table.grid.problem.participants[person].max_meetings
    return most is not None and len(table.busy[person]) >= most


def relaxed(problem: Problem, relaxations: Iterable[Relaxation], wish: str) -> Problem:
    """Return the problem with the rules relaxed for one wish: what the organiser would change to follow a fix."""
    for item in relaxations:
        problem = _relax(problem, item, wish)
    return problem


def _relax(problem: Problem, item: Relaxation, wish: str) -> Problem:
    if item.rule == "places":
        return replace(problem, places=_one_place_more(problem, item))
    if item.rule == "mode":
        wishes = tuple(replace(other, mode="either") if other.id == item.wish else other for other in problem.wishes)
        return replace(problem, wishes=wishes)
    if item.rule == "drop":
        # Without slots rather than without the wish: others may wait for it.
        wishes = tuple(
            replace(other, slots=(), required=False) if other.id == item.wish else other for other in problem.wishes
        )
        return replace(problem, wishes=wishes, pins=tuple(pin for pin in problem.pins if pin.wish != item.wish))
    if item.rule == "allowed_slots":
        wishes = tuple(
            replace(other, slots=(*other.slots, str(item.slot)))
            if other.id == wish and other.slots is not None
            else other
            for other in problem.wishes
        )
        return replace(problem, wishes=wishes)
    people = []
    for person in problem.participants:
        changed = person
        if person.id == item.participant and item.rule == "max_meetings":
            changed = replace(person, max_meetings=(person.max_meetings or 0) + 1)
        elif person.id == item.participant:
            changed = replace(person, unavailable=tuple(slot for slot in person.unavailable if slot != item.slot))
        people.append(changed)
    return replace(problem, participants=tuple(people))


def _one_place_more(problem: Problem, item: Relaxation) -> int | tuple[Place, ...] | None:
    if not isinstance(problem.places, tuple):
        return problem.places and problem.places + 1 if problem.places != 0 else 1
    names = {place.id for place in problem.places}
    extra = next(f"extra {number}" for number in range(1, len(names) + 2) if f"extra {number}" not in names)
    return (*problem.places, Place(extra, (str(item.slot),)))


def _own_maximum(table: Table, wish: int) -> Iterator[Relaxation]:
    for person in table.grid.pairs[wish]:
        if at_maximum(table, person):
            yield Relaxation("max_meetings", participant=table.grid.problem.participants[person].id)


def _in_slot(table: Table, wish: int, slot: int) -> Iterator[Relaxation]:
    grid = table.grid
    name, named = grid.problem.slots[slot].id, grid.named[wish]
    if grid.problem.wishes[wish].mode == "table" and any(slot in grid.remote[person] for person in grid.pairs[wish]):
        yield Relaxation("mode", wish=grid.problem.wishes[wish].id)
    elif table.full(slot, wish):
        yield Relaxation("places", slot=name)
    for person in grid.pairs[wish]:
        if slot in grid.away[person]:
            yield Relaxation("availability", participant=grid.problem.participants[person].id, slot=name)
    if named is not None and slot not in named:
        yield Relaxation("allowed_slots", slot=name)


def _displaced(table: Table, wish: int, slot: int) -> list[int] | None:
    """The meetings in the way of a wish in a slot, light ones first where there is a choice; None when not possible."""
    grid = table.grid
    in_way = {table.busy[person][slot] for person in grid.pairs[wish] if slot in table.busy[person]}
    for person in grid.pairs[wish]:
        if at_maximum(table, person) and not any(person in grid.pairs[other] for other in in_way):
            in_way |= _lightest(table, table.busy[person].values())
    if table.full(slot, wish) and not in_way & table.held[slot]:
        in_way |= _lightest(table, table.held[slot])
    blocked = any(grid.required[other] or any(later in table.plan for later in grid.later[other]) for other in in_way)
    if blocked or not _fits(table, wish, slot, in_way):
        return None
    if grid.problem.max_break_difference is not None:
        kept = {other: where for other, where in table.plan.items() if other not in in_way}
        if not even(table, kept | {wish: slot}):
            return None
    return sorted(in_way)


def _lightest(table: Table, wishes: Iterable[int]) -> set[int]:
    grid = table.grid
    free = [wish for wish in wishes if not grid.required[wish]]
    return {min(free, key=lambda wish: (grid.weights[wish], wish))} if free else set()


def _fits(table: Table, wish: int, slot: int, gone: set[int]) -> bool:
    grid = table.grid
    if grid.at_table(wish, slot) and len(table.held[slot] - gone) >= grid.capacity[slot]:
        return False
    return all(
        len(table.busy[person]) - sum(person in grid.pairs[other] for other in gone) < grid.limit[person]
        for person in grid.pairs[wish]
    )


def _even(table: Table, wish: int, slot: int) -> bool:
    return table.grid.problem.max_break_difference is None or even(table, table.plan | {wish: slot})


def even(table: Table, plan: Plan) -> bool:
    """Whether a plan keeps the largest difference in breaks."""
    most = table.grid.problem.max_break_difference
    if most is None or not table.grid.people:
        return True
    breaks = [breaks_in(row) for row in taken(table.grid, plan)]
    return max(breaks) - min(breaks) <= most
