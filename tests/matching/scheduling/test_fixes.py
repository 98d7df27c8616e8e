"""Fixes as changed problems: what an organiser would grant, and nothing else."""

from __future__ import annotations

from matching.scheduling import Pin, Place, Relaxation, relaxed
from matching.scheduling.conflict import conflict
from matching.scheduling.grid import Grid


def test_one_meeting_more_for_one_participant(build):
    problem = build(["ab"], participants={"a": {"max_meetings": 1}, "b": {"max_meetings": 1}})

    granted = relaxed(problem, [Relaxation("max_meetings", participant="a")], "m1")

    assert [person.max_meetings for person in granted.participants] == [2, 1]


def test_one_place_more_where_places_are_counted(build):
    places = [
        relaxed(build(["ab"], places=number), [Relaxation("places", slot="s1")], "m1").places for number in (0, 3)
    ]

    assert places == [1, 4]


def test_one_place_more_among_named_places_in_its_slot(build):
    problem = build(["ab"], places=[Place("extra 1")])

    granted = relaxed(problem, [Relaxation("places", slot="s2")], "m1")

    assert granted.places == (Place("extra 1"), Place("extra 2", ("s2",)))


def test_one_slot_more_of_a_participant(build):
    problem = build(["ab"], participants={"a": {"unavailable": ["s1", "s2"]}})

    granted = relaxed(problem, [Relaxation("availability", participant="a", slot="s1")], "m1")

    assert [person.unavailable for person in granted.participants] == [("s2",), ()]


def test_one_slot_more_of_a_wish(build):
    problem = build(["ab", "ab"], wishes={"m1": {"slots": ["s2"]}, "m2": {"slots": ["s2"]}})

    granted = relaxed(problem, [Relaxation("allowed_slots", slot="s1")], "m1")

    assert [wish.slots for wish in granted.wishes] == [("s2", "s1"), ("s2",)]


def test_a_wish_given_up_loses_slots_and_pin(build):
    problem = build(["ab", "ac"], wishes={"m1": {"required": True}, "m2": {"after": ["m1"]}}, pins=[Pin("m1", "s1")])

    granted = relaxed(problem, [Relaxation("drop", wish="m1")], "m2")

    assert (granted.wishes[0].slots, granted.wishes[0].required, granted.pins) == ((), False, ())


def test_pins_that_hold_together_do_not_clash(build):
    assert conflict(Grid(build(["ab", "ac"], pins=[Pin("m1", "s1"), Pin("m2", "s2")]))) == ()


def test_of_two_clashes_one_is_named(build):
    pins = [Pin(name, "s1") for name in ("m1", "m2", "m3", "m4", "m5")]
    problem = build(["ab", "ac", "de", "df", "gh"], pins=pins, places=9)

    found = {clash.wish for clash in conflict(Grid(problem))}

    assert found in ({"m1", "m2"}, {"m3", "m4"})
