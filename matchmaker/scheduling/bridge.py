"""Rows to a problem of ``matching.scheduling``, and a solution back to placements. Decides nothing.

Ids of the library are the ids of the rows with a letter: ``s12`` slot, ``t3`` place, ``p7`` participant, ``r9`` request.
"""

from typing import Any

from matching.scheduling import Assignment, Participant, Pin, Place, Problem, Slot, Solution, Status, Wish
from matchmaker.meetings.models import Meeting, MeetingRequest
from matchmaker.meetings.models import Slot as Row
from matchmaker.scheduling.options import Keep, Options
from matchmaker.scheduling.queries import Situation

WORKING_HOURS = ("08:00", "19:00")


def problem_of(situation: Situation, options: Options) -> Problem:
    """Return the problem that an event poses at ``situation.moment``."""
    future = tuple(f"s{slot.id}" for slot in situation.slots if slot.starts_at > situation.moment)
    accepted = {request.id for request in situation.requests}
    pinned = [
        meeting
        for meeting in situation.meetings
        if meeting.request_id in accepted and _stays(meeting, situation, options)
    ]
    fixed = {meeting.request_id for meeting in pinned}
    wishes = tuple(
        Wish(
            id=f"r{request.id}",
            participants=(f"p{request.sender_id}", f"p{request.receiver_id}"),
            weight=_weight(request) if options.stars else 1.0,
            slots=None if request.id in fixed or len(future) == len(situation.slots) else future,
        )
        for request in situation.requests
    )
    return Problem(
        slots=tuple(_slot(slot) for slot in situation.slots),
        places=_places(situation),
        participants=_participants(situation),
        wishes=wishes,
        pins=tuple(_pin(meeting, situation) for meeting in pinned),
        objective=options.objective,
    )


def published_plan(situation: Situation) -> Solution:
    """Return the meetings that stand now as the previous plan."""
    wished = {request.id for request in situation.requests}
    return Solution(
        status=Status.FEASIBLE,
        assignments=tuple(
            Assignment(f"r{meeting.request_id}", f"s{meeting.slot_id}", _place_id(meeting.place_id, situation))
            for meeting in situation.meetings
            if meeting.request_id in wished
        ),
    )


def placements_of(solution: Solution) -> list[tuple[int, int, int | None]]:
    """Return (request id, slot id, place id) of each assignment."""
    return [
        (row_id(a.wish), row_id(a.slot), row_id(a.place) if isinstance(a.place, str) else None)
        for a in solution.assignments
    ]


def row_id(library_id: str) -> int:
    """Return the row's id of a library id."""
    return int(library_id[1:])


def differences(old: dict[str, Any], new: dict[str, Any]) -> dict[str, list[str]]:
    """Return what changed between two problem documents: kind of change -> library ids.

    Kinds: ``wishes_gone``, ``wishes_new``, ``participants_changed``, ``slots_gone``, ``slots_new``, ``places_changed``, ``pins_changed``.
    """
    found: dict[str, list[str]] = {}
    for name in ("wishes", "slots"):
        before, after = _by_id(old.get(name, [])), _by_id(new.get(name, []))
        found[f"{name}_gone"] = sorted(before.keys() - after.keys())
        found[f"{name}_new"] = sorted(after.keys() - before.keys())
    before, after = _by_id(old.get("participants", [])), _by_id(new.get("participants", []))
    found["participants_changed"] = sorted(key for key in before.keys() & after.keys() if before[key] != after[key])
    for name in ("places", "pins"):
        found[f"{name}_changed"] = [] if old.get(name) == new.get(name) else [name]
    return {kind: ids for kind, ids in found.items() if ids}


def _by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows}


def _stays(meeting: Meeting, situation: Situation, options: Options) -> bool:
    return options.keep == Keep.ALL or meeting.is_locked or meeting.slot.starts_at <= situation.moment


def _slot(slot: Row) -> Slot:
    minutes = int((slot.ends_at - slot.starts_at).total_seconds() // 60)
    block = f"b{slot.block_id}" if slot.block_id else None
    return Slot(id=f"s{slot.id}", start=slot.starts_at, minutes=minutes, block=block)


def _places(situation: Situation) -> tuple[Place, ...] | None:
    if situation.settings.online_places:
        return None
    return tuple(Place(f"t{place.id}") for place in situation.places)


def _participants(situation: Situation) -> tuple[Participant, ...]:
    wished = {row for request in situation.requests for row in (request.sender_id, request.receiver_id)}
    blocked: dict[int, list[str]] = {}
    for participant_id, slot_id in situation.blocked:
        blocked.setdefault(participant_id, []).append(f"s{slot_id}")
    return tuple(
        Participant(
            id=f"p{participant.id}",
            unavailable=tuple(blocked.get(participant.id, ())),
            max_meetings=situation.settings.max_meetings,
            timezone=participant.user.timezone,
            working_hours=WORKING_HOURS,
        )
        for participant in situation.participants.values()
        if participant.id in wished
    )


def _pin(meeting: Meeting, situation: Situation) -> Pin:
    return Pin(f"r{meeting.request_id}", f"s{meeting.slot_id}", _place_id(meeting.place_id, situation))


def _place_id(place_id: int | None, situation: Situation) -> str | None:
    return None if place_id is None or situation.settings.online_places else f"t{place_id}"


def _weight(request: MeetingRequest) -> float:
    """Between 1.0 and 1.4: the stars of both sides, so that two meetings always count more than one of five stars."""
    answer = request.answer_stars or request.stars
    return round(1 + (request.stars + answer - 2) / 20, 2)
