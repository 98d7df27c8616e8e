"""The agenda editor of organisers."""

import pytest
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.agenda import queries, services
from matchmaker.agenda.models import AgendaSession
from matchmaker.db import db, transaction
from tests import factories
from tests.agenda.conftest import at, given

PAGE = "/events/fair/manage/agenda"
INPUT = {"title": "Panel", "kind": "panel", "day": "2026-12-08", "starts": "09:00", "ends": "10:00", "room": "",
         "speakers": "Eva Ek, Ek AB", "description": "All about it"}  # fmt: skip


@pytest.fixture
def olga(cast, as_user):
    """The browser of the organiser."""
    return as_user(cast.olga)


def test_an_empty_draft_says_what_to_do_next(cast, olga):
    with transaction():
        cast.event.kind = "peer_review"

    text = olga.get(PAGE).text

    assert "No sessions yet" in text
    assert "Start from the usual agenda" in text


def test_the_usual_agenda_is_one_click_away(cast, olga):
    with transaction():
        cast.event.kind = "peer_review"

    answer = olga.post(f"{PAGE}/usual", follow_redirects=True)

    assert f"{len(queries.sessions_of(cast.event.id))} sessions are on the draft agenda." in answer.text


def test_a_new_session_is_on_the_draft_and_not_yet_seen(cast, olga, as_user):
    form = olga.get(f"{PAGE}/sessions/new")
    answer = olga.post(f"{PAGE}/sessions/new", data=INPUT, follow_redirects=True)

    assert form.status_code == 200
    assert "“Panel” is on the draft agenda." in answer.text
    assert "Panel" not in as_user(None).get("/events/fair/agenda").text


def test_wrong_input_comes_back_with_the_message_at_the_field_and_everything_typed(olga):
    answer = olga.post(f"{PAGE}/sessions/new", data=INPUT | {"ends": "09:00", "join_link": "meet.example"})

    assert answer.status_code == 422
    for text in ("It can't end at the time at which it starts.", "Give a complete address", 'value="Panel"',
                 "Eva Ek, Ek AB", "All about it", 'value="meet.example"', 'href="#ends"'):  # fmt: skip
        assert text in answer.text


def test_editing_shows_what_is_stored_and_stores_what_is_sent(olga, add):
    session = add("Opening", speakers=[("Finn", "")])
    address = f"{PAGE}/sessions/{session.id}"

    assert 'value="Opening"' in olga.get(address).text
    answer = olga.post(address, data=INPUT | {"version": session.version}, follow_redirects=True)

    assert "“Panel” is changed in the draft." in answer.text
    stored = db.session.get(AgendaSession, session.id, populate_existing=True)
    assert (stored.title, stored.kind, stored.description) == ("Panel", "panel", "All about it")
    assert [(each.name, each.organisation) for each in stored.speakers] == [("Eva Ek", "Ek AB")]


def test_wrong_input_for_a_stored_session_comes_back(olga, add):
    session = add()
    answer = olga.post(f"{PAGE}/sessions/{session.id}", data=INPUT | {"title": "", "version": session.version})

    assert answer.status_code == 422
    assert "Give the session a title." in answer.text
    assert "All about it" in answer.text


def test_a_stale_edit_is_refused_keeps_everything_typed_and_can_be_sent_again(cast, olga, add):
    session = add("Opening")
    old = session.version
    with transaction():
        services.change_session(session, given("Welcome"), cast.olga)
    address = f"{PAGE}/sessions/{session.id}"

    refused = olga.post(address, data=INPUT | {"version": old})

    assert refused.status_code == 409
    assert "Somebody else changed this session meanwhile." in refused.text
    assert 'value="Panel"' in refused.text
    assert f'value="{session.version}"' in refused.text
    assert session.title == "Welcome"
    assert olga.post(address, data=INPUT | {"version": session.version}).status_code == 303


def test_a_change_that_slips_in_between_is_refused_too(olga, add, monkeypatch):
    session = add("Opening")

    def too_late(*_):
        raise StaleDataError

    monkeypatch.setattr(services, "change_session", too_late)
    answer = olga.post(f"{PAGE}/sessions/{session.id}", data=INPUT | {"version": session.version})

    assert answer.status_code == 409
    assert "Somebody else changed this session meanwhile." in answer.text


def test_a_meeting_in_the_way_refuses_a_change_of_time(cast, olga, add, publish):
    session = add("Workshop", at(14), has_sign_up=True)
    publish()
    with transaction():
        services.sign_up(session, cast.ana)
        slots = factories.make_slots(cast.event, 1, 60)
        factories.make_meeting(factories.make_request(cast.ana, cast.ben), slots[0])

    answer = olga.post(f"{PAGE}/sessions/{session.id}", data=INPUT | {"version": session.version, "has_sign_up": "y"})

    assert answer.status_code == 409
    assert "Panel overlaps the meeting of Ana Alvarez with Ben Berg" in answer.text
    assert db.session.get(AgendaSession, session.id, populate_existing=True).starts_at == at(14)


def test_clashes_are_shown_in_the_draft_and_at_the_session(olga, add, add_room):
    room_id = add_room("Room A", 10).id
    add("First", room_id=room_id)
    second = add("Second", at(9, 30), room_id=room_id, capacity=20)

    page, form = olga.get(PAGE).text, olga.get(f"{PAGE}/sessions/{second.id}").text

    assert "1 clash<" in page
    assert "1 thing to look at<" in page
    for text in (page, form):
        assert "Room A is used by “First” and “Second” at the same time." in text
        assert "“Second” admits 20 people, Room A holds 10." in text


def test_publishing_shows_what_changes_and_makes_versions(cast, olga, add):
    session = add("Opening")
    olga.post(f"{PAGE}/publish", data={"note": "First one"})
    with transaction():
        services.change_session(session, given("Welcome"), cast.olga)
    add("Closing", at(16))
    draft = olga.get(PAGE).text
    answer = olga.post(f"{PAGE}/publish", data={"note": "Second one"}, follow_redirects=True)
    versions = olga.get(f"{PAGE}/versions").text

    assert "Changes since version 1" in draft
    assert "New: Closing" in draft
    assert "New time, place or title: Welcome" in draft
    assert "Version 2 of the agenda is published." in answer.text
    assert "Participants see exactly this agenda." in answer.text
    for text in ("First one", "Second one", "Version 2", "Version 1", "New: Closing", "1 session.", "Olga Organiser"):
        assert text in versions


def test_a_note_that_is_too_long_comes_back(olga, add):
    add()
    answer = olga.post(f"{PAGE}/publish", data={"note": "x" * 501})

    assert answer.status_code == 422
    assert "x" * 501 in answer.text


def test_two_who_publish_at_once_get_a_message(olga, add, monkeypatch):
    from matchmaker.agenda.errors import PublishedMeanwhile

    add()

    def quicker(*_):
        raise PublishedMeanwhile("Somebody else published the agenda at this moment.")

    monkeypatch.setattr(services, "publish", quicker)
    answer = olga.post(f"{PAGE}/publish", data={"note": "Mine"})

    assert answer.status_code == 409
    assert "Somebody else published the agenda at this moment." in answer.text
    assert 'value="Mine"' in answer.text or "Mine" in answer.text


def test_versions_of_nothing_say_so(olga):
    assert "Nothing is published yet" in olga.get(f"{PAGE}/versions").text


def test_rooms_are_added_and_removed(cast, olga, add):
    olga.post(f"{PAGE}/rooms", data={"name": " Room A ", "capacity": "10"})
    (room,) = queries.rooms_of(cast.event.id)
    twice = olga.post(f"{PAGE}/rooms", data={"name": "Room A"})
    nameless = olga.post(f"{PAGE}/rooms", data={"name": ""})
    removed = olga.post(f"{PAGE}/rooms/{room.id}/remove", follow_redirects=True)

    assert (room.name, room.capacity) == ("Room A", 10)
    assert (twice.status_code, nameless.status_code) == (409, 422)
    assert "There is a room of this name already." in twice.text
    assert "Give the room a name." in nameless.text
    assert "The room is removed; its sessions have no room now." in removed.text


def test_removing_a_session(cast, olga, add):
    session_id = add("Opening").id

    answer = olga.post(f"{PAGE}/sessions/{session_id}/remove", follow_redirects=True)

    assert "“Opening” is removed from the draft." in answer.text
    assert queries.sessions_of(cast.event.id) == []


def test_who_signed_up_is_on_the_page_of_the_session_and_in_a_file(cast, olga, add, publish):
    session = add("Workshop", at(14), has_sign_up=True, capacity=5)
    publish()
    with transaction():
        services.sign_up(session, cast.ana)
    address = f"{PAGE}/sessions/{session.id}"

    page, grid = olga.get(address).text, olga.get(PAGE).text
    rows = olga.get(f"{address}/sign-ups.csv").data.decode("utf-8-sig").splitlines()

    assert "1 of 5 places taken." in page
    assert "Ana Alvarez" in page
    assert "1 of 5 signed up" in grid
    assert rows == [
        "Place,Name,Organisation,E-mail,Signed up",
        f'1,Ana Alvarez,{cast.ana.organisation.name},{cast.ana.user.email},"Mon 23 Nov 2026, 10:00"',
    ]


def test_the_draft_is_a_file_too(olga, add):
    add("Not published")

    assert "Not published" in olga.get(f"{PAGE}/draft.csv").text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "sessions/{session}"), ("post", "sessions/{session}"), ("post", "sessions/{session}/remove"),
        ("get", "sessions/{session}/sign-ups.csv"), ("post", "rooms/{room}/remove"),
    ],
)  # fmt: skip
def test_rows_of_other_events_are_not_found(cast, olga, method, path):
    with transaction():
        session = services.add_session(cast.other_event, given(), cast.olga)
        room = services.add_room(cast.other_event, "Room", None, cast.olga)
    address = f"{PAGE}/{path.format(session=session.id, room=room.id)}"

    assert getattr(olga, method)(address).status_code == 404


def test_only_organisers_get_in(cast, as_user):
    assert as_user(None).get(PAGE).status_code == 303
    assert as_user(cast.ana).get(PAGE).status_code == 403
    assert as_user(cast.admin).get(PAGE).status_code == 200


def test_the_editor_takes_as_many_statements_for_three_sessions_as_for_thirty(olga, add, publish, count_statements):
    counts = []
    for some in (3, 27):
        for number in range(some):
            add(f"Session {number}", at(9 + number % 8), speakers=[(f"Speaker {some} {number}", "")])
        publish()
        with count_statements() as counter:
            text = olga.get(PAGE).text
        counts.append((text.count("agenda-item"), counter.count))

    (few, before), (many, after) = counts
    assert (few, many) == (3, 30)
    assert before == after
