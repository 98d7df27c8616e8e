"""The same event with slots of another length: blocks keep their begin and end, and everybody their free time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from matching.scheduling.problem import InvalidProblem, Pin, Problem, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True)
class _Timed:
    """A slot whose times are known."""

    slot: Slot
    start: datetime
    end: datetime


def with_minutes(problem: Problem, minutes: int) -> Problem:
    """Return the problem with every block cut into slots of `minutes`; the pauses between slots stay as long as they are.

    A new slot is closed to whoever, or whatever, is closed in any old slot that it touches. A pin goes to the first new slot that
    touches its old one. Raises `InvalidProblem` unless every slot has a start and a length, and `minutes` is positive.
    """
    mistakes = [
        f"slots[{number}]: needs start and minutes for slots of another length"
        for number, slot in enumerate(problem.slots)
        if slot.start is None or slot.minutes is None
    ]
    if minutes < 1:
        mistakes.append("slot_minutes: must be at least 1")
    if mistakes:
        raise InvalidProblem.of(mistakes)
    old = list(_timed(problem.slots))
    new = [slot for block in _blocks(old) for slot in _cut(block, minutes)]
    touching = {item.slot.id: [other.slot.id for other in old if _touch(item, other)] for item in new}
    return _mapped(problem, tuple(item.slot for item in new), touching)


def _timed(slots: Iterable[Slot]) -> Iterator[_Timed]:
    for slot in slots:
        if slot.start is not None and slot.minutes is not None:
            yield _Timed(slot, slot.start, slot.start + timedelta(minutes=slot.minutes))


def _blocks(slots: Sequence[_Timed]) -> Iterator[list[_Timed]]:
    """Slots with the same label that follow each other; without labels, until a pause is longer than a slot."""
    number = 0
    numbers = []
    for before, item in pairwise([None, *slots]):
        if before is not None and item is not None:
            same = before.slot.block == item.slot.block
            long = item.start - before.end > before.end - before.start
            number += (not same) or (item.slot.block is None and long)
        numbers.append(number)
    pairs = zip(numbers, slots, strict=True)
    for _, block in groupby(pairs, key=lambda pair: pair[0]):
        yield [item for _, item in block]


def _cut(block: Sequence[_Timed], minutes: int) -> Iterator[_Timed]:
    pause = min((later.start - earlier.end for earlier, later in pairwise(block)), default=timedelta())
    start, length = block[0].start, timedelta(minutes=minutes)
    number = 0
    while start + length <= block[-1].end:
        number += 1
        name = f"{block[0].slot.id}/{number}"
        yield _Timed(Slot(name, start, minutes, block[0].slot.block), start, start + length)
        start += length + pause


def _touch(one: _Timed, other: _Timed) -> bool:
    return one.start < other.end and other.start < one.end


def _mapped(problem: Problem, slots: tuple[Slot, ...], touching: dict[str, list[str]]) -> Problem:
    """Return the problem in terms of the new slots, each with the old slots that it touches."""

    def closed(names: Iterable[str]) -> tuple[str, ...]:
        shut = set(names)
        return tuple(name for name, old in touching.items() if shut & set(old))

    def open_in(names: Iterable[str]) -> tuple[str, ...]:
        free = set(names)
        return tuple(name for name, old in touching.items() if old and free >= set(old))

    first: dict[str, str] = {}
    for name, old in touching.items():
        for each in old:
            first.setdefault(each, name)
    places = problem.places
    if isinstance(places, tuple):
        places = tuple(place if place.slots is None else replace(place, slots=open_in(place.slots)) for place in places)
    people = tuple(replace(person, unavailable=closed(person.unavailable)) for person in problem.participants)
    wishes = tuple(wish if wish.slots is None else replace(wish, slots=open_in(wish.slots)) for wish in problem.wishes)
    pins = tuple(Pin(pin.wish, first[pin.slot], pin.place) for pin in problem.pins if pin.slot in first)
    return replace(problem, slots=slots, places=places, participants=people, wishes=wishes, pins=pins)
