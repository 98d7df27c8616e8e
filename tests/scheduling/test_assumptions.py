"""What-if runs: trying what would place a request, and publishing only what has become true."""

import re

import pytest

from matchmaker.db import db, transaction
from matchmaker.meetings.models import Place, Seat
from matchmaker.scheduling import assumptions, queries
from matchmaker.scheduling.models import ScheduleRun
from tests import factories
from tests.scheduling import planning
from tests.scheduling.planning import ADDRESS


@pytest.fixture
def olga(as_user, cast):
    return as_user(cast.olga)


@pytest.fixture
def crowded(cast):
    """One slot and one table for two pairs: one of them is left out."""
    with transaction():
        planning.rules(cast.event, online_places=False)
        cast.slots = planning.slots(cast, count=1, places=1)
        planning.agreed(cast.ana, cast.ben)
        planning.agreed(*(factories.make_participant(cast.event) for _ in range(2)))
    return cast


@pytest.fixture
def apart(cast):
    """Ana is not available in the only slot."""
    with transaction():
        cast.slots = planning.slots(cast, count=1)
        cast.request = planning.agreed(cast.ana, cast.ben)
        planning.blocked(cast.ana, cast.slots[0])
    return cast


@pytest.fixture
def full(cast):
    """Ana may meet once and is wanted twice."""
    with transaction():
        planning.rules(cast.event, max_meetings=1)
        cast.slots = planning.slots(cast)
        planning.agreed(cast.ana, cast.ben)
        planning.agreed(cast.ana, factories.make_participant(cast.event))
    return cast


def left_out(run):
    return [int(row["wish"][1:]) for row in run.solution["unplaced"]]


def tried(olga, run):
    """Press the button beside the first request that was left out."""
    answer = olga.post(f"{ADDRESS}/{run.id}/try", data={"request": left_out(run)[0]})
    assert answer.status_code == 303
    return db.session.get_one(ScheduleRun, int(answer.location.rsplit("/", 1)[1]))


def publish(olga, run):
    return olga.post(f"{ADDRESS}/{run.id}/publish", follow_redirects=True)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))


def test_trying_starts_a_run_that_says_what_it_assumes(olga, crowded):
    first = planning.run(crowded)

    run = tried(olga, first)

    assert (first.figures["placed"], run.figures["placed"]) == (1, 2)
    page = text_of(olga.get(f"{ADDRESS}/{run.id}"))
    assert "With: One more place on Tue 8 Dec 2026, 09:00, for " in page
    assert f"starting from run {first.id} ." in page
    assert '<span class="choice-note">what if</span>' in olga.get(ADDRESS).text


def test_the_button_stands_beside_what_would_help(olga, crowded):
    run = planning.run(crowded)

    page = olga.get(f"{ADDRESS}/{run.id}/unplaced").text

    assert f"{ADDRESS}/{run.id}/try" in page


def test_a_draft_with_an_assumed_place_waits_for_the_place(olga, crowded):
    run = tried(olga, planning.run(crowded))

    refused = publish(olga, run)

    assert refused.status_code == 409
    assert "No place is free on Tue 8 Dec 2026, 09:00: add one." in refused.text
    assert "/events/fair/manage/meetings#places" in refused.text
    assert planning.live(crowded.event) == []

    with transaction():
        db.session.add(Place(event_id=crowded.event.id, name="New table", position=9))
    publish(olga, run)

    assert sorted(meeting.place.name for meeting in planning.live(crowded.event)) == ["New table", "Table 1"]
    assert [row.assumed_place for row in queries.draft_of(run)] == ["", ""]


def test_an_assumed_place_does_not_excuse_a_place_that_was_taken_away(olga, crowded):
    run = tried(olga, planning.run(crowded))
    with transaction():
        db.session.delete(planning.tables(crowded.event)[0])

    assert "Places were added or removed." in publish(olga, run).text


def test_a_draft_that_needs_somebody_free_waits_until_it_is_so(olga, apart):
    run = tried(olga, planning.run(apart))

    refused = publish(olga, run)

    assert refused.status_code == 409
    assert "Ana Alvarez is still not available on Tue 8 Dec 2026, 09:00." in refused.text
    assert f"/events/fair/manage/participants/{apart.ana.id}" in refused.text

    with transaction():
        db.session.execute(db.delete(Seat))
    publish(olga, run)

    assert [meeting.request_id for meeting in planning.live(apart.event)] == [apart.request.id]


def test_one_meeting_more_for_somebody_is_the_organisers_own_decision(olga, full):
    run = tried(olga, planning.run(full))

    assert publish(olga, run).status_code == 200
    assert len(planning.live(full.event)) == 2


def test_a_second_attempt_keeps_what_the_first_assumed(olga, crowded):
    with transaction():
        planning.agreed(*(factories.make_participant(crowded.event) for _ in range(2)))

    second = tried(olga, tried(olga, planning.run(crowded)))

    assert second.figures["placed"] == 3
    assert len(assumptions.shown(second)) == 2


@pytest.mark.parametrize("request_id", ["", "x", "4711"])
def test_what_nothing_would_place_can_not_be_tried(olga, crowded, request_id):
    run = planning.run(crowded)

    answer = olga.post(f"{ADDRESS}/{run.id}/try", data={"request": request_id}, follow_redirects=True)

    assert "Nothing is known that would place this request." in answer.text
    assert len(queries.runs_of(crowded.event.id)) == 1


def test_the_past_can_not_be_tried():
    assert not assumptions.can_try({"fix": [{"rule": "allowed_slots", "slot": "s1"}]})
    assert not assumptions.can_try({})


def test_an_assumption_of_a_request_that_is_gone_is_still_named(olga, crowded):
    run = tried(olga, planning.run(crowded))
    with transaction():
        for request in queries.situation_of(crowded.event.id).requests:
            request.state = "withdrawn"

    assert "With: One more place" in text_of(olga.get(f"{ADDRESS}/{run.id}"))
