"""Editing the draft: what changes, and what of it reaches calendars."""

import pytest

from matchmaker.agenda import queries, services, usual
from matchmaker.agenda.errors import NameTaken
from matchmaker.agenda.models import AgendaSession, SessionSignUp, Speaker
from matchmaker.agenda.signals import session_changed
from matchmaker.audit import entries_of
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from tests.agenda.conftest import at, given
from tests.conftest import NOW

LATER = NOW.replace(hour=12)


def change(cast, session, **values):
    clock.freeze(LATER)
    with transaction():
        services.change_session(session, given(**values), cast.olga)
    return session


def test_a_session_gets_a_calendar_identity_that_never_changes(cast, add):
    session, other = add(), add()
    uid = session.uid

    change(cast, session, title="Welcome")

    assert session.uid == uid != other.uid
    assert uid.startswith("session-")
    assert uid.endswith("@localhost")


@pytest.mark.parametrize(
    ("values", "sequence", "changed_at"),
    [
        ({"title": "Welcome"}, 1, LATER),
        ({"starts_at": at(10)}, 1, LATER),
        ({"minutes": 90}, 1, LATER),
        ({"join_link": "https://meet.example/1"}, 1, LATER),
        ({"description": "More"}, 0, LATER),
        ({"speakers": [("Eva", "")]}, 0, LATER),
        ({"capacity": 7}, 0, LATER),
        ({}, 0, NOW),
    ],
)
def test_time_place_and_title_raise_the_sequence_and_any_change_the_stamp(cast, add, values, sequence, changed_at):
    session = change(cast, add(), **values)

    assert (session.sequence, session.changed_at) == (sequence, changed_at)


def test_another_room_raises_the_sequence(cast, add, add_room):
    session = add()

    assert change(cast, session, room_id=add_room().id).sequence == 1


def test_a_change_of_time_is_announced_and_one_of_the_description_is_not(cast, add):
    session, heard = add(), []

    def listen(sender):
        heard.append(sender.title)

    with session_changed.connected_to(listen):
        change(cast, session, description="More")
        change(cast, session, title="Moved", starts_at=at(11))

    assert heard == ["Moved"]


def test_speakers_of_an_event_are_known_by_name(cast, add):
    first = add("One", speakers=[("Eva Ek", "Ek AB")])
    second = add("Two", at(12), speakers=[("Eva Ek", ""), ("Finn", "")])

    assert [speaker.organisation for speaker in second.speakers] == ["Ek AB", ""]
    assert first.speakers[0] is second.speakers[0]
    assert db.session.query(Speaker).count() == 2


def test_a_removed_room_leaves_its_sessions_without_one_which_their_calendar_entries_show(cast, add, add_room):
    room = add_room()
    session, elsewhere = add(room_id=room.id), add()
    with transaction():
        services.remove_room(room, cast.olga)

    assert (session.room_id, session.sequence, elsewhere.sequence) == (None, 1, 0)
    assert queries.rooms_of(cast.event.id) == []


def test_two_rooms_do_not_share_a_name_but_two_events_do(cast, add_room):
    add_room("Room A")
    with pytest.raises(NameTaken), transaction():
        services.add_room(cast.event, "Room A", None, cast.olga)
    with transaction():
        services.add_room(cast.other_event, "Room A", None, cast.olga)

    assert len(queries.rooms_of(cast.event.id)) == 1


def test_rooms_keep_their_order(cast, add_room):
    for name in ("Zoo", "Attic", "Main"):
        add_room(name)

    assert [room.name for room in queries.rooms_of(cast.event.id)] == ["Zoo", "Attic", "Main"]


def test_a_removed_session_takes_its_sign_ups_along(cast, add, publish):
    session = add(has_sign_up=True)
    publish()
    with transaction():
        services.sign_up(session, cast.ana)
    with transaction():
        services.remove_session(session, cast.olga)

    assert db.session.query(AgendaSession).count() == db.session.query(SessionSignUp).count() == 0


def test_the_usual_agenda_fills_an_empty_draft_only(cast):
    with transaction():
        cast.event.kind = "peer_review"
    wanted = usual.sessions(cast.event)
    with transaction():
        first = services.start_from_usual(cast.event, wanted, cast.olga)
    with transaction():
        second = services.start_from_usual(cast.event, wanted, cast.olga)

    assert first == len(wanted) > 0
    assert second == 0
    assert all(at(0, day=8) <= each.starts_at < at(24, day=9) for each in wanted)


def test_the_usual_agenda_leaves_out_what_does_not_fit_the_days(cast):
    with transaction():
        cast.event.kind = "peer_review"
        cast.event.ends_at = at(18)

    assert {each.starts_at.date() for each in usual.sessions(cast.event)} == {at(9).date()}


def test_the_usual_agenda_leaves_out_times_that_do_not_exist(cast, monkeypatch):
    entry = {"title": "At night", "kind": "talk", "day": 0, "start": "02:30", "minutes": 30}
    monkeypatch.setattr(usual, "terms", lambda _name: {"b2b": {"defaults": {"agenda": [entry]}}})
    with transaction():
        cast.event.starts_at, cast.event.ends_at = at(1).replace(month=3, day=29), at(9).replace(month=3, day=29)

    assert usual.sessions(cast.event) == []


def test_every_edit_is_in_the_audit_trail(cast, add, add_room, publish):
    session = change(cast, add(), title="Welcome", room_id=add_room().id)
    publish()
    with transaction():
        services.remove_room(session.room, cast.olga)
        services.remove_session(session, cast.olga)

    actions = [entry.action for entry in db.session.scalars(entries_of(cast.event.id))][::-1]
    assert actions == ["agenda.session_added", "agenda.room_added", "agenda.session_changed", "agenda.published",
                       "agenda.room_removed", "agenda.session_removed"]  # fmt: skip
