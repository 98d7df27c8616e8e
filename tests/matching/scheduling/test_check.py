"""The independent check: each broken rule by a plan made by hand, and each figure by counting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matching.scheduling import Participant, Pin, Place, Slot, value, violations
from matching.scheduling.values import levels, minutes_outside

NEEDED = {"required": True}


def rules_broken(problem, solution):
    return [violation.rule for violation in violations(problem, solution)]


def test_a_plan_that_keeps_the_rules_has_no_violations(build, plan):
    assert violations(build(["ab", "cd"], places=2), plan(m1=("s1", 1), m2=("s1", 2))) == []


def test_unknown_names_and_wishes_placed_twice(build, plan):
    twice = plan(m1="s1", m9="s1")
    twice = replace(twice, assignments=(*twice.assignments, *plan(m1="s2", m2="s9").assignments))

    assert rules_broken(build(["ab", "cd"]), twice) == ["known", "known", "known"]


@pytest.mark.parametrize(
    ("options", "slots", "rule"),
    [
        ({"wishes": {"m1": {"slots": ["s2"]}}}, {"m1": "s1"}, "allowed_slots"),
        ({"participants": {"b": {"unavailable": ["s1"]}}}, {"m1": "s1"}, "availability"),
        ({}, {"m1": "s1", "m2": "s1"}, "one_at_a_time"),
        ({"places": 1}, {"m1": ("s1", 2)}, "places"),
        ({"places": 1}, {"m1": "s1"}, "places"),
        ({"places": 1}, {"m1": ("s1", 1), "m3": ("s1", 1)}, "places"),
        ({"places": [Place("T", ["s2"])]}, {"m1": ("s1", "T")}, "places"),
        ({}, {"m1": ("s1", "T")}, "places"),
        ({"participants": {"a": {"max_meetings": 1}}}, {"m1": "s1", "m2": "s2"}, "max_meetings"),
        ({"wishes": {"m1": NEEDED}}, {}, "required"),
        ({"pins": [Pin("m1", "s1")]}, {"m1": "s2"}, "pins"),
        ({"pins": [Pin("m1", "s1")]}, {}, "pins"),
        ({"pins": [Pin("m1", "s1", 2)], "places": 2}, {"m1": ("s1", 1)}, "pins"),
        ({"wishes": {"m2": {"after": ["m1"]}}}, {"m2": "s2"}, "after"),
        ({"wishes": {"m2": {"after": ["m3"]}}}, {"m2": "s1", "m3": "s1"}, "after"),
        ({"max_break_difference": 0}, {"m1": "s1", "m2": "s3"}, "break_difference"),
    ],
)
def test_each_broken_rule_is_named(options, slots, rule, build, plan):
    assert rules_broken(build(["ab", "ac", "de"], **options), plan(**slots)) == [rule]


def test_figures_stated_wrongly_are_found(build, plan):
    solution = replace(plan(m1="s1"), value={"placed": 2.0, "meetings": 1, "changes": 5})

    assert rules_broken(build(["ab"]), solution) == ["figures"]


def test_a_result_without_a_plan_has_nothing_to_check(build, plan):
    problem = build(["ab"], wishes={"m1": NEEDED})

    assert violations(problem, replace(plan(), status="infeasible")) == []


def test_figures_are_counted_from_the_plan(build, plan):
    people = {"b": {"min_meetings": 2}, "e": {"max_meetings": 0}}
    problem = build(["ab", "ac", "ad", "ae"], slots=6, participants=people, wishes={"m1": {"weight": 2.5}})

    figures = value(problem, plan(m1="s1", m2="s4", m3="s6"), plan(m1="s1", m2="s3", m4="s5"))

    assert figures == {
        "placed": 4.5,
        "meetings": 3,
        "fair": 1,
        "left_out": 0,
        "below_minimum": 1,
        "breaks": 2,
        "waiting": 3,
        "changes": 2,
        "hours": 0,
        "hours_total": 0,
    }


def test_withdrawn_wishes_are_no_changes(build, plan):
    assert value(build(["ab"]), plan(m1="s1"), plan(m1="s1", gone="s2"))["changes"] == 0


def test_levels_count_those_with_few_meetings(build, plan):
    problem = build(["ab", "ac", "ad"])

    assert levels(problem, plan(m1="s1", m2="s2")) == (1, 3, 4)


def slot_at(*when, minutes=60):
    return Slot("s", datetime(*when, tzinfo=UTC), minutes)


@pytest.mark.parametrize(
    ("zone", "hours", "slot", "outside"),
    [
        ("Europe/Athens", ("09:00", "17:00"), slot_at(2027, 3, 2, 6, 30), 30),
        ("Europe/Athens", ("09:00", "17:00"), slot_at(2027, 3, 2, 7), 0),
        ("Asia/Kathmandu", ("09:00", "17:00"), slot_at(2027, 3, 2, 3), 15),
        ("Europe/Athens", ("22:00", "06:00"), slot_at(2027, 3, 2, 3, 30), 30),
        ("Europe/Athens", ("02:30", "17:00"), slot_at(2027, 3, 28, 0, 30), 0),  # clocks go from 3:00 to 4:00
        ("Europe/Athens", ("09:00", "17:00"), Slot("s"), 0),
        (None, None, slot_at(2027, 3, 2, 3), 0),
    ],
)
def test_minutes_outside_working_hours_are_counted_on_the_local_clock(zone, hours, slot, outside):
    assert minutes_outside(Participant("p", timezone=zone, working_hours=hours), slot) == outside
