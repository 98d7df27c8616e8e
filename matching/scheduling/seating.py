"""Which place each meeting gets, once its slot is known. Any place will do, so this never loses a meeting.

Pinned places first, then the place of the previous plan, then a place where one of the two already sits in the slot
before, so that people move little; else the first free one.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from matching.scheduling.solution import Assignment

if TYPE_CHECKING:
    from matching.scheduling.figures import Plan
    from matching.scheduling.grid import Grid

Name = str | int


def seat(grid: Grid, plan: Plan) -> tuple[Assignment, ...]:
    """Return the plan as assignments with places, in the order of the wishes."""
    places: dict[int, Name | None] = dict.fromkeys(plan)
    if grid.problem.places is not None:
        pins = {grid.wish_of[pin.wish]: pin.place for pin in grid.problem.pins if pin.place is not None}
        last: dict[int, Name] = {}
        seated: list[list[int]] = [[] for _ in grid.slots]
        for wish in sorted(plan):
            if grid.at_table(wish, plan[wish]):
                seated[plan[wish]].append(wish)
        for slot, here in enumerate(seated):
            places.update(_seat_slot(grid, slot, here, pins, last))
    wishes, slots = grid.problem.wishes, grid.problem.slots
    return tuple(Assignment(wishes[wish].id, slots[plan[wish]].id, places[wish]) for wish in sorted(plan))


def usable_places(grid: Grid, slot: int) -> list[Name]:
    """Return the places that can be used in a slot."""
    places = grid.problem.places
    if places is None:
        return []
    if isinstance(places, int):
        return list(range(1, places + 1))
    name = grid.problem.slots[slot].id
    return [place.id for place in places if place.slots is None or name in place.slots]


def _seat_slot(grid: Grid, slot: int, here: list[int], pins: dict[int, Name], last: dict[int, Name]) -> dict[int, Name]:
    free = dict.fromkeys(usable_places(grid, slot))  # a dict keeps the order and forgets quickly
    seated: dict[int, Name] = {}
    pairs = [(wish, person) for wish in here for person in grid.pairs[wish]]
    wanted = (
        ((wish, pins[wish]) for wish in here if wish in pins),
        ((wish, grid.place_before[wish]) for wish in here if grid.before.get(wish) == slot),
        ((wish, last[person]) for wish, person in pairs if person in last),
        ((wish, next(iter(free), None)) for wish in here if wish not in seated),
    )
    for wish, place in chain.from_iterable(wanted):
        if place is not None and place in free and wish not in seated:
            seated[wish] = place
            del free[place]
    last.update({person: seated[wish] for wish, person in pairs if wish in seated})
    return seated
