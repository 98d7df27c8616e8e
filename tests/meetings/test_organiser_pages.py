"""Pages of organisers: set-up, preview, making slots, lists, and single meetings."""

import re
from datetime import UTC, datetime

import pytest

from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.meetings import queries, services
from matchmaker.meetings.models import MeetingRequest
from tests import factories

HOME = "/events/fair/manage/meetings"
SETTINGS = {
    "slot_minutes": "30", "gap_minutes": "0", "max_requests": "10", "max_meetings": "", "requests_close_at": "",
    "join_link_template": "", "version": "1",
}  # fmt: skip


@pytest.fixture
def fair(cast):
    """The cast with four slots, two tables and one meeting of Ana and Ben."""
    with transaction():
        cast.slots = factories.make_slots(cast.event)
        cast.tables = factories.make_places(cast.event, 2)
        cast.request = factories.make_request(cast.ana, cast.ben)
        cast.meeting = factories.make_meeting(cast.request, cast.slots[0], cast.tables[0])
    return cast


@pytest.fixture
def olga(cast, as_user):
    return as_user(cast.olga)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_an_empty_event_asks_for_blocks(cast, olga):
    text = words(olga.get(HOME))

    assert "Add a block for each stretch of time" in text


def test_meetings_that_are_switched_off_are_mentioned(cast, olga):
    with transaction():
        cast.event.has_meetings = False

    assert "Meetings are switched off" in words(olga.get(HOME))


def test_settings_are_saved_on_the_wall_clock_of_the_event(cast, olga):
    response = olga.post(
        f"{HOME}/settings",
        data=SETTINGS | {"requests_close_at": "2026-12-01T18:00", "max_meetings": "8", "self_booking": "y"},
    )

    rules = queries.rules_of(cast.event.id)
    assert response.status_code == 303
    assert (rules.slot_minutes, rules.max_meetings, rules.online_places) == (30, 8, False)
    assert rules.requests_close_at == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert 'value="2026-12-01T18:00"' in olga.get(HOME).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"slot_minutes": "3"},
        {"max_requests": ""},
        {"join_link_template": "javascript:x"},
        {"join_link_template": "javascript://x.example/%0aalert(1)"},
        {"version": "x"},
    ],
)
def test_settings_that_make_no_sense_are_put_back(cast, olga, wrong):
    response = olga.post(f"{HOME}/settings", data=SETTINGS | wrong)

    assert response.status_code == 422
    assert queries.rules_of(cast.event.id).slot_minutes == 20


def test_a_stale_form_keeps_what_was_typed(cast, olga):
    olga.post(f"{HOME}/settings", data=SETTINGS)

    response = olga.post(f"{HOME}/settings", data=SETTINGS | {"slot_minutes": "45"})

    assert response.status_code == 409
    assert 'value="45"' in response.text
    assert "Somebody else changed these settings" in words(response)
    assert olga.post(f"{HOME}/settings", data=SETTINGS | {"slot_minutes": "45", "version": "2"}).status_code == 303


def test_unknown_braces_in_the_link_are_shown_at_the_field(cast, olga):
    response = olga.post(f"{HOME}/settings", data=SETTINGS | {"join_link_template": "https://x.example/{room}"})

    assert response.status_code == 422
    assert "Only {meeting} can stand in the link." in words(response)


def add_block(client, **values):
    return client.post(f"{HOME}/blocks", data={"day": "2026-12-08", "starts": "14:00", "ends": "15:00"} | values)


def test_a_block_is_added_changed_used_and_removed(cast, olga):
    assert add_block(olga).status_code == 303
    (block,) = queries.blocks_of(cast.event.id)
    assert olga.get(f"{HOME}/blocks/{block.id}").status_code == 200
    data = {"day": "2026-12-09", "starts": "10:00", "ends": "10:50"}
    assert olga.post(f"{HOME}/blocks/{block.id}", data=data).status_code == 303

    assert olga.post(f"{HOME}/slots").status_code == 303
    assert [f"{slot.starts_at:%d %H:%M}" for slot in queries.slots_of(cast.event.id)] == ["09 09:00", "09 09:25"]

    assert olga.post(f"{HOME}/blocks/{block.id}/remove").status_code == 303
    assert queries.blocks_of(cast.event.id) == []


def test_blocks_that_overlap_or_make_no_sense_are_put_back(cast, olga):
    add_block(olga)
    add_block(olga, starts="09:00", ends="10:00")
    first, _second = queries.blocks_of(cast.event.id)

    assert add_block(olga).status_code == 422
    assert add_block(olga, starts="x").status_code == 422
    data = {"day": "2026-12-08", "starts": "13:30", "ends": "14:30"}
    response = olga.post(f"{HOME}/blocks/{first.id}", data=data)
    assert (response.status_code, "It overlaps the block" in words(response)) == (422, True)
    assert olga.post(f"{HOME}/blocks/{first.id}", data=data | {"day": "2030-01-01"}).status_code == 422


def test_the_preview_shows_what_typed_values_would_give(cast, olga):
    add_block(olga)

    response = olga.get(f"{HOME}/preview?slot_minutes=15&gap_minutes=0&day=2026-12-09&starts=09:00&ends=09:30")

    cells = re.findall(r"\d\d:\d\d – \d\d:\d\d", response.text)
    assert cells == [
        "09:00 – 09:15",
        "09:15 – 09:30",
        "14:00 – 14:15",
        "14:15 – 14:30",
        "14:30 – 14:45",
        "14:45 – 15:00",
    ]
    assert "<html" not in response.text
    assert queries.slots_of(cast.event.id) == []


def test_the_preview_copes_with_nonsense(cast, olga):
    response = olga.get(f"{HOME}/preview?slot_minutes=0&gap_minutes=-5&day=x&starts=25:00&ends=")

    assert response.status_code == 200


def test_slots_under_meetings_are_not_removed(fair, olga):
    response = olga.post(f"{HOME}/slots")

    assert response.status_code == 409
    assert "Tue 8 Dec 2026, 09:00: Ana Alvarez, Ben Berg" in words(response)
    assert len(queries.slots_of(fair.event.id)) == 4


def test_places_are_added_renamed_and_removed(cast, olga):
    assert olga.post(f"{HOME}/places", data={"kind": "table", "count": "2", "prefix": "Table"}).status_code == 303
    one, other = queries.places_of(cast.event.id)
    assert olga.get(f"{HOME}/places/{one.id}").status_code == 200
    assert olga.post(f"{HOME}/places/{one.id}", data={"name": "Corner"}).status_code == 303
    assert olga.post(f"{HOME}/places/{other.id}", data={"name": "Corner"}).status_code == 409
    assert olga.post(f"{HOME}/places/{other.id}", data={"name": ""}).status_code == 422
    assert olga.post(f"{HOME}/places/{other.id}/remove").status_code == 303

    assert [place.name for place in queries.places_of(cast.event.id)] == ["Corner"]


def test_too_many_places_are_refused(cast, olga):
    assert olga.post(f"{HOME}/places", data={"kind": "table", "count": "201", "prefix": "T"}).status_code == 422
    for _ in range(2):
        olga.post(f"{HOME}/places", data={"kind": "table", "count": "200", "prefix": "T"})

    response = olga.post(f"{HOME}/places", data={"kind": "table", "count": "200", "prefix": "T"})

    assert (response.status_code, "at most 500 places" in words(response)) == (422, True)


def test_a_place_in_use_is_not_removed(fair, olga):
    response = olga.post(f"{HOME}/places/{fair.tables[0].id}/remove")

    assert (response.status_code, "Move them first" in words(response)) == (409, True)


@pytest.mark.parametrize("path", ["blocks/{id}", "places/{id}", "list/{id}"])
def test_things_of_other_events_are_not_found(fair, olga, path):
    assert olga.get(f"{HOME}/{path.format(id=10**6)}").status_code == 404


def listed(client, query=""):
    response = client.get(f"{HOME}/list{query}")
    assert response.status_code == 200
    return len(re.findall(r'<th scope="row">', response.text))


def test_meetings_are_listed_and_filtered(fair, olga):
    with transaction():
        dora = factories.make_participant(fair.event, factories.make_user("Dora Dąbrowska"),
                                          organisation_id=factories.make_organisation(name="Łódź AG", search_text="lodz ag").id)  # fmt: skip
        emil = factories.make_participant(fair.event)
        gone = factories.make_meeting(factories.make_request(dora, emil), fair.slots[1])
        services.cancel(gone, reason="=Fire")

    assert listed(olga) == 2
    assert listed(olga, "?state=scheduled") == 1
    assert listed(olga, "?state=nonsense") == 2
    assert listed(olga, "?day=2026-12-08") == 2
    assert listed(olga, "?day=2026-12-09") == 0
    assert listed(olga, "?day=x") == 2
    assert listed(olga, "?q=dora") == 1
    assert listed(olga, "?q=Łódź") == 1
    assert listed(olga, "?q=dora berg") == 0
    assert listed(olga, "?q=%25") == 0
    assert listed(olga, f"?participant={fair.ana.id}") == 1
    assert "Meetings of Ana Alvarez" in words(olga.get(f"{HOME}/list?participant={fair.ana.id}"))
    lines = olga.get(f"{HOME}/list.csv?state=cancelled").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(
        "2026-12-08T09:20+01:00,2026-12-08T09:40+01:00,,cancelled,no,Dora Dąbrowska,Łódź AG,Spain"
    )
    assert lines[1].endswith("'=Fire")
    assert olga.get(f"{HOME}/list.xlsx").status_code == 200
    assert olga.get(f"{HOME}/list.pdf").status_code == 404


def test_requests_are_listed_filtered_exported_and_closed(fair, olga):
    with transaction():
        dora = factories.make_participant(fair.event)
        factories.make_request(fair.ana, dora, message="Private words")

    page = olga.get(f"{HOME}/requests?state=pending&q=ana&participant={dora.id}")
    assert page.text.count('<th scope="row">') == 1
    assert "Private words" not in page.text
    lines = olga.get(f"{HOME}/requests.csv?state=pending").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Private words" not in lines[1]

    olga.post(f"{HOME}/requests/expire")

    assert db.session.scalars(db.select(MeetingRequest.state).order_by(MeetingRequest.id)).all() == [
        "accepted",
        "expired",
    ]
    assert "1 request is closed" in words(olga.get(f"{HOME}/requests"))
    assert "No request matches" in words(olga.get(f"{HOME}/requests?state=pending"))
    assert len(olga.get(f"{HOME}/requests.csv").text.splitlines()) == 3


def test_lists_without_anything_say_where_things_come_from(cast, olga):
    assert "No meetings yet" in words(olga.get(f"{HOME}/list"))
    assert "No requests yet" in words(olga.get(f"{HOME}/requests"))


def test_a_meeting_is_locked_and_unlocked(fair, olga):
    path = f"{HOME}/list/{fair.meeting.id}"

    olga.post(f"{path}/lock", data={"locked": "1"})
    assert fair.meeting.is_locked
    assert "Unlock" in words(olga.get(path))
    olga.post(f"{path}/lock", data={"locked": ""})
    assert not fair.meeting.is_locked


def test_a_meeting_is_moved_among_common_slots_and_places(fair, olga):
    path = f"{HOME}/list/{fair.meeting.id}"
    with transaction():
        services.set_availability(fair.ana, [fair.slots[3].id], [])
    offered = re.findall(r'<option (?:selected )?value="(\d+)"', olga.get(path).text)
    assert [int(each) for each in offered] == [*(slot.id for slot in fair.slots[:3]), *(t.id for t in fair.tables)]

    assert olga.post(f"{path}/move", data={"slot": fair.slots[2].id, "place": fair.tables[1].id}).status_code == 303

    assert (fair.meeting.slot_id, fair.meeting.place_id) == (fair.slots[2].id, fair.tables[1].id)


def test_a_move_against_the_index_is_refused_on_the_form(fair, olga):
    with transaction():
        other = factories.make_request(factories.make_participant(fair.event), factories.make_participant(fair.event))
        factories.make_meeting(other, fair.slots[1], fair.tables[1])
    path = f"{HOME}/list/{fair.meeting.id}/move"

    response = olga.post(path, data={"slot": fair.slots[1].id, "place": fair.tables[1].id})

    assert (response.status_code, "No place is free" in words(response)) == (409, True)
    assert olga.post(path, data={"slot": "99999", "place": ""}).status_code == 422


def test_a_meeting_is_cancelled_with_a_reason(fair, olga):
    path = f"{HOME}/list/{fair.meeting.id}"
    assert olga.post(f"{path}/cancel", data={"reason": "x" * 501}).status_code == 422

    assert olga.post(f"{path}/cancel", data={"reason": "Storm", "keep_request": "y"}).status_code == 303

    assert (fair.meeting.state, fair.request.state) == ("cancelled", "accepted")
    assert "Storm" in words(olga.get(path))
    assert olga.post(f"{path}/cancel").status_code == 409


def test_ratings_are_shown_without_private_notes(fair, as_user):
    clock.freeze(fair.slots[0].ends_at)
    with transaction():
        services.rate(fair.meeting, fair.ana, services.RatingInput(True, 4, "agreement", "Well done", "Secret"))
        services.rate(fair.meeting, fair.ben, services.RatingInput(False, None, "", "", ""))

    response = as_user(fair.olga).get(f"{HOME}/list/{fair.meeting.id}")

    assert "Well done" in response.text
    assert "We agreed to work together" in response.text
    assert "Says it did not take place" in response.text
    assert "Secret" not in response.text


@pytest.mark.parametrize("path", ["", "/list", "/requests", "/list.csv", "/requests.csv"])
def test_the_number_of_statements_does_not_grow_with_the_rows(cast, olga, count_statements, path):
    with transaction():
        slots = factories.make_slots(cast.event, 40)

    def selects(first, last):
        with transaction():
            for number in range(first, last):
                request = factories.make_request(
                    factories.make_participant(cast.event), factories.make_participant(cast.event)
                )
                factories.make_meeting(request, slots[number])
        db.session.expire_all()
        with count_statements() as counter:
            assert olga.get(HOME + path).status_code == 200
        return counter.count

    assert selects(0, 3) == selects(3, 30)


def test_requests_of_past_events_are_closed_by_the_daily_duties(fair, app):
    with transaction():
        request = factories.make_request(fair.ana, factories.make_participant(fair.event))
    clock.freeze(fair.event.ends_at)

    result = app.test_cli_runner().invoke(args=["daily"])

    assert "done: matchmaker.meetings.runs.close_requests" in result.output.splitlines()
    assert db.session.get(type(request), request.id, populate_existing=True).state == "expired"


def test_others_do_not_organise(fair, as_user):
    assert as_user(fair.ana).get(HOME).status_code == 403
    assert as_user(None).get(HOME).status_code == 303
