"""The formats schedule-problem/1 and schedule-solution/1, in both directions. Files and command lines live in `cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matching.scheduling.problem import InvalidProblem, InvalidSchedule, Participant, Pin, Place, Problem, Slot, Wish
from matching.scheduling.reader import Reader
from matching.scheduling.rules import mistakes_of
from matching.scheduling.solution import Assignment, Clash, Solution, Status, Unplaced

if TYPE_CHECKING:
    from collections.abc import Mapping

PROBLEM_FORMAT = "schedule-problem/1"
SOLUTION_FORMAT = "schedule-solution/1"
_PROBLEM_KEYS = ("format", "slots", "places", "participants", "wishes", "pins", "objective", "max_break_difference")
_SOLUTION_KEYS = (
    *("format", "status", "assignments", "unplaced", "value", "bound", "conflict"),
    *("seconds", "seed", "workers", "solver", "problem"),
)


class InvalidSolution(InvalidSchedule):
    """No schedule-solution/1."""


def problem_to_dict(problem: Problem) -> dict[str, Any]:
    """Return schedule-problem/1 without keys that say nothing; read back it is an equal problem."""
    places = problem.places
    return {
        "format": PROBLEM_FORMAT,
        "slots": [_slot_to_dict(slot) for slot in problem.slots],
        "places": [_said(id=place.id, slots=_listed(place.slots)) for place in places]
        if isinstance(places, tuple)
        else places,
        "participants": [_participant_to_dict(person) for person in problem.participants],
        "wishes": [_wish_to_dict(wish) for wish in problem.wishes],
        "pins": [_said(wish=pin.wish, slot=pin.slot, place=pin.place) for pin in problem.pins],
        "objective": list(problem.objective),
        "max_break_difference": problem.max_break_difference,
    }


def _said(**values: object) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _listed(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)


def _slot_to_dict(slot: Slot) -> dict[str, Any]:
    start = slot.start.isoformat() if slot.start else None
    return _said(id=slot.id, start=start, minutes=slot.minutes, block=slot.block)


def _participant_to_dict(person: Participant) -> dict[str, Any]:
    return _said(
        id=person.id,
        unavailable=_listed(person.unavailable or None),
        max_meetings=person.max_meetings,
        min_meetings=person.min_meetings or None,
        timezone=person.timezone,
        working_hours=_listed(person.working_hours),
    )


def _wish_to_dict(wish: Wish) -> dict[str, Any]:
    return _said(
        id=wish.id,
        participants=list(wish.participants),
        weight=wish.weight if wish.weight != 1 else None,
        required=wish.required or None,
        slots=_listed(wish.slots),
        after=_listed(wish.after or None),
    )


def problem_from_dict(data: Mapping[str, Any]) -> Problem:
    """Read schedule-problem/1. Raises `InvalidProblem` with every mistake, of shape and of content, at once."""
    reader = Reader()
    top = reader.mapping(data, "", _PROBLEM_KEYS, ("format", "slots", "participants", "wishes"))
    if top is None:
        raise InvalidProblem.of(reader.mistakes)
    _check_format(reader, top, PROBLEM_FORMAT)
    parts: dict[str, Any] = {
        "slots": reader.items(top, "slots", read_slot),
        "places": _places(reader, top),
        "participants": reader.items(top, "participants", _participant),
        "wishes": reader.items(top, "wishes", _wish),
        "pins": reader.items(top, "pins", _pin),
        "objective": reader.texts(top, "", "objective") if "objective" in top else ("placed", "breaks"),
        "max_break_difference": reader.optional(top, "", "max_break_difference", int),
    }
    mistakes = reader.mistakes + mistakes_of(**parts)
    if mistakes:
        raise InvalidProblem.of(mistakes)
    return Problem(**parts)


def _check_format(reader: Reader, top: Mapping[str, Any], wanted: str) -> None:
    if "format" in top and top["format"] != wanted:
        reader.note("format", f'must be "{wanted}"')


def read_slot(reader: Reader, value: object, path: str) -> Slot | None:
    """Read one slot; shared with the scenarios."""
    data = reader.mapping(value, path, ("id", "start", "minutes", "block"), ("id",))
    if data is None:
        return None
    return Slot(
        id=reader.typed(data, path, "id", str, "?"),
        start=reader.time(data, path, "start"),
        minutes=reader.optional(data, path, "minutes", int),
        block=reader.optional(data, path, "block", str),
    )


def _places(reader: Reader, top: Mapping[str, Any]) -> int | tuple[Place | None, ...] | None:
    if isinstance(top.get("places"), list):
        return reader.items(top, "places", _place)
    if isinstance(top.get("places"), (int, float)) or top.get("places") is None:
        return reader.optional(top, "", "places", int)
    reader.note("places", "must be a whole number, a list or null")
    return None


def _place(reader: Reader, value: object, path: str) -> Place | None:
    data = reader.mapping(value, path, ("id", "slots"), ("id",))
    if data is None:
        return None
    slots = None if data.get("slots") is None else reader.texts(data, path, "slots")
    return Place(id=reader.typed(data, path, "id", str, "?"), slots=slots)


def _participant(reader: Reader, value: object, path: str) -> Participant | None:
    keys = ("id", "unavailable", "max_meetings", "min_meetings", "timezone", "working_hours")
    data = reader.mapping(value, path, keys, ("id",))
    if data is None:
        return None
    hours = None
    if data.get("working_hours") is not None:
        texts = reader.texts(data, path, "working_hours")
        hours = (texts[0], texts[1]) if len(texts) == 2 else None
        if hours is None:
            reader.note(f"{path}.working_hours", "must be two times, begin and end")
    return Participant(
        id=reader.typed(data, path, "id", str, "?"),
        unavailable=reader.texts(data, path, "unavailable"),
        max_meetings=reader.optional(data, path, "max_meetings", int),
        min_meetings=reader.typed(data, path, "min_meetings", int, 0),
        timezone=reader.optional(data, path, "timezone", str),
        working_hours=hours,
    )


def _wish(reader: Reader, value: object, path: str) -> Wish | None:
    keys = ("id", "participants", "weight", "required", "slots", "after")
    data = reader.mapping(value, path, keys, ("id", "participants"))
    if data is None:
        return None
    return Wish(
        id=reader.typed(data, path, "id", str, "?"),
        participants=reader.texts(data, path, "participants"),  # type: ignore[arg-type]  # the rules count them
        weight=reader.typed(data, path, "weight", float, 1.0),
        required=reader.typed(data, path, "required", bool, default=False),
        slots=None if data.get("slots") is None else reader.texts(data, path, "slots"),
        after=reader.texts(data, path, "after"),
    )


def _pin(reader: Reader, value: object, path: str) -> Pin | None:
    data = reader.mapping(value, path, ("wish", "slot", "place"), ("wish", "slot"))
    if data is None or not {"wish", "slot"} <= set(data):
        return None
    return Pin(
        wish=reader.typed(data, path, "wish", str, "?"),
        slot=reader.typed(data, path, "slot", str, "?"),
        place=_place_name(reader, data, path),
    )


def _place_name(reader: Reader, data: Mapping[str, Any], path: str) -> str | int | None:
    value = data.get("place")
    if value is None or isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    reader.note(f"{path}.place", "must be a text or a whole number")
    return None


def solution_to_dict(solution: Solution) -> dict[str, Any]:
    """Return schedule-solution/1; read back it is an equal solution."""
    data: dict[str, Any] = {
        "format": SOLUTION_FORMAT,
        "status": str(solution.status),
        "assignments": [{"wish": item.wish, "slot": item.slot, "place": item.place} for item in solution.assignments],
        "unplaced": [_unplaced_to_dict(item) for item in solution.unplaced],
        "value": dict(solution.value),
        "bound": dict(solution.bound),
        "seconds": solution.seconds,
        "seed": solution.seed,
        "workers": solution.workers,
        "solver": solution.solver,
        "problem": solution.fingerprint,
    }
    if solution.conflict:
        data["conflict"] = [{"rule": clash.rule, "wish": clash.wish, "text": clash.text} for clash in solution.conflict]
    return data


def _unplaced_to_dict(item: Unplaced) -> dict[str, Any]:
    details = dict(item.details) or None
    return {"wish": item.wish, "reason": item.reason, "text": item.text, "fix": item.fix} | _said(details=details)


def solution_from_dict(data: Mapping[str, Any]) -> Solution:
    """Read schedule-solution/1. Raises `InvalidSolution` with every mistake at once."""
    reader = Reader()
    top = reader.mapping(data, "", _SOLUTION_KEYS, ("format", "status", "assignments"))
    if top is None:
        raise InvalidSolution.of(reader.mistakes)
    _check_format(reader, top, SOLUTION_FORMAT)
    if "status" in top and top["status"] not in list(Status):
        reader.note("status", "must be one of " + ", ".join(Status))
    assignments = reader.items(top, "assignments", _assignment)
    unplaced = reader.items(top, "unplaced", _unplaced)
    conflict = reader.items(top, "conflict", _clash)
    solution = Solution(
        status=str(top.get("status")),
        assignments=tuple(item for item in assignments if item),
        unplaced=tuple(item for item in unplaced if item),
        value=_numbers(reader, top, "value"),
        bound=_numbers(reader, top, "bound"),
        conflict=tuple(item for item in conflict if item),
        seconds=reader.typed(top, "", "seconds", float, 0.0),
        seed=reader.typed(top, "", "seed", int, 1),
        workers=reader.typed(top, "", "workers", int, 1),
        solver=reader.typed(top, "", "solver", str, ""),
        fingerprint=reader.typed(top, "", "problem", str, ""),
    )
    if reader.mistakes:
        raise InvalidSolution.of(reader.mistakes)
    return solution


def _assignment(reader: Reader, value: object, path: str) -> Assignment | None:
    pin = _pin(reader, value, path)
    return None if pin is None else Assignment(wish=pin.wish, slot=pin.slot, place=pin.place)


def _unplaced(reader: Reader, value: object, path: str) -> Unplaced | None:
    data = reader.mapping(value, path, ("wish", "reason", "text", "fix", "details"), ("wish", "reason"))
    if data is None:
        return None
    wish, reason, text, fix = (reader.typed(data, path, key, str, "") for key in ("wish", "reason", "text", "fix"))
    return Unplaced(wish=wish, reason=reason, text=text, fix=fix, details=reader.typed(data, path, "details", dict, {}))


def _clash(reader: Reader, value: object, path: str) -> Clash | None:
    data = reader.mapping(value, path, ("rule", "wish", "text"), ("rule", "wish"))
    if data is None:
        return None
    rule, wish, text = (reader.typed(data, path, key, str, "") for key in ("rule", "wish", "text"))
    return Clash(rule=rule, wish=wish, text=text)


def _numbers(reader: Reader, top: Mapping[str, Any], key: str) -> dict[str, float]:
    values = reader.typed(top, "", key, dict, {})
    return {name: reader.value(value, f"{key}.{name}", float, 0.0) for name, value in values.items()}
