"""Which place each meeting gets, once its slot is known. Any place will do, so this never loses a meeting.

Pinned places first, then the place of the previous plan, then a place where one of the two already sits in the slot
before, so that people move little; else the first free one.
"""

from __future__ import annotations

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

    def give(wish: int, place: Name | None) -> None:
        if place is not None and place in free and wish not in seated:
            seated[wish] = place
            del free[place]

    for wish in here:
        give(wish, pins.get(wish))
    for wish in here:
        give(wish, grid.place_before.get(wish) if grid.before.get(wish) == slot else None)
    for wish, person in _pairs(grid, here):
        give(wish, last.get(person))
    for wish in here:
        give(wish, next(iter(free), None))
    last.update({person: seated[wish] for wish, person in _pairs(grid, here) if wish in seated})
    return seated


def _pairs(grid: Grid, here: list[int]) -> list[tuple[int, int]]:
    return [(wish, person) for wish in here for person in grid.pairs[wish]]
