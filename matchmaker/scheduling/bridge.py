"""Rows to a problem of ``matching.scheduling``, and a solution back to placements. Decides nothing.

Ids of the library are the ids of the rows with a letter: ``s12`` slot, ``t3`` place, ``p7`` participant, ``r9`` request.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from matching.scheduling import (
    Assignment,
    Participant,
    Pin,
    Place,
    Problem,
    Relaxation,
    Scenario,
    Slot,
    Solution,
    Status,
    Wish,
    relaxed,
    value,
)
from matchmaker.events.models import Mode
from matchmaker.meetings.models import Meeting, MeetingRequest
from matchmaker.meetings.models import Slot as Row
from matchmaker.meetings.services.grid import Interval, overlaps
from matchmaker.registrations.models import Participant as Person
from matchmaker.scheduling.options import Keep, Options
from matchmaker.scheduling.queries import Situation
from matchmaker.scheduling.rows import row_id, stands
from matchmaker.scheduling.what_if import intervals_of
from matchmaker.web.times import local

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
    pins = [_pin(meeting, situation) for meeting in pinned]
    pins += _own_pins(options, {pin.wish for pin in pins}, {f"r{row}" for row in accepted}, situation)
    fixed = {row_id(pin.wish) for pin in pins}
    wishes = tuple(
        Wish(
            id=f"r{request.id}",
            participants=(f"p{request.sender_id}", f"p{request.receiver_id}"),
            weight=_weight(request) if options.stars else 1.0,
            slots=None if request.id in fixed or len(future) == len(situation.slots) else future,
            mode="either" if situation.is_mixed else "table",
        )
        for request in situation.requests
    )
    problem = Problem(
        slots=tuple(_slot(slot) for slot in situation.slots),
        places=tuple(Place(f"t{place.id}") for place in situation.places) if situation.needs_places else None,
        participants=_participants(situation, pinned),
        wishes=wishes,
        pins=tuple(pins),
        objective=options.objective,
    )
    return _assuming(scenario_of(options.scenario, situation).apply(problem), options)


def _assuming(problem: Problem, options: Options) -> Problem:
    """Return the problem with the changes that a what-if run assumes; those of requests that are gone fall away."""
    wished = {wish.id for wish in problem.wishes}
    for fix in options.fixes:
        if fix["wish"] in wished:
            problem = relaxed(problem, [Relaxation(**rule) for rule in fix["rules"]], fix["wish"])
    return problem


class _Supposed(Scenario):
    """A scenario whose new slots are open to every wish, also where wishes name the slots that are not over."""

    def apply(self, problem: Problem) -> Problem:
        longer = Scenario(name=self.name, slots=self.slots).apply(problem)
        new = tuple(slot.id for slot in self.slots)
        wishes = (replace(wish, slots=(*wish.slots, *new)) if wish.slots else wish for wish in longer.wishes)
        return Scenario.apply(replace(self, slots=()), replace(longer, wishes=tuple(wishes)))


def scenario_of(parts: Sequence[Mapping[str, Any]], situation: Situation, name: str = "what if") -> Scenario:
    """Return a scenario of ``what_if``; what the event has by now adds nothing any more."""
    to = {part["kind"]: part.get("to", 0) for part in parts}
    limit = situation.settings.max_meetings or to.get("maximum", 0)
    return _Supposed(
        name=name,
        more_places=max(0, to.get("places", 0) - len(situation.places)),
        more_meetings=max(0, to.get("maximum", 0) - limit),
        slot_minutes=to.get("minutes"),
        slots=_new_slots(intervals_of(parts), situation),
    )


def _new_slots(intervals: Iterable[Interval], situation: Situation) -> tuple[Slot, ...]:
    taken = [slot.interval for slot in situation.slots]
    found: list[Slot] = []
    for start, end in intervals:
        if not overlaps((start, end), taken):
            taken.append((start, end))
            found.append(Slot(f"x{len(found) + 1}", start, int((end - start).total_seconds() // 60)))
    return tuple(found)


def _own_pins(options: Options, taken: set[str], accepted: set[str], situation: Situation) -> list[Pin]:
    """The meetings locked in a draft whose request, slot and place are still there."""
    slots = {f"s{slot.id}" for slot in situation.slots}
    places = {f"t{place.id}" for place in situation.places} if situation.needs_places else set()
    return [
        Pin(wish, slot, place if place in places else None)
        for wish, slot, place in options.pins
        if wish in accepted - taken and slot in slots
    ]


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


def worth(situation: Situation) -> dict[str, float]:
    """Return what the meetings that stand now are worth, in the figures of a solution."""
    return value(problem_of(situation, Options()), published_plan(situation))


def placements_of(solution: Solution, situation: Situation) -> list[tuple[int, int, int | None, str]]:
    """Return (request id, slot id, place id, "") of each assignment; where places don't count, a meeting keeps its own.

    A place that exists only in a what-if run is none; its name in the library comes last.
    """
    places = {f"t{place.id}": place.id for place in situation.places}
    own = {(meeting.request_id, meeting.slot_id): meeting.place_id for meeting in situation.meetings}
    found = []
    for item in solution.assignments:
        request_id, slot_id = row_id(item.wish), row_id(item.slot)
        named = isinstance(item.place, str)
        kept = None if situation.needs_places else own.get((request_id, slot_id))
        place_id = places.get(str(item.place)) if named else kept
        found.append((request_id, slot_id, place_id, str(item.place) if named and place_id is None else ""))
    return found


def _stays(meeting: Meeting, situation: Situation, options: Options) -> bool:
    until = options.fixed_until
    early = until is not None and meeting.slot.starts_at < until
    return options.keep == Keep.ALL or early or stands(meeting, situation.moment)


def _slot(slot: Row) -> Slot:
    minutes = int((slot.ends_at - slot.starts_at).total_seconds() // 60)
    block = f"b{slot.block_id}" if slot.block_id else None
    return Slot(id=f"s{slot.id}", start=slot.starts_at, minutes=minutes, block=block)


def _participants(situation: Situation, pinned: Sequence[Meeting]) -> tuple[Participant, ...]:
    limit = situation.settings.max_meetings
    # A limit that was lowered later must not make the meetings impossible that stay in any case.
    held = Counter(side for meeting in pinned for side in (meeting.first_id, meeting.second_id))
    wished = {row for request in situation.requests for row in (request.sender_id, request.receiver_id)}
    blocked: dict[int, list[str]] = {}
    pins = {meeting.id for meeting in pinned}
    others = [meeting for meeting in situation.meetings if meeting.id not in pins and stands(meeting, situation.moment)]
    taken = [(side, meeting.slot_id) for meeting in others for side in (meeting.first_id, meeting.second_id)]
    for participant_id, slot_id in [*situation.blocked, *taken]:
        blocked.setdefault(participant_id, []).append(f"s{slot_id}")
    return tuple(
        Participant(
            id=f"p{participant.id}",
            unavailable=tuple(blocked.get(participant.id, ())),
            max_meetings=None if limit is None else max(limit, held[participant.id]),
            timezone=participant.user.timezone,
            working_hours=WORKING_HOURS,
            online=_online(participant, situation, pinned),
        )
        for participant in situation.participants.values()
        if participant.id in wished
    )


def _online(who: Person, situation: Situation, pinned: Sequence[Meeting]) -> tuple[str, ...]:
    """The slots in which somebody takes part online, but for those whose fixed meeting holds a place already."""
    if not situation.is_mixed:
        return ()
    seated = {each.slot_id for each in pinned if each.place_id and who.id in (each.first_id, each.second_id)}
    always, zone = who.mode == Mode.ONLINE, situation.event.timezone
    return tuple(
        f"s{slot.id}"
        for slot in situation.slots
        if slot.id not in seated and (always or local(slot.starts_at, zone).date().isoformat() in who.online_days)
    )


def _pin(meeting: Meeting, situation: Situation) -> Pin:
    return Pin(f"r{meeting.request_id}", f"s{meeting.slot_id}", _place_id(meeting.place_id, situation))


def _place_id(place_id: int | None, situation: Situation) -> str | None:
    return f"t{place_id}" if place_id is not None and situation.needs_places else None


def _weight(request: MeetingRequest) -> float:
    """Between 1.0 and 1.4: the stars of both sides, so that two meetings always count more than one of five stars."""
    answer = request.answer_stars or request.stars
    return round(1 + (request.stars + answer - 2) / 20, 2)
