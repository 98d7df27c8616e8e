"""Hybrid events: who is where decides, meeting by meeting, between a table and an online room."""

import pytest

from matchmaker.db import transaction
from matchmaker.scheduling import queries
from matchmaker.scheduling.board import Board
from tests import factories
from tests.scheduling import planning


@pytest.fixture
def fair(cast):
    """One slot and one table; Ana and Ben are on site, Cora is online and Dan on site."""
    with transaction():
        cast.event.mode = "hybrid"
        planning.rules(cast.event, online_places=True, join_link_template="https://meet.example/{meeting}")
        cast.slots = planning.slots(cast, count=1, places=1)
        cast.cora = factories.make_participant(cast.event, factories.make_user("Cora Cruz"), mode="online")
        cast.dan = factories.make_participant(cast.event, factories.make_user("Dan Dietz"), mode="on_site")
        cast.ana.mode = cast.ben.mode = "on_site"
        cast.at_table = planning.agreed(cast.ana, cast.ben)
        cast.online = planning.agreed(cast.cora, cast.dan)
    return cast


def places(run):
    return {row.request_id: row.place.name if row.place else None for row in queries.draft_of(run)}


def test_only_those_who_are_both_on_site_take_a_table(fair):
    run = planning.run(fair)

    assert places(run) == {fair.at_table.id: "Table 1", fair.online.id: None}
    planning.publish(run, fair)
    links = {meeting.request_id: bool(meeting.join_link) for meeting in planning.live(fair.event)}
    assert links == {fair.at_table.id: False, fair.online.id: True}


def test_somebody_on_site_one_day_and_online_the_next(fair):
    with transaction():
        fair.ana.online_days = ["2026-12-08"]  # the day of the slot

    assert places(planning.run(fair)) == {fair.at_table.id: None, fair.online.id: None}

    with transaction():
        fair.ana.online_days = ["2026-12-09"]
    assert places(planning.run(fair)) == {fair.at_table.id: "Table 1", fair.online.id: None}


def test_without_online_rooms_everybody_needs_a_table(fair):
    with transaction():
        planning.rules(fair.event, online_places=False)

    assert len(places(planning.run(fair))) == 1


def test_at_an_event_on_site_every_meeting_needs_a_table(fair):
    with transaction():
        fair.event.mode = "on_site"

    assert len(places(planning.run(fair))) == 1


def test_a_locked_online_meeting_that_holds_a_table_does_not_spoil_the_plan(fair):
    with transaction():
        factories.make_meeting(fair.online, fair.slots[0], planning.tables(fair.event)[0], is_locked=True)

    run = planning.run(fair)

    assert (run.state, run.figures["placed"]) == ("draft", 1)


def test_who_takes_part_otherwise_by_now_makes_the_draft_outdated(fair):
    from matchmaker.scheduling import changes

    run = planning.run(fair)
    with transaction():
        fair.cora.mode = "on_site"

    assert changes.since(run, queries.situation_of(fair.event.id)) == [
        "Now on site instead of online, or the other way: Cora Cruz."
    ]


def test_by_hand_an_online_meeting_needs_no_place(fair):
    board = Board(planning.run(fair))

    [online], [at_table] = board.choices(fair.online.id), board.choices(fair.at_table.id)

    assert (online.free, online.conflicts) == ((), ())
    assert [name for _key, name in at_table.free] == ["Table 1"]
