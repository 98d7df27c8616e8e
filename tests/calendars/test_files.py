"""Files of one meeting, of an itinerary, and of the agenda of an event; and links to other calendars."""

from urllib.parse import parse_qs, urlsplit

import pytest

from matchmaker.agenda import services as agenda
from matchmaker.calendars import links
from matchmaker.clock import clock
from matchmaker.db import transaction
from matchmaker.meetings import services as meetings
from matchmaker.meetings.entries import entry_of
from tests.calendars.conftest import at
from tests.conftest import NOW
from tests.judges import complaints, events, properties

AGENDA = "/events/fair/agenda.ics"


def _address(meeting, what="meeting.ics"):
    return f"/events/fair/me/meetings/{meeting.id}/{what}"


def test_both_sides_get_the_file_of_their_meeting(fair, as_user):
    for person in (fair.cast.ana, fair.cast.ben):
        answer = as_user(person).get(_address(fair.meeting))
        (event,) = events(answer.data)

        assert answer.headers["Content-Disposition"] == f'attachment; filename="fair-meeting-{fair.meeting.id}.ics"'
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert event.uid.value == fair.meeting.uid
        assert complaints(answer.data) == []


@pytest.mark.parametrize("what", ["meeting.ics", "google", "outlook"])
def test_a_meeting_of_others_is_not_found(fair, as_user, what):
    assert as_user(fair.cast.ana).get(_address(fair.others, what)).status_code == 404
    assert as_user(fair.cast.ana).get(f"/events/fair/me/meetings/999/{what}").status_code == 404


def test_a_cancelled_meeting_has_no_file(fair, as_user):
    with transaction():
        meetings.cancel(fair.meeting, by=fair.cast.ana, reason="")

    assert as_user(fair.cast.ana).get(_address(fair.meeting)).status_code == 404


def test_google_gets_title_times_and_place(fair, as_user):
    target = as_user(fair.cast.ana).get(_address(fair.meeting, "google")).headers["Location"]
    fields = parse_qs(urlsplit(target).query)
    entry = entry_of(fair.meeting, fair.cast.ana)

    assert target.startswith("https://calendar.google.com/calendar/render?")
    assert fields == {
        "action": ["TEMPLATE"], "text": [entry.title], "dates": ["20261208T100000Z/20261208T103000Z"],
        "details": [entry.description], "location": ["Table 1"],
    }  # fmt: skip


@pytest.mark.parametrize(("query", "host"), [("", "outlook.live.com"), ("?at=work", "outlook.office.com")])
def test_outlook_gets_title_times_and_place(fair, as_user, query, host):
    target = urlsplit(as_user(fair.cast.ana).get(_address(fair.meeting, f"outlook{query}")).headers["Location"])
    fields = parse_qs(target.query)

    assert target.hostname == host
    assert (fields["startdt"], fields["enddt"]) == (["2026-12-08T10:00:00Z"], ["2026-12-08T10:30:00Z"])
    assert fields["location"] == ["Table 1"]


def test_hostile_titles_stay_inside_their_field(fair):
    from dataclasses import replace

    entry = replace(entry_of(fair.meeting, fair.cast.ana), title="x&dates=1#y\r\nz", description="a&b\nc")

    assert parse_qs(urlsplit(links.google_entry(entry)).query)["text"] == ["x&dates=1#y z"]
    assert parse_qs(urlsplit(links.outlook_entry(entry)).query)["body"] == ["a&b\nc"]


def test_the_itinerary_is_one_file(fair, as_user):
    client = as_user(fair.cast.ana)
    answer = client.get("/events/fair/me/itinerary.ics")

    assert [event.uid.value for event in events(answer.data)] == [fair.opening.uid, fair.meeting.uid, fair.workshop.uid]
    assert complaints(answer.data) == []
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fair-itinerary.ics"'
    assert len(events(client.get("/events/fair/me/itinerary.ics?open=hide").data)) == 2


def test_an_itinerary_with_nothing_in_it_is_a_calendar(cast, as_user):
    data = as_user(cast.ana).get("/events/fair/me/itinerary.ics").data

    assert properties(data)[-2] == "END:VCALENDAR"


def test_the_agenda_of_a_public_event_is_a_calendar_for_everybody(fair, app):
    answer = app.test_client().get(AGENDA)

    assert [event.summary.value for event in events(answer.data)] == ["Opening", "Workshop"]
    assert complaints(answer.data) == []
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers


def test_it_is_the_published_agenda_and_its_etag_follows_it(fair, app):
    first = app.test_client().get(AGENDA)
    with transaction():
        agenda.change_session(fair.opening, agenda.SessionInput("Opened", "plenary", at(9), at(10)), fair.cast.olga)
    draft = app.test_client().get(AGENDA, headers={"If-None-Match": first.headers["ETag"]})
    clock.freeze(NOW.replace(hour=10))
    with transaction():
        agenda.publish(fair.cast.event, "", fair.cast.olga)
    published = app.test_client().get(AGENDA, headers={"If-None-Match": first.headers["ETag"]})

    assert draft.status_code == 304
    assert [event.summary.value for event in events(published.data)] == ["Opened", "Workshop"]


def test_links_to_join_are_in_no_calendar(fair, app, as_user):
    with transaction():
        fair.cast.event.join_link = "https://meet.example/secret"
        given = agenda.SessionInput("Opening", "plenary", at(9), at(10), join_link="https://meet.example/secret")
        agenda.change_session(fair.opening, given, fair.cast.olga)
        agenda.publish(fair.cast.event, "", fair.cast.olga)
        fair.meeting.join_link = "https://meet.example/secret"

    assert "secret" not in app.test_client().get(AGENDA).text
    assert "secret" not in as_user(fair.cast.ana).get("/events/fair/me/itinerary.ics").text


def test_the_agenda_of_a_closed_event_is_for_its_participants(fair, app, as_user):
    with transaction():
        fair.cast.event.visibility = "closed"

    assert app.test_client().get(AGENDA).status_code == 404
    assert as_user(fair.cast.ana).get(AGENDA).headers["Cache-Control"] == "private, no-store"


def test_a_cancelled_event_has_an_empty_calendar(fair, app):
    with transaction():
        fair.cast.event.cancelled_at = NOW

    assert events(app.test_client().get(AGENDA).data) == []


def test_an_event_without_agenda_has_an_empty_calendar(cast, app):
    answer = app.test_client().get(AGENDA)

    assert (answer.status_code, answer.last_modified) == (200, None)
