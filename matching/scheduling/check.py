"""The independent check: does a plan keep every rule, and what is it worth? Plain Python that shares nothing with the model.

Each rule is written a second time here, straight from its sentence in the format, so that an error in the model shows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from matching.scheduling.values import gaps_in, rows, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from matching.scheduling.problem import Problem
    from matching.scheduling.solution import Assignment, Solution

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: its stable key, one English sentence and the ids involved."""

    rule: str
    text: str
    details: Mapping[str, Any] = field(default_factory=dict)


def violations(problem: Problem, solution: Solution, previous: Solution | None = None) -> list[Violation]:
    """Return every broken rule of the plan and every wrong figure in it; empty means valid.

    A solution without a plan (infeasible, unknown) has nothing to check. `previous` is needed to check `changes`.
    """
    if solution.status in ("infeasible", "unknown") and not solution.assignments:
        return []
    known = replace(solution, assignments=tuple(_assignments(problem, solution)))
    found = [violation for rule in CHECKS for violation in rule(problem, solution if rule is _known else known)]
    if not any(violation.rule == "known" for violation in found):
        found += _figures(problem, solution, previous)
    return found


# The rules. Each is asked about those assignments only whose names are known; `_known` reports the others.


def _assignments(problem: Problem, solution: Solution) -> Iterator[Assignment]:
    wishes = {wish.id for wish in problem.wishes}
    slots = {slot.id for slot in problem.slots}
    return (item for item in solution.assignments if item.wish in wishes and item.slot in slots)


def _known(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A plan speaks of the wishes and slots of its problem, of each wish once."""
    known = {(item.wish, item.slot) for item in _assignments(problem, solution)}
    for item in solution.assignments:
        if (item.wish, item.slot) not in known:
            yield Violation(
                "known",
                f'Unknown wish or slot in "{item.wish}" at "{item.slot}".',
                {"wish": item.wish, "slot": item.slot},
            )
    for name, times in Counter(item.wish for item in solution.assignments).items():
        if times > 1:
            yield Violation("known", f'Wish "{name}" is placed {times} times.', {"wish": name})


def _allowed_slots(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A wish that names its slots is placed in one of them."""
    wishes = {wish.id: wish for wish in problem.wishes}
    for item in solution.assignments:
        allowed = wishes[item.wish].slots
        if allowed is not None and item.slot not in allowed:
            text = f'Wish "{item.wish}" is in slot "{item.slot}", which it does not allow.'
            yield Violation("allowed_slots", text, {"wish": item.wish, "slot": item.slot})


def _availability(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Nobody meets while unavailable."""
    away = {person.id: set(person.unavailable) for person in problem.participants}
    pairs = {wish.id: wish.participants for wish in problem.wishes}
    for item in solution.assignments:
        for name in pairs[item.wish]:
            if item.slot in away[name]:
                text = f'Participant "{name}" is not available in slot "{item.slot}" (wish "{item.wish}").'
                yield Violation("availability", text, {"participant": name, "slot": item.slot, "wish": item.wish})


def _one_at_a_time(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Nobody has two meetings in one slot."""
    pairs = {wish.id: wish.participants for wish in problem.wishes}
    seats: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in solution.assignments:
        for name in pairs[item.wish]:
            seats[name, item.slot].append(item.wish)
    for (name, slot), wishes in seats.items():
        if len(wishes) > 1:
            text = f'Participant "{name}" has {len(wishes)} meetings in slot "{slot}".'
            yield Violation("one_at_a_time", text, {"participant": name, "slot": slot, "wishes": sorted(wishes)})


def _places(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Every meeting has a place of its own that exists and can be used in its slot."""
    taken: Counter[tuple[str, str | int | None]] = Counter()
    online = _online(problem, solution)
    for item in solution.assignments:
        if online[item.wish]:
            if item.place is not None:
                text = f'Wish "{item.wish}" is held online in slot "{item.slot}" and has a place.'
                yield Violation("places", text, {"wish": item.wish, "slot": item.slot, "place": item.place})
            continue
        taken[item.slot, item.place] += 1
        if not _usable(problem, item):
            text = f'Wish "{item.wish}" has no usable place in slot "{item.slot}".'
            yield Violation("places", text, {"wish": item.wish, "slot": item.slot, "place": item.place})
    for (slot, place), times in taken.items():
        if place is not None and times > 1:
            text = f'Place "{place}" has {times} meetings in slot "{slot}".'
            yield Violation("places", text, {"slot": slot, "place": place})


def _online(problem: Problem, solution: Solution) -> dict[str, bool]:
    """Whether each placed wish is held online: by its mode, or because one of the two is online then."""
    remote = {person.id: set(person.online) for person in problem.participants}
    wishes = {wish.id: wish for wish in problem.wishes}
    found = {}
    for item in solution.assignments:
        wish = wishes[item.wish]
        one, other = wish.participants
        away = item.slot in remote[one] or item.slot in remote[other]
        found[wish.id] = wish.mode == "online" or (wish.mode == "either" and away)
    return found


def _modes(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A wish for a table is placed only where both are on site."""
    remote = {person.id: set(person.online) for person in problem.participants}
    wishes = {wish.id: wish for wish in problem.wishes}
    for item in solution.assignments:
        wish = wishes[item.wish]
        for name in wish.participants:
            if wish.mode == "table" and item.slot in remote[name]:
                text = f'Wish "{item.wish}" needs a table, but "{name}" is online in slot "{item.slot}".'
                yield Violation("modes", text, {"participant": name, "slot": item.slot, "wish": item.wish})


def _usable(problem: Problem, item: Assignment) -> bool:
    places = problem.places
    if not isinstance(places, tuple):
        return item.place is None if places is None else isinstance(item.place, int) and 1 <= item.place <= places
    return any(place.id == item.place and (place.slots is None or item.slot in place.slots) for place in places)


def _max_meetings(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Nobody has more meetings than the own maximum."""
    pairs = {wish.id: wish.participants for wish in problem.wishes}
    counts = Counter(name for item in solution.assignments for name in pairs[item.wish])
    for person in problem.participants:
        if person.max_meetings is not None and counts[person.id] > person.max_meetings:
            text = f'Participant "{person.id}" has {counts[person.id]} meetings, the maximum is {person.max_meetings}.'
            yield Violation("max_meetings", text, {"participant": person.id})


def _required(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A required wish is placed."""
    placed = {item.wish for item in solution.assignments}
    for wish in problem.wishes:
        if wish.required and wish.id not in placed:
            yield Violation("required", f'Wish "{wish.id}" is required and not placed.', {"wish": wish.id})


def _pins(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A pinned wish stays in its slot, and at its place when the pin names one."""
    now = {item.wish: item for item in solution.assignments}
    for pin in problem.pins:
        item = now.get(pin.wish)
        if item is None or item.slot != pin.slot or (pin.place is not None and item.place != pin.place):
            yield Violation(
                "pins", f'Wish "{pin.wish}" left its pinned slot "{pin.slot}".', {"wish": pin.wish, "slot": pin.slot}
            )


def _after(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """A wish is placed only if all wishes in its `after` are, and in earlier slots."""
    position = {slot.id: number for number, slot in enumerate(problem.slots)}
    now = {item.wish: position[item.slot] for item in solution.assignments}
    for wish in problem.wishes:
        for name in wish.after:
            if wish.id in now and (name not in now or now[name] >= now[wish.id]):
                yield Violation("after", f'Wish "{wish.id}" is not after "{name}".', {"wish": wish.id, "after": name})


def _break_difference(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """No two participants' numbers of breaks differ by more than the problem allows."""
    if problem.max_break_difference is None or not problem.participants or any(_known(problem, solution)):
        return
    breaks = {name: len(gaps_in(row)) for name, row in rows(problem, solution).items()}
    most, least = max(breaks, key=lambda name: breaks[name]), min(breaks, key=lambda name: breaks[name])
    if breaks[most] - breaks[least] > problem.max_break_difference:
        text = f'Participant "{most}" has {breaks[most]} breaks, "{least}" has {breaks[least]}.'
        yield Violation("break_difference", text, {"participants": [most, least]})


def _figures(problem: Problem, solution: Solution, previous: Solution | None) -> Iterator[Violation]:
    """The figures of a solution are those of its plan, and no better than its bounds."""
    true = value(problem, solution, previous) if solution.value else {}
    for name, stated in solution.value.items():
        skipped = name == "changes" and previous is None
        if name in true and not skipped and abs(stated - true[name]) > TOLERANCE * max(1.0, abs(stated)):
            yield Violation("figures", f'"{name}" is stated as {stated}, recomputed {true[name]}.', {"figure": name})


CHECKS: tuple[Callable[[Problem, Solution], Iterator[Violation]], ...] = (
    _known,
    _allowed_slots,
    _availability,
    _modes,
    _one_at_a_time,
    _places,
    _max_meetings,
    _required,
    _pins,
    _after,
    _break_difference,
)
