"""Comparing scenarios: choosing them, the table, the file, and a draft of one."""

from datetime import timedelta

import pytest

from matchmaker import jobs
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.meetings.models import MeetingBlock, Place, Slot
from matchmaker.meetings.queries import slots_of
from matchmaker.scheduling import bridge, queries, runs, services, what_if
from matchmaker.scheduling.models import ScheduleRun, WhatIf, WhatIfState
from matchmaker.scheduling.options import Options
from matchmaker.web.times import local
from tests import factories
from tests.scheduling import planning
from tests.scheduling.planning import ADDRESS

PAGE = f"{ADDRESS}/what-if"


@pytest.fixture
def crowded(cast):
    """Two slots of one table, and three pairs who want to meet: one pair is left out."""
    with transaction():
        planning.rules(cast.event, online_places=False)
        cast.slots = planning.slots(cast, count=2, places=1)
        planning.agreed(cast.ana, cast.ben)
        for _ in range(2):
            planning.agreed(*(factories.make_participant(cast.event) for _ in range(2)))
    return cast


@pytest.fixture
def olga(as_user, crowded):
    return as_user(crowded.olga)


@pytest.fixture
def away(app, monkeypatch):
    """Nobody takes jobs."""
    monkeypatch.setitem(app.extensions, "matchmaker_jobs", lambda _job_id: None)


def compared(olga, **choices):
    answer = olga.post(PAGE, data={"seconds": "5"} | choices)
    assert answer.status_code == 303, answer.text
    return db.session.get_one(WhatIf, int(answer.location.rsplit("/", 1)[1]))


def gains(row):
    return [(each.name, each.meetings, each.gain) for each in what_if.table(row)]


def test_each_change_is_compared_with_the_event_as_it_is(olga):
    row = compared(olga, places=["1"], longer=["1"], minutes=["10"])

    assert row.state == "done"
    assert gains(row) == [
        ("As the event is", 2, ""),
        ("1 more place", 3, "1 more meeting, proven"),
        ("1 more slot at the end of each day", 3, "1 more meeting, proven"),
        ("Slots of 10 minutes", 3, "1 more meeting, proven"),
    ]


def test_the_table_and_the_file_say_the_same(olga):
    row = compared(olga, places=["1"])

    page = olga.get(f"{PAGE}/{row.id}").text
    lines = olga.get(f"{PAGE}/{row.id}/effects.csv").text.splitlines()

    assert "1 more meeting, proven" in page
    assert "proven the most" in page
    assert lines[2].startswith("1 more place,3,3,")
    assert "1 more place" in olga.get(PAGE).text


def test_all_changes_together_are_one_more_scenario(olga):
    row = compared(olga, places=["1", "2"], longer=["1"], together="y")

    assert gains(row)[-1][0] == "2 more places and 1 more slot at the end of each day"


def test_what_brings_nothing_is_proven_too(olga, crowded):
    with transaction():
        planning.rules(crowded.event, max_meetings=1)

    assert gains(compared(olga, maximum=["2"]))[1] == (
        "At most 3 meetings each instead of 1", 2, "no more meetings, proven",
    )  # fmt: skip


def test_fewer_meetings_are_said_as_such(olga):
    assert gains(compared(olga, minutes=["45"]))[1][2] == "2 meetings fewer, proven"


def test_a_block_is_cut_as_the_event_cuts_its_slots(olga):
    row = compared(olga, day="2026-12-08", starts="14:00", ends="15:00")

    assert gains(row)[1][:2] == ("One more block, Tue 8 Dec 2026, 14:00–14:45 (2 slots)", 3)
    assert "Add 2 slots to the event?" in olga.get(f"{PAGE}/{row.id}").text

    made_with_slots(olga, row)
    block = slots_of(row.event_id)[-1].block
    assert (f"{block.starts:%H:%M}", f"{block.ends:%H:%M}") == ("14:00", "14:45")


def test_new_slots_are_open_to_wishes_when_the_event_has_begun(as_user, crowded):
    clock.freeze(crowded.slots[0].starts_at)

    row = compared(as_user(crowded.olga), longer=["1"], minutes=["10"], together="y")

    assert [meetings for _name, meetings, _gain in gains(row)] == [1, 2, 2, 3]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose at least one change."),
        ({"places": ["1"], "seconds": ""}, "Give a number of seconds."),
        ({"places": ["1"], "seconds": "1"}, "Between 5 and 3600 seconds."),
        ({"day": "2026-12-08", "starts": "14:00"}, "Give both ends of the block, or no day."),
        ({"day": "2026-12-08", "starts": "14:00", "ends": "14:05"}, "The block is too short for a slot."),
        ({"day": "2026-12-08", "starts": "09:00", "ends": "10:00"}, "The block overlaps slots"),
        ({"day": "soon", "starts": "09:00", "ends": "10:00"}, "Not a valid choice"),
        ({"minutes": ["x"]}, "valid choice"),
        (
            {"places": list("1235"), "longer": list("123"), "minutes": ["10", "15", "25", "30", "40", "45"]},
            "Choose at most 12 changes.",
        ),
    ],
)
def test_mistakes_are_said_at_the_field_and_start_nothing(olga, typed, sentence):
    answer = olga.post(PAGE, data={"seconds": "5"} | typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalars(db.select(WhatIf)).all() == []


def test_what_makes_no_sense_is_not_offered(as_user, cast):
    with transaction():
        planning.slots(cast)
        planning.agreed(cast.ana, cast.ben)

    page = as_user(cast.olga).get(PAGE).text

    assert "More places" not in page
    assert "More meetings for each participant" not in page


def test_an_event_without_slots_has_nothing_to_compare(as_user, cast):
    client = as_user(cast.olga)

    assert "There is nothing to compare yet" in client.get(PAGE).text
    assert client.post(PAGE, data={"seconds": "5", "minutes": ["10"]}).status_code == 422


def test_one_comparison_at_a_time(olga, away):
    first = compared(olga, places=["1"])

    answer = olga.post(PAGE, data={"seconds": "5", "places": ["1"]})

    assert answer.status_code == 409
    assert "A comparison is in progress." in answer.text
    assert "The solver is comparing" in olga.get(f"{PAGE}/{first.id}").text
    assert olga.get(f"{PAGE}/{first.id}/progress").json["finished"] is False


def test_a_comparison_is_stopped_once(olga, away):
    row = compared(olga, places=["1"])

    olga.post(f"{PAGE}/{row.id}/stop")
    assert jobs.job_of(row.job_id).stop_requested is True

    jobs.run_job(row.job_id)
    again = olga.post(f"{PAGE}/{row.id}/stop", follow_redirects=True)
    db.session.refresh(row)
    assert row.state == "done"
    assert "This comparison has ended already." in again.text


def test_a_comparison_whose_worker_died_keeps_nothing(olga, away):
    row = compared(olga, places=["1"])

    with transaction():
        services.what_if_interrupted(row.id)
        services.what_if_interrupted(4711)
    runs.compare(row.id)
    runs.compare(4711)

    assert (row.state, row.effects) == ("interrupted", [])
    assert "nothing was kept" in olga.get(f"{PAGE}/{row.id}").text


def test_an_unexpected_failure_is_not_spelled_out(olga, monkeypatch):
    def breaks(*_args, **_values):
        raise ZeroDivisionError("internal detail")

    monkeypatch.setattr("matching.scheduling.what_if", breaks)

    row = compared(olga, places=["1"])

    assert (row.state, row.error) == ("failed", str(runs.UNEXPECTED))
    assert str(runs.UNEXPECTED) in olga.get(f"{PAGE}/{row.id}").text


def test_what_was_not_solved_is_not_claimed(cast):
    row = WhatIf(event=cast.event, scenarios=[[{"kind": "minutes", "to": 10}]] * 3, state=WhatIfState.DONE)
    nothing = {"status": "unknown", "value": {}, "bound": {}, "surely": {}}
    open_end = {"status": "feasible", "value": {"meetings": 4}, "bound": {"placed": 6}, "surely": {"placed": [-1, 3]}}
    row.effects = [nothing, nothing, nothing | {"status": "infeasible"}, open_end]

    assert [each.gain for each in what_if.table(row)] == [
        "",
        "Not known: there was no time for a plan.",
        "No plan: what is locked can't all take place.",
        "between −1 and 3 more meetings",
    ]
    assert [each.is_proven for each in what_if.table(row)] == [False] * 4


def test_a_row_becomes_a_draft_that_waits_for_its_places(olga, crowded):
    row = compared(olga, places=["2"])

    answer = olga.post(f"{PAGE}/{row.id}/draft", data={"number": 1})
    run = db.session.get_one(ScheduleRun, int(answer.location.rsplit("/", 1)[1]))

    assert run.figures["placed"] == 3
    page = olga.get(answer.location).text
    assert "With: 2 more places." in page
    refused = olga.post(f"{ADDRESS}/{run.id}/publish")
    assert refused.status_code == 409
    assert "1 place has to be added." in refused.text

    with transaction():
        for number in (1, 2):
            db.session.add(Place(event_id=crowded.event.id, name=f"New {number}", position=10 + number))
    olga.post(f"{ADDRESS}/{run.id}/publish")
    assert len(planning.live(crowded.event)) == 3


def test_a_higher_maximum_is_set_before_its_draft_is_published(olga, crowded):
    with transaction():
        planning.rules(crowded.event, max_meetings=1)
        planning.agreed(crowded.ana, factories.make_participant(crowded.event), stars=5)
        for number in range(3):
            db.session.add(Place(event_id=crowded.event.id, name=f"New {number}", position=10 + number))
    row = compared(olga, maximum=["1"])
    answer = olga.post(f"{PAGE}/{row.id}/draft", data={"number": 1})
    run = db.session.get_one(ScheduleRun, int(answer.location.rsplit("/", 1)[1]))

    refused = olga.post(f"{ADDRESS}/{run.id}/publish").text
    assert "The most meetings of one participant have to be set to 2." in refused
    assert "/events/fair/manage/meetings#rules" in refused

    with transaction():
        planning.rules(crowded.event, max_meetings=2)
    olga.post(f"{ADDRESS}/{run.id}/publish")
    assert len(planning.live(crowded.event)) == 4


@pytest.mark.parametrize("number", ["0", "1", "7", "x"])
def test_a_draft_with_slots_that_do_not_exist_is_not_made(olga, number):
    row = compared(olga, longer=["1"])

    answer = olga.post(f"{PAGE}/{row.id}/draft", data={"number": number}, follow_redirects=True)

    assert "Set these slots up first, then start a run." in answer.text
    assert db.session.scalars(db.select(ScheduleRun)).all() == []


def made_with_slots(olga, row, number=1):
    return olga.post(f"{PAGE}/{row.id}/draft", data={"number": number, "add_slots": "1"})


def test_a_row_with_more_slots_adds_them_and_becomes_a_draft(olga, crowded):
    row = compared(olga, longer=["1"])
    assert "Add 1 slot to the event?" in olga.get(f"{PAGE}/{row.id}").text

    answer = made_with_slots(olga, row)
    run = db.session.get_one(ScheduleRun, int(answer.location.rsplit("/", 1)[1]))

    assert run.figures["placed"] == 3
    slots = slots_of(crowded.event.id)
    assert [slot.starts_at for slot in slots[:2]] == [slot.starts_at for slot in crowded.slots]
    assert (slots[2].starts_at, slots[2].ends_at - slots[2].starts_at) == (
        crowded.slots[1].ends_at + timedelta(minutes=5),
        timedelta(minutes=20),
    )
    assert slots[2].block.ends > slots[2].block.starts
    olga.post(f"{ADDRESS}/{run.id}/publish")
    assert len(planning.live(crowded.event)) == 3


def test_a_block_with_too_little_room_left_for_a_slot_gets_longer(olga, crowded):
    start, end = (
        local(moment, crowded.event.timezone) for moment in (crowded.slots[0].starts_at, crowded.slots[1].ends_at)
    )
    rest = (end + timedelta(minutes=15)).time()
    with transaction():
        planning.rules(crowded.event, gap_minutes=0)
        block = factories.stored(
            MeetingBlock(event_id=crowded.event.id, day=start.date(), starts=start.time(), ends=rest)
        )
    row = compared(olga, longer=["1"])

    made_with_slots(olga, row)

    slots = slots_of(crowded.event.id)
    assert len(slots) == 3
    assert slots[2].block_id == block.id
    assert db.session.get_one(MeetingBlock, block.id).ends == local(slots[2].ends_at, crowded.event.timezone).time()


def test_slots_are_added_once(olga, crowded):
    row = compared(olga, longer=["2"])
    made_with_slots(olga, row)

    assert "Make a draft of it" in olga.get(f"{PAGE}/{row.id}").text
    made_with_slots(olga, row)

    assert len(slots_of(crowded.event.id)) == 4


def test_slots_that_would_overlap_others_by_now_are_not_added(olga, crowded):
    row = compared(olga, longer=["1"])
    start = crowded.slots[1].ends_at + timedelta(minutes=10)
    with transaction():
        db.session.add(Slot(event_id=crowded.event.id, starts_at=start, ends_at=start + timedelta(minutes=20)))

    answer = olga.post(f"{PAGE}/{row.id}/draft", data={"number": 1, "add_slots": "1"}, follow_redirects=True)

    assert "The event has other slots at these times now. Compare again." in answer.text
    assert len(slots_of(crowded.event.id)) == 3
    assert db.session.scalars(db.select(ScheduleRun)).all() == []


def test_slots_of_a_length_that_the_event_has_no_more_are_not_added(olga, crowded):
    row = compared(olga, longer=["1"])
    with transaction():
        planning.rules(crowded.event, slot_minutes=10)

    answer = olga.post(f"{PAGE}/{row.id}/draft", data={"number": 1, "add_slots": "1"}, follow_redirects=True)

    assert "Slots have another length or another gap now. Compare again." in answer.text
    assert len(slots_of(crowded.event.id)) == 2


def test_slots_of_another_length_are_set_up_by_hand(olga):
    row = compared(olga, minutes=["10"])

    answer = olga.post(f"{PAGE}/{row.id}/draft", data={"number": 1, "add_slots": "1"}, follow_redirects=True)

    assert "Set these slots up first, then start a run." in answer.text


def test_what_the_event_has_by_now_adds_nothing(crowded):
    parts = [
        {"kind": "places", "to": 1, "more": 1},
        {"kind": "slots", "form": "longer", "slots": [[crowded.slots[0].starts_at.isoformat(), crowded.slots[0].ends_at.isoformat()]]},
    ]  # fmt: skip
    situation = queries.situation_of(crowded.event.id)
    problem = bridge.problem_of(situation, Options())

    assert bridge.scenario_of(parts, situation).apply(problem) == problem
