"""Clashes of an agenda."""

import pytest

from matchmaker.agenda import queries
from matchmaker.agenda.conflicts import Level, clashes
from tests.agenda.conftest import at


def found(cast):
    return [(clash.level, clash.text) for clash in clashes(cast.event, queries.sessions_of(cast.event.id))]


@pytest.mark.parametrize(
    ("starts_at", "minutes", "clash"),
    [
        (at(9, 30), 60, True),  # partly
        (at(9, 15), 15, True),  # inside
        (at(9), 60, True),  # the same
        (at(10), 60, False),  # right after
        (at(8, 15), 45, False),  # right before
    ],
)
def test_a_room_holds_one_session_at_a_time(cast, add, add_room, starts_at, minutes, clash):
    room_id = add_room("Room A").id
    add("First", room_id=room_id)
    add("Second", starts_at, minutes, room_id=room_id)

    texts = [text for _level, text in found(cast) if text.startswith("Room A")]

    assert bool(texts) == clash


def test_the_room_and_both_sessions_are_named(cast, add, add_room):
    room_id = add_room("Room A").id
    ids = add("First", room_id=room_id).id, add("Second", at(9, 30), room_id=room_id).id

    (clash,) = clashes(cast.event, queries.sessions_of(cast.event.id))

    assert clash.text == "Room A is used by “First” and “Second” at the same time."
    assert (clash.level, clash.sessions) == (Level.BLOCK, ids)


def test_sessions_in_different_rooms_or_without_room_do_not_clash(cast, add, add_room):
    add("First", room_id=add_room("Room A").id)
    add("Second", room_id=add_room("Room B").id)
    add("Third")
    add("Fourth")

    assert found(cast) == []


def test_a_speaker_is_in_one_place_at_a_time(cast, add):
    add("First", speakers=[("Eva Ek", "Ek AB"), ("Finn", "")])
    add("Second", at(9, 59), speakers=[("Eva Ek", "")])
    add("Third", at(12), speakers=[("Eva Ek", "")])

    assert found(cast) == [(Level.BLOCK, "Eva Ek speaks in “First” and “Second” at the same time.")]


def test_sessions_lie_within_the_event(cast, add):
    add("Too early", at(8, 59))
    add("Too late", at(17, 30, day=9))
    add("Just right", at(16, day=9))

    assert [text for _level, text in found(cast)] == [
        "“Too early” lies outside the dates of the event.",
        "“Too late” lies outside the dates of the event.",
    ]


def test_a_room_that_is_too_small_is_worth_a_warning_after_what_blocks(cast, add, add_room):
    room_id = add_room("Room A", 20).id
    add("Big", capacity=21, room_id=room_id)
    add("Fits", at(10), capacity=20, room_id=room_id)
    add("Early", at(8))

    assert found(cast) == [
        (Level.BLOCK, "“Early” lies outside the dates of the event."),
        (Level.WARN, "“Big” admits 21 people, Room A holds 20."),
    ]
