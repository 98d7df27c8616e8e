"""Pages of the agenda for visitors and participants."""

import csv
import io

import pytest

from matchmaker.agenda import queries, services
from matchmaker.clock import clock
from matchmaker.db import transaction
from tests import factories
from tests.agenda.conftest import at, given

PAGE = "/events/fair/agenda"


@pytest.fixture
def workshop(add, publish):
    """A published session with one place."""
    session = add("Workshop", at(14), has_sign_up=True, capacity=1, speakers=[("Eva Ek", "Ek AB")],
                  description="**Bold** <script>alert(1)</script>", join_link="https://meet.example/1")  # fmt: skip
    publish()
    return session


def test_everybody_sees_the_published_agenda_without_links_to_join(workshop, as_user):
    answer = as_user(None).get(PAGE)

    assert answer.status_code == 200
    assert "Workshop" in answer.text
    assert "Eva Ek (Ek AB)" in answer.text
    assert "<strong>Bold</strong>" in answer.text
    assert "<script>alert" not in answer.text
    assert "https://meet.example/1" not in answer.text
    assert "Registered participants can sign up." in answer.text


def test_participants_see_the_link_to_join_and_both_zones(cast, workshop, as_user):
    with transaction():
        cast.ana.user.timezone = "Asia/Tokyo"

    text = as_user(cast.ana).get(PAGE).text

    assert 'href="https://meet.example/1"' in text
    assert "22:00" in text
    assert 'href="/events/fair/me/itinerary"' in text


def test_before_the_first_version_the_page_says_so_and_leads_organisers_on(cast, add, as_user):
    add("Secret")

    assert "The agenda is not published yet" in as_user(None).get(PAGE).text
    assert "Secret" not in as_user(cast.olga).get(PAGE).text
    assert "Build the agenda" in as_user(cast.olga).get(PAGE).text


def test_signing_up_and_giving_back(cast, workshop, as_user):
    client, address = as_user(cast.ana), f"/events/fair/me/sessions/{workshop.id}"

    joined = client.post(f"{address}/sign-up", follow_redirects=True)
    left = client.post(f"{address}/leave", follow_redirects=True)

    assert "You are signed up for “Workshop”." in joined.text
    assert "1 of 1 places taken." in joined.text
    assert "You gave your place in “Workshop” back." in left.text
    assert "0 of 1 places taken." in left.text


def test_a_full_session_says_so_and_refuses_with_a_message(cast, workshop, as_user):
    with transaction():
        services.sign_up(workshop, cast.ben)
    client = as_user(cast.ana)

    assert "Full" in client.get(PAGE).text
    answer = client.post(f"/events/fair/me/sessions/{workshop.id}/sign-up", follow_redirects=True)
    assert "Every place of “Workshop” is taken." in answer.text


def test_a_session_that_has_begun_or_was_removed_offers_no_sign_up(cast, add, publish, workshop, as_user):
    other = add("Other", at(16), has_sign_up=True)
    publish()
    with transaction():
        services.remove_session(other, cast.olga)
    clock.freeze(at(14))

    assert as_user(cast.ana).get(PAGE).text.count("Sign-up is closed.") == 2


def test_sessions_of_other_events_are_not_found(cast, as_user):
    with transaction():
        other = services.add_session(cast.other_event, given(has_sign_up=True), cast.olga)
        services.publish(cast.other_event, "", cast.olga)
    client = as_user(cast.ana)

    assert client.post(f"/events/fair/me/sessions/{other.id}/sign-up").status_code == 404
    assert client.post(f"/events/fair/me/sessions/{other.id}/leave").status_code == 404


def test_only_participants_sign_up(cast, workshop, as_user):
    address = f"/events/fair/me/sessions/{workshop.id}/sign-up"

    assert as_user(None).post(address).status_code == 303
    assert as_user(cast.carl).post(address).status_code == 403
    assert queries.sign_up_counts(cast.event.id) == {}


def test_a_closed_event_shows_its_agenda_to_participants_only(cast, workshop, as_user):
    with transaction():
        cast.event.visibility = "closed"

    assert as_user(None).get(PAGE).status_code == 404
    assert as_user(cast.carl).get(f"{PAGE}/agenda.csv").status_code == 404
    assert as_user(cast.ana).get(PAGE).status_code == 200


def test_the_page_takes_as_many_statements_for_three_sessions_as_for_thirty(
    cast, add, publish, as_user, count_statements
):
    client, counts = as_user(cast.ana), []
    for some in (3, 27):
        for number in range(some):
            add(f"Session {number}", at(9 + number % 8), has_sign_up=True, speakers=[(f"Speaker {some} {number}", "")])
        publish()
        with count_statements() as counter:
            text = client.get(PAGE).text
        counts.append((text.count('id="session-'), counter.count))

    (few, before), (many, after) = counts
    assert (few, many) == (3, 30)
    assert before == after


def test_the_export_has_times_rooms_and_speakers_but_no_links(cast, add, add_room, publish, as_user):
    add("=HYPERLINK(1)", at(23, 30), 60, room_id=add_room("Room A").id, capacity=5, join_link="https://meet.example/1",
        speakers=[("Eva Ek", "Ek AB"), ("Finn", "")])  # fmt: skip
    publish()

    rows = list(csv.reader(io.StringIO(as_user(None).get(f"{PAGE}/agenda.csv").data.decode("utf-8-sig"))))

    assert rows == [
        ["Day", "Starts (Europe/Brussels)", "Ends (Europe/Brussels)", "Title", "Kind", "Room", "Speakers", "Places"],
        ["Tue 8 Dec 2026", "23:30", "00:30", "'=HYPERLINK(1)", "Talk", "Room A", "Eva Ek, Ek AB, Finn", "5"],
    ]
    assert as_user(None).get(f"{PAGE}/agenda.xlsx").data.startswith(b"PK")
    assert as_user(None).get(f"{PAGE}/agenda.ods").status_code == 404


def test_sessions_of_somebody_else_do_not_count_as_mine(cast, workshop, as_user):
    with transaction():
        dora = factories.make_participant(cast.event)
        services.sign_up(workshop, dora)

    assert "You are signed up" not in as_user(cast.ana).get(PAGE).text
