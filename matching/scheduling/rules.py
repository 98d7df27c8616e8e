"""What makes a problem valid: one function per kind of item, each yielding mistakes with their JSON paths.

An item that could not be read at all is passed as None and skipped, so that one report covers shape and content.
"""

from __future__ import annotations

import math
import re
import zoneinfo
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from matching.scheduling.problem import MODES, OBJECTIVES, Participant, Pin, Place, Slot, Wish

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Items = Sequence[Slot | None] | Sequence[Participant | None] | Sequence[Place | None] | Sequence[Wish | None]

LARGEST_WEIGHT = 1e9
_LOCAL_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def mistakes_of(
    *,
    slots: Sequence[Slot | None],
    places: int | Sequence[Place | None] | None,
    participants: Sequence[Participant | None],
    wishes: Sequence[Wish | None],
    pins: Sequence[Pin | None],
    objective: Sequence[str],
    max_break_difference: int | None,
) -> list[str]:
    """Return every mistake of a problem, one line each with its JSON path; empty when it is valid."""
    slot_ids = _ids(slots)
    found = [*_slots(slots), *_participants(participants, slot_ids)]
    found += _places(places, slot_ids)
    found += _wishes(wishes, _ids(participants), slot_ids)
    found += _pins(pins, {wish.id: wish for wish in wishes if wish}, slot_ids, places)
    found += _objective(objective)
    if max_break_difference is not None and max_break_difference < 0:
        found.append("max_break_difference: must be 0 or more")
    return found


def _ids(items: Items) -> set[str]:
    return {item.id for item in items if item}


def _duplicates(path: str, items: Items) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, item in enumerate(items):
        if item is None:
            continue
        if not item.id:
            yield f"{path}[{number}].id: must not be empty"
        if item.id in first:
            yield f'{path}[{number}].id: "{item.id}" is already used by {path}[{first[item.id]}]'
        first.setdefault(item.id, number)


def _references(path: str, kind: str, used: Iterable[str], known: set[str]) -> Iterator[str]:
    seen: set[str] = set()
    for number, name in enumerate(used):
        if name not in known:
            yield f'{path}[{number}]: unknown {kind} "{name}"'
        elif name in seen:
            yield f'{path}[{number}]: {kind} "{name}" is repeated'
        seen.add(name)


def _slots(slots: Sequence[Slot | None]) -> Iterator[str]:
    yield from _duplicates("slots", slots)
    before: Slot | None = None
    for number, slot in enumerate(slots):
        if slot is None:
            continue
        if slot.minutes is not None and slot.minutes <= 0:
            yield f"slots[{number}].minutes: must be at least 1"
        if slot.start is None:
            continue
        if slot.start.tzinfo is None:
            yield f"slots[{number}].start: needs an offset such as +00:00"
            continue
        if before is not None and before.start is not None:
            end = before.start + timedelta(minutes=max(before.minutes or 0, 0))
            if slot.start <= before.start:
                yield f'slots[{number}].start: not later than slot "{before.id}"; slots are in time order'
            elif slot.start < end:
                yield f'slots[{number}].start: overlaps slot "{before.id}"'
        before = slot


def _participants(participants: Sequence[Participant | None], slot_ids: set[str]) -> Iterator[str]:
    yield from _duplicates("participants", participants)
    for number, person in enumerate(participants):
        if person is None:
            continue
        path = f"participants[{number}]"
        yield from _references(f"{path}.unavailable", "slot", person.unavailable, slot_ids)
        yield from _references(f"{path}.online", "slot", person.online, slot_ids)
        if person.max_meetings is not None and person.max_meetings < 0:
            yield f"{path}.max_meetings: must be 0 or more"
        if person.min_meetings < 0:
            yield f"{path}.min_meetings: must be 0 or more"
        if person.max_meetings is not None and person.min_meetings > person.max_meetings >= 0:
            yield f"{path}.min_meetings: larger than max_meetings"
        if person.timezone is not None and not _is_timezone(person.timezone):
            yield f'{path}.timezone: unknown time zone "{person.timezone}"'
        yield from _working_hours(path, person)


def _is_timezone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return True


def _working_hours(path: str, person: Participant) -> Iterator[str]:
    if person.working_hours is None:
        return
    for number, text in enumerate(person.working_hours):
        if not _LOCAL_TIME.fullmatch(text):
            yield f'{path}.working_hours[{number}]: "{text}" is not a time such as "09:00"'
    if person.working_hours[0] == person.working_hours[1]:
        yield f"{path}.working_hours: begin and end are the same"
    if person.timezone is None:
        yield f"{path}.working_hours: needs timezone"


def _places(places: int | Sequence[Place | None] | None, slot_ids: set[str]) -> Iterator[str]:
    if places is None:
        return
    if isinstance(places, int):
        if places < 0:
            yield "places: must be 0 or more"
        return
    yield from _duplicates("places", places)
    for number, place in enumerate(places):
        if place is not None and place.slots is not None:
            yield from _references(f"places[{number}].slots", "slot", place.slots, slot_ids)


def _wishes(wishes: Sequence[Wish | None], people: set[str], slot_ids: set[str]) -> Iterator[str]:
    yield from _duplicates("wishes", wishes)
    known = _ids(wishes)
    for number, wish in enumerate(wishes):
        if wish is None:
            continue
        path = f"wishes[{number}]"
        names: tuple[str, ...] = wish.participants
        if len(names) != 2:
            yield f"{path}.participants: must name two participants"
        else:
            yield from _references(f"{path}.participants", "participant", names, people)
        if not (math.isfinite(wish.weight) and 0 < wish.weight <= LARGEST_WEIGHT):
            yield f"{path}.weight: must be above 0 and at most {LARGEST_WEIGHT:.0f}"
        if wish.slots is not None:
            yield from _references(f"{path}.slots", "slot", wish.slots, slot_ids)
        if wish.mode not in MODES:
            yield f"{path}.mode: must be one of " + ", ".join(MODES)
        yield from _references(f"{path}.after", "wish", wish.after, known)
    yield from _circles(wishes)


def _circles(wishes: Sequence[Wish | None]) -> Iterator[str]:
    position = {wish.id: number for number, wish in enumerate(wishes) if wish}
    try:
        TopologicalSorter({wish.id: wish.after for wish in wishes if wish}).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        start = min(position.get(name, 0) for name in circle)
        yield f"wishes[{start}].after: the wishes {' after '.join(circle)} wait for each other"


def _pins(
    pins: Sequence[Pin | None],
    wishes: dict[str, Wish],
    slot_ids: set[str],
    places: int | Sequence[Place | None] | None,
) -> Iterator[str]:
    seen: set[str] = set()
    for number, pin in enumerate(pins):
        if pin is None:
            continue
        path = f"pins[{number}]"
        if pin.wish not in wishes:
            yield f'{path}.wish: unknown wish "{pin.wish}"'
        if pin.wish in seen:
            yield f'{path}.wish: "{pin.wish}" is already pinned'
        seen.add(pin.wish)
        if pin.slot not in slot_ids:
            yield f'{path}.slot: unknown slot "{pin.slot}"'
        if pin.place is not None and not _is_place(pin.place, places):
            yield f"{path}.place: unknown place {pin.place!r}".replace("'", '"')


def _is_place(place: str | int, places: int | Sequence[Place | None] | None) -> bool:
    if places is None:
        return False
    if isinstance(places, int):
        return isinstance(place, int) and 1 <= place <= places
    return place in _ids(places)


def _objective(objective: Sequence[str]) -> Iterator[str]:
    if not objective:
        yield "objective: must name at least one of " + ", ".join(OBJECTIVES)
    for number, name in enumerate(objective):
        if name not in OBJECTIVES:
            yield f'objective[{number}]: unknown objective "{name}"; known are ' + ", ".join(OBJECTIVES)
        elif name in objective[:number]:
            yield f'objective[{number}]: "{name}" is repeated'
