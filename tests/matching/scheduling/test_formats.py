"""The formats: everything they can say survives the round trip, every mistake is reported at once with its path."""

from __future__ import annotations

import json

import pytest

from matching.scheduling import (
    Assignment,
    Clash,
    InvalidProblem,
    InvalidSolution,
    Participant,
    Pin,
    Place,
    Problem,
    Slot,
    Solution,
    Unplaced,
    Wish,
)

PROBLEM = {
    "format": "schedule-problem/1",
    "slots": [{"id": "s1", "start": "2027-03-02T09:00:00+00:00", "minutes": 20, "block": "morning"}, {"id": "s2"}],
    "places": [{"id": "T1"}, {"id": "T2", "slots": ["s1"]}],
    "participants": [
        {"id": "p1", "unavailable": ["s2"], "max_meetings": 8, "min_meetings": 1},
        {"id": "p2", "timezone": "Europe/Athens", "working_hours": ["09:00", "17:00"]},
    ],
    "wishes": [
        {"id": "m0", "participants": ["p1", "p2"]},
        {"id": "m1", "participants": ["p1", "p2"], "weight": 0.5, "required": True, "slots": ["s1"], "after": ["m0"]},
    ],
    "pins": [{"wish": "m1", "slot": "s1", "place": "T2"}],
    "objective": ["placed", "hours"],
    "max_break_difference": 2,
}

SOLUTION = {
    "format": "schedule-solution/1",
    "status": "feasible",
    "assignments": [{"wish": "m1", "slot": "s2", "place": 3}],
    "unplaced": [{"wish": "m9", "reason": "no_common_slot", "text": "...", "fix": "...", "details": {"slots": ["s1"]}}],
    "value": {"placed": 286.0},
    "bound": {"placed": 287.0},
    "seconds": 12.4,
    "seed": 1,
    "workers": 2,
    "solver": "ortools 9.x",
    "problem": "sha256:0",
    "conflict": [{"rule": "pin", "wish": "m1", "text": "..."}],
}


def mistakes(data):
    with pytest.raises(InvalidProblem) as caught:
        Problem.from_dict(data)
    return [str(mistake) for mistake in caught.value.mistakes]


def changed(**keys):
    return json.loads(json.dumps(PROBLEM)) | keys


def test_a_problem_survives_the_round_trip():
    assert Problem.from_dict(PROBLEM).to_dict() == PROBLEM


def test_equal_problems_have_equal_fingerprints_and_others_do_not():
    one, same = Problem.from_dict(PROBLEM), Problem.from_dict(json.loads(json.dumps(PROBLEM)))

    assert one == same
    assert one.fingerprint == same.fingerprint
    assert Problem.from_dict(changed(places=3, pins=[])).fingerprint != one.fingerprint


def test_a_solution_survives_the_round_trip():
    solution = Solution.from_dict(SOLUTION)

    assert solution.to_dict() == SOLUTION
    assert solution.assignments == (Assignment("m1", "s2", 3),)
    assert solution.unplaced == (Unplaced("m9", "no_common_slot", "...", "...", {"slots": ["s1"]}),)
    assert solution.conflict == (Clash("pin", "m1", "..."),)


def test_the_smallest_files_are_read():
    problem = Problem.from_dict({"format": "schedule-problem/1", "slots": [], "participants": [], "wishes": []})
    solution = Solution.from_dict({"format": "schedule-solution/1", "status": "unknown", "assignments": []})

    assert problem.objective == ("placed", "breaks")
    assert solution.status == "unknown"


def test_every_mistake_of_a_file_is_reported_at_once():
    data = changed(
        extra=1,
        places=True,
        pins=[{"wish": "m7", "slot": "s9", "place": []}, "m1", {"wish": "m1"}],
        objective=["placed", "speed", "placed"],
        max_break_difference=-1,
    )
    data["slots"][0] |= {"start": "yesterday", "minutes": 0, "colour": "red"}
    data["participants"][0] |= {"max_meetings": "eight", "unavailable": ["s9", 4]}
    data["participants"][1]["working_hours"] = ["9", "17:00", "18:00"]
    data["wishes"][1] |= {"participants": ["p1", "p99"], "weight": -1, "after": ["m1"], "required": 1}
    data["wishes"].append(5)

    assert mistakes(data) == [
        "extra: unknown key",
        "slots[0].colour: unknown key",
        'slots[0].start: "yesterday" is not an ISO 8601 time such as "2027-03-02T09:00:00+00:00"',
        "places: must be a whole number",
        "participants[0].unavailable[1]: must be a text",
        "participants[0].max_meetings: must be a whole number",
        "participants[1].working_hours: must be two times, begin and end",
        "wishes[1].required: must be true or false",
        "wishes[2]: must be an object",
        "pins[0].place: must be a text or a whole number",
        "pins[1]: must be an object",
        "pins[2].slot: is missing",
        "slots[0].minutes: must be at least 1",
        'participants[0].unavailable[0]: unknown slot "s9"',
        'wishes[1].participants[1]: unknown participant "p99"',
        "wishes[1].weight: must be above 0 and at most 1000000000",
        "wishes[1].after: the wishes m1 after m1 wait for each other",
        'pins[0].wish: unknown wish "m7"',
        'pins[0].slot: unknown slot "s9"',
        'objective[1]: unknown objective "speed"; known are placed, fair, breaks, waiting, changes, hours',
        'objective[2]: "placed" is repeated',
        "max_break_difference: must be 0 or more",
    ]


@pytest.mark.parametrize(
    ("data", "mistake"),
    [
        ([], "file: must be an object"),
        (changed(format="schedule-problem/2"), 'format: must be "schedule-problem/1"'),
        (changed(places="many", pins=[]), "places: must be a whole number, a list or null"),
        (changed(places=1.5, pins=[]), "places: must be a whole number"),
        (changed(places=10**12, pins=[]), "places: must be between -1000000000 and 1000000000"),
        (changed(places=[3], pins=[]), "places[0]: must be an object"),
        (changed(objective=[]), "objective: must name at least one of placed, fair, breaks, waiting, changes, hours"),
        (changed(participants=PROBLEM["participants"] + [7]), "participants[2]: must be an object"),
        (changed(slots=PROBLEM["slots"] + [7]), "slots[2]: must be an object"),
    ],
)
def test_wrong_shapes_are_reported(data, mistake):
    assert mistakes(data) == [mistake]


@pytest.mark.parametrize(
    ("parts", "mistake"),
    [
        ({"slots": [Slot("s1"), Slot("s1")]}, 'slots[1].id: "s1" is already used by slots[0]'),
        ({"slots": [Slot("s1"), Slot("")]}, "slots[1].id: must not be empty"),
        ({"places": -1}, "places: must be 0 or more"),
        ({"places": [Place("T", ["s9"])]}, 'places[0].slots[0]: unknown slot "s9"'),
        ({"people": [Participant("a", max_meetings=-1)]}, "participants[0].max_meetings: must be 0 or more"),
        ({"people": [Participant("a", min_meetings=-1)]}, "participants[0].min_meetings: must be 0 or more"),
        (
            {"people": [Participant("a", min_meetings=2, max_meetings=1)]},
            "participants[0].min_meetings: larger than max_meetings",
        ),
        (
            {"people": [Participant("a", timezone="Mars/Base")]},
            'participants[0].timezone: unknown time zone "Mars/Base"',
        ),
        ({"people": [Participant("a", timezone="../x")]}, 'participants[0].timezone: unknown time zone "../x"'),
        (
            {"people": [Participant("a", timezone="UTC", working_hours=("9:00", "17:00"))]},
            'participants[0].working_hours[0]: "9:00" is not a time such as "09:00"',
        ),
        (
            {"people": [Participant("a", timezone="UTC", working_hours=("09:00", "09:00"))]},
            "participants[0].working_hours: begin and end are the same",
        ),
        (
            {"people": [Participant("a", working_hours=("09:00", "17:00"))]},
            "participants[0].working_hours: needs timezone",
        ),
        ({"wishes": [Wish("m1", ("a",))]}, "wishes[0].participants: must name two participants"),
        ({"wishes": [Wish("m1", ("a", "a"))]}, 'wishes[0].participants[1]: participant "a" is repeated'),
        ({"wishes": [Wish("m1", ("a", "b"), slots=("s1", "s1"))]}, 'wishes[0].slots[1]: slot "s1" is repeated'),
        (
            {"wishes": [Wish("m1", ("a", "b"), after=("m2",)), Wish("m2", ("a", "b"), after=("m1",))]},
            "wishes[0].after: the wishes m1 after m2 after m1 wait for each other",
        ),
        (
            {"wishes": [Wish("m1", ("a", "b"))], "pins": [Pin("m1", "s1"), Pin("m1", "s1")]},
            'pins[1].wish: "m1" is already pinned',
        ),
        (
            {"wishes": [Wish("m1", ("a", "b"))], "places": 2, "pins": [Pin("m1", "s1", 3)]},
            "pins[0].place: unknown place 3",
        ),
        ({"wishes": [Wish("m1", ("a", "b"))], "pins": [Pin("m1", "s1", "T")]}, 'pins[0].place: unknown place "T"'),
    ],
)
def test_contradictions_are_refused_when_a_problem_is_made(parts, mistake):
    parts = {"slots": [Slot("s1")], "people": [Participant("a"), Participant("b")], "wishes": []} | parts

    with pytest.raises(InvalidProblem) as caught:
        Problem(participants=parts.pop("people"), **parts)

    assert [str(one) for one in caught.value.mistakes] == [mistake]


@pytest.mark.parametrize(
    ("second", "mistake"),
    [
        ("2027-03-02T09:00:00+00:00", 'slots[1].start: not later than slot "s1"; slots are in time order'),
        ("2027-03-02T09:10:00+00:00", 'slots[1].start: overlaps slot "s1"'),
        ("2027-03-02T10:00:00", "slots[1].start: needs an offset such as +00:00"),
    ],
)
def test_slots_are_in_time_order_and_do_not_overlap(second, mistake):
    slots = [PROBLEM["slots"][0], {"id": "s2", "start": second}]

    assert mistakes(changed(slots=slots)) == [mistake]


def test_sets_are_brought_into_an_order():
    assert Participant("a", unavailable={"s2", "s1"}).unavailable == ("s1", "s2")


def test_every_mistake_of_a_solution_is_reported_at_once():
    data = SOLUTION | {
        "status": "perfect",
        "assignments": [{"wish": "m1"}],
        "unplaced": [3],
        "conflict": [4],
        "value": {"placed": "x"},
    }

    with pytest.raises(InvalidSolution) as caught:
        Solution.from_dict(data)

    assert [str(one) for one in caught.value.mistakes] == [
        "status: must be one of optimal, feasible, infeasible, unknown",
        "assignments[0].slot: is missing",
        "unplaced[0]: must be an object",
        "conflict[0]: must be an object",
        "value.placed: must be a number",
    ]


def test_a_solution_that_is_no_object_is_refused():
    with pytest.raises(InvalidSolution, match="file: must be an object"):
        Solution.from_dict([])
