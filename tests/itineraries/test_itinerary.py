"""One participant's itinerary: what is on it, in which order, and who may see it."""

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.agenda import services as agenda
from matchmaker.agenda.services import SessionInput
from matchmaker.clock import clock
from matchmaker.db import transaction
from matchmaker.itineraries import queries
from matchmaker.itineraries.days import days
from matchmaker.itineraries.queries import Kind
from tests import factories

PAGE = "/events/fair/me/itinerary"


def at(hour, minute=0, day=8):
    """A moment of the fair, on the clocks of Brussels (UTC+1)."""
    return datetime(2026, 12, day, hour - 1, minute, tzinfo=UTC)


def session(cast, title, starts_at, minutes=60, **values):
    given = SessionInput(title, "talk", starts_at, starts_at + timedelta(minutes=minutes), **values)
    return agenda.add_session(cast.event, given, cast.olga)


def meeting(cast, slot, other=None, place=None, **values):
    request = factories.make_request(cast.ana, other or cast.ben)
    return factories.make_meeting(request, slot, place, **values)


@pytest.fixture
def day(cast):
    """A published morning: an opening for everybody, a workshop with sign-up, and one meeting of Ana with Ben."""
    with transaction():
        slots = factories.make_slots(cast.event, 8, 30)  # 09:00 to 13:00 in Brussels
        places = factories.make_places(cast.event, 1)
        session(cast, "Opening", at(9))
        workshop = session(cast, "Workshop", at(14), has_sign_up=True, capacity=5)
        session(cast, "Other workshop", at(14), has_sign_up=True)
        agenda.publish(cast.event, "", cast.olga)
        agenda.sign_up(workshop, cast.ana)
        meeting(cast, slots[4], place=places[0])
    return cast


def test_it_has_meetings_sessions_signed_up_for_and_those_open_to_everybody_in_order(day):
    found = [(entry.kind, entry.title) for entry in queries.itinerary_of(day.ana)]

    assert found == [(Kind.OPEN, "Opening"), (Kind.MEETING, "Meeting with Ben Berg"), (Kind.SESSION, "Workshop")]


def test_the_other_side_sees_the_same_meeting_with_the_other_name(day):
    assert [entry.title for entry in queries.itinerary_of(day.ben)] == ["Opening", "Meeting with Ana Alvarez"]


def test_cancelled_meetings_are_not_on_it(cast):
    with transaction():
        meeting(cast, factories.make_slots(cast.event, 1)[0], state="cancelled")

    assert queries.itinerary_of(cast.ana) == []


def test_a_draft_that_is_not_published_is_not_on_it(cast):
    with transaction():
        session(cast, "Secret plan", at(9))

    assert queries.itinerary_of(cast.ana) == []


@pytest.mark.parametrize("count", [3, 30])
def test_it_takes_three_statements_however_much_it_is(cast, count_statements, count):
    with transaction():
        for number, slot in enumerate(factories.make_slots(cast.event, count)):
            meeting(cast, slot, factories.make_participant(cast.event))
            session(cast, f"Session {number}", slot.starts_at, 20)
        agenda.publish(cast.event, "", cast.olga)
    ana = cast.ana
    assert ana.display_name

    with count_statements() as counter:
        found = [(e.title, e.other.organisation.name if e.other else "") for e in queries.itinerary_of(ana)]

    assert len(found) == 2 * count
    assert counter.count == 3


def test_the_page_takes_as_many_statements_for_three_entries_as_for_thirty(cast, as_user, count_statements):
    with transaction():
        slots = factories.make_slots(cast.event, 30)
    client, counts = as_user(cast.ana), []

    for some in (slots[:3], slots[3:]):
        with transaction():
            for slot in some:
                meeting(cast, slot, factories.make_participant(cast.event))
                session(cast, "Session", slot.starts_at, 20)
            agenda.publish(cast.event, "", cast.olga)
        with count_statements() as counter:
            text = client.get(PAGE).text
        counts.append((text.count('class="itinerary-meeting'), counter.count))

    (three, few), (thirty, many) = counts
    assert (three, thirty) == (3, 30)
    assert few == many


def test_free_time_of_ten_minutes_and_more_is_shown_within_a_day(cast):
    with transaction():
        session(cast, "Long", at(9), 180)
        session(cast, "Short", at(9, 30), 30)
        session(cast, "Nearly at once", at(12, 5))
        session(cast, "After lunch", at(14))
        session(cast, "Next day", at(9, day=9))
        agenda.publish(cast.event, "", cast.olga)

    found = days(queries.itinerary_of(cast.ana), "Europe/Brussels", at(8))

    assert [[step.gap for step in each.steps] for each in found] == [
        [None, None, None, timedelta(minutes=55)],
        [None],
    ]


def test_days_are_those_of_the_event(cast):
    with transaction():
        session(cast, "Night", datetime(2026, 12, 8, 23, 30, tzinfo=UTC), 30)
        agenda.publish(cast.event, "", cast.olga)

    assert [each.day.day for each in days(queries.itinerary_of(cast.ana), "Europe/Brussels", at(8))] == [9]
    assert [each.day.day for each in days(queries.itinerary_of(cast.ana), "UTC", at(8))] == [8]


@pytest.mark.parametrize(
    ("moment", "marks"),
    [
        (at(8), ["next", "", ""]),
        (at(9), ["now", "next", ""]),
        (at(10), ["", "next", ""]),
        (at(11, 15), ["", "now", "next"]),
        (at(18), ["", "", ""]),
    ],
)
def test_what_is_now_and_what_is_next_is_marked(day, moment, marks):
    (found,) = days(queries.itinerary_of(day.ana), "Europe/Brussels", moment)

    assert [step.mark for step in found.steps] == marks


def test_the_page_shows_times_in_both_zones_person_organisation_and_place(day, as_user):
    with transaction():
        day.ana.user.timezone = "Asia/Tokyo"
        day.ben.organisation.name = "Berg & Söhne"

    text = as_user(day.ana).get(PAGE).text

    assert "11:00" in text  # Brussels
    assert "19:00" in text  # Tokyo
    assert "Tokyo (JST, UTC+9)" in text
    assert "Berg &amp; Söhne" in text
    assert "Table 1" in text


def test_the_page_leads_to_the_meeting_and_to_the_calendar_file(day, as_user):
    text = as_user(day.ana).get(PAGE).text
    entry = queries.itinerary_of(day.ana)[1]

    assert f'href="/events/fair/me/meetings/{entry.meeting.id}"' in text
    assert f'href="/events/fair/me/meetings/{entry.meeting.id}/meeting.ics"' in text


def test_sessions_open_to_everybody_can_be_hidden(day, as_user):
    text = as_user(day.ana).get(f"{PAGE}?open=hide").text

    assert "Opening" not in text
    assert "Workshop" in text


@pytest.mark.parametrize(
    ("moment", "shown"),
    [(at(8, 44), False), (at(8, 45), True), (at(9, 10), True), (at(9, 36), False)],
)
def test_the_link_to_a_meeting_is_shown_only_around_it(cast, as_user, moment, shown):
    with transaction():
        meeting(cast, factories.make_slots(cast.event, 1)[0], join_link="https://meet.example/room-7")
    clock.freeze(moment)

    assert ("https://meet.example/room-7" in as_user(cast.ana).get(PAGE).text) == shown


def test_the_link_to_a_session_is_shown_until_its_end(cast, as_user):
    with transaction():
        session(cast, "Webinar", at(9), join_link="https://meet.example/webinar")
        agenda.publish(cast.event, "", cast.olga)

    assert "https://meet.example/webinar" in as_user(cast.ana).get(PAGE).text
    clock.freeze(at(10))
    assert "https://meet.example/webinar" not in as_user(cast.ana).get(PAGE).text


def test_a_meeting_that_was_missed_says_so(cast, as_user):
    with transaction():
        meeting(cast, factories.make_slots(cast.event, 1)[0], state="missed")

    assert "Missed" in as_user(cast.ana).get(PAGE).text


def test_an_empty_one_says_what_to_do_next(cast, as_user):
    text = as_user(cast.ana).get(PAGE).text

    assert "Nothing here yet" in text
    assert "Ask for meetings" in text


def test_an_empty_one_of_an_event_without_meetings_leads_to_the_agenda(cast, as_user):
    with transaction():
        cast.event.has_meetings = False

    assert 'href="/events/fair/agenda">See the agenda' in as_user(cast.ana).get(PAGE).text


def test_an_empty_one_offers_what_is_hidden(cast, as_user):
    assert "Show them" in as_user(cast.ana).get(f"{PAGE}?open=hide").text


def test_names_are_shown_as_text(cast, as_user):
    with transaction():
        cast.ben.user.first_name = "<script>alert(1)</script>"
        meeting(cast, factories.make_slots(cast.event, 1)[0])

    text = as_user(cast.ana).get(PAGE).text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_the_export_has_both_zones_and_no_links_to_join(day, as_user):
    with transaction():
        day.ana.user.timezone = "Asia/Tokyo"

    rows = as_user(day.ana).get(f"{PAGE}/itinerary.csv").data.decode("utf-8-sig").splitlines()

    assert rows[0] == (
        "Day (Europe/Brussels),Starts (Europe/Brussels),Ends (Europe/Brussels),"
        "Day (Asia/Tokyo),Starts (Asia/Tokyo),Ends (Asia/Tokyo),Kind,Title,Organisation,Place"
    )
    assert rows[1].endswith('09:00,10:00,Tue 8 Dec 2026,17:00,18:00,"Talk, open to everybody",Opening,,')
    assert rows[2].endswith(f"Meeting,Meeting with Ben Berg,{day.ben.organisation.name},Table 1")
    assert len(rows) == 4


def test_the_export_follows_the_filter_and_has_a_table_for_spreadsheets(day, as_user):
    client = as_user(day.ana)

    assert "Opening" not in client.get(f"{PAGE}/itinerary.csv?open=hide").text
    assert client.get(f"{PAGE}/itinerary.xlsx").data.startswith(b"PK")
    assert client.get(f"{PAGE}/itinerary.pdf").status_code == 404


def test_organisers_see_the_itinerary_of_a_participant_without_links_to_join(day, as_user):
    with transaction():
        for entry in queries.itinerary_of(day.ana):
            if entry.meeting:
                entry.meeting.join_link = "https://meet.example/room-7"
    clock.freeze(at(11))
    client, address = as_user(day.olga), f"/events/fair/manage/participants/{day.ana.id}/itinerary"

    text = client.get(address).text

    assert "Itinerary of Ana Alvarez" in text
    assert "Meeting with Ben Berg" in text
    assert "https://meet.example/room-7" not in text
    assert "Workshop" in client.get(f"{address}/itinerary.csv").text


def test_organisers_see_an_empty_itinerary_too(cast, as_user):
    client = as_user(cast.olga)
    address = f"/events/fair/manage/participants/{cast.ana.id}/itinerary"

    assert "Nothing yet" in client.get(address).text
    assert "No meetings or sign-ups yet" in client.get(f"{address}?open=hide").text


def test_organisers_do_not_see_participants_of_other_events(cast, as_user):
    address = f"/events/fair/manage/participants/{cast.carl.id}/itinerary"

    assert as_user(cast.olga).get(address).status_code == 404
    assert as_user(cast.olga).get(f"{address}/itinerary.csv").status_code == 404


def test_others_are_kept_out(cast, as_user):
    manage = f"/events/fair/manage/participants/{cast.ana.id}/itinerary"

    assert as_user(None).get(PAGE).status_code == 303
    assert as_user(cast.carl).get(PAGE).status_code == 403
    assert as_user(cast.ben).get(manage).status_code == 403
