"""Every hard rule, three times: with it the plan is valid, without it the independent check names exactly that rule."""

from __future__ import annotations

import pytest

from matching.scheduling import Pin, Place, Solution, violations
from matching.scheduling import constraints as rules
from matching.scheduling.exact import Exact
from matching.scheduling.grid import Grid
from matching.scheduling.seating import seat
from matching.scheduling.watch import Watch

NEEDED = {"required": True}


def solved(problem, constraints):
    outcome = Exact(Grid(problem), Watch(20), constraints=constraints).run(None)
    return Solution(status="feasible", assignments=seat(Grid(problem), outcome.plan))


def cases(build):
    """For each rule a problem in which only this rule stands between the objective and a forbidden plan."""
    early = {"slots": ["s1"]}
    return {
        "allowed_slots": (rules.allowed_slots, build(["ab", "ac"], wishes={"m1": early, "m2": early})),
        "availability": (rules.availability, build(["ab"], 1, participants={"a": {"unavailable": ["s1"]}})),
        "modes": (rules.modes, build(["ab"], 1, participants={"a": {"online": ["s1"]}})),
        "one_at_a_time": (rules.one_at_a_time, build(["ab", "ac"], 1)),
        "places": (rules.places, build(["ab", "cd"], 1, places=1)),
        "max_meetings": (rules.max_meetings, build(["ab", "ac"], participants={"a": {"max_meetings": 1}})),
        "required": (
            rules.required,
            build(["ab", "ac"], 1, wishes={"m1": NEEDED | {"weight": 0.1}}),
        ),
        "pins": (rules.pins, build(["ab", "ac"], 1, wishes={"m1": {"weight": 0.1}}, pins=[Pin("m1", "s1")])),
        "after": (rules.after, build(["ab", "ac"], 1, wishes={"m2": {"after": ["m1"], "weight": 2.0}})),
        "break_difference": (
            rules.break_difference,
            build(
                ["ab", "ab"],
                pins=[Pin("m1", "s1")],
                wishes={"m2": {"slots": ["s3"]}},
                people="abc",
                max_break_difference=0,
            ),
        ),
    }


RULES = [rule.__name__ for rule in rules.CONSTRAINTS]


@pytest.mark.parametrize("name", RULES)
def test_with_all_rules_the_check_is_silent(name, build):
    _, problem = cases(build)[name]

    assert violations(problem, solved(problem, rules.CONSTRAINTS)) == []


@pytest.mark.parametrize("name", RULES)
def test_without_a_rule_the_check_names_that_rule(name, build):
    rule, problem = cases(build)[name]

    plan = solved(problem, tuple(other for other in rules.CONSTRAINTS if other is not rule))

    assert {violation.rule for violation in violations(problem, plan)} == {name}


def test_named_places_count_only_in_their_slots(build):
    problem = build(["ab", "cd"], 2, places=[Place("T1", ["s1"]), Place("T2", ["s1"])])

    plan = solved(problem, rules.CONSTRAINTS)

    assert sorted((item.slot, item.place) for item in plan.assignments) == [("s1", "T1"), ("s1", "T2")]
