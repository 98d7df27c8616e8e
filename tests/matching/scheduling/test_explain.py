"""Reasons: each cause by an example, and every fix verified by following it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matching.scheduling import Pin, Place, explain, prepare, rearrange, solve
from matching.scheduling.exact import Exact
from matching.scheduling.fixes import Relaxation, relaxed
from matching.scheduling.grid import Grid
from matching.scheduling.watch import Watch
from tests.benchmarks.events import Regime, event

NEEDED = {"required": True}


def reason(problem, solution=None, **options):
    """The one wish left out, with its reason."""
    solution = solution or solve(problem, workers=1)
    (item,) = explain(problem, solution, **options)
    return item


def rules(item):
    return [fix["rule"] for fix in item.details["fix"]]


def test_no_common_slot(build):
    people = {"a": {"unavailable": ["s1"]}, "b": {"unavailable": ["s2", "s3"]}}

    item = reason(build(["ab"], participants=people))

    assert (item.reason, item.text) == ("no_common_slot", '"a" and "b" are never available together.')
    assert item.details["fix"] == [{"rule": "availability", "participant": "a", "slot": "s1"}]
    assert item.fix == '"a" available in "s1" would place it in "s1".'


def test_slots_that_do_not_suit(build):
    item = reason(build(["ab"], participants={"a": {"unavailable": ["s1"]}}, wishes={"m1": {"slots": ["s1"]}}))

    assert (item.reason, rules(item)) == ("forbidden", ["availability"])


def test_no_slot_allowed_at_all(build):
    item = reason(build(["ab"], wishes={"m1": {"slots": []}}))

    assert (item.reason, item.fix) == ("forbidden", 'Allowing "s1" would place it in "s1".')


def test_no_place_usable(build):
    item = reason(build(["ab"], slots=2, places=[Place("T", ["s2"])], participants={"b": {"unavailable": ["s2"]}}))

    assert (item.reason, item.details["slots"]) == ("no_places", [])
    assert item.fix == 'One more place in "s1" would place it in "s1".'


def test_own_maximum(build):
    problem = build(["ab", "ac"], participants={"a": {"max_meetings": 1}}, wishes={"m2": {"weight": 0.5}})

    item = reason(problem)

    assert (item.wish, item.reason, item.details["full"]) == ("m2", "own_maximum", ["a"])
    assert rules(item) == ["max_meetings"]


def test_a_maximum_of_none(build):
    assert reason(build(["ab"], participants={"a": {"max_meetings": 0}})).reason == "own_maximum"


def test_maximum_of_both(build):
    limits = {"a": {"max_meetings": 1}, "b": {"max_meetings": 1}}
    problem = build(["ab", "ac", "bd"], participants=limits, wishes={"m1": {"weight": 0.5}})

    item = reason(problem)

    assert (item.reason, item.details["full"]) == ("own_maximum", ["a", "b"])
    assert rules(item) == ["max_meetings", "max_meetings"]


def test_places_full(build):
    item = reason(build(["ab", "cd"], slots=1, places=1, wishes={"m2": {"weight": 0.5}}))

    assert (item.reason, item.fix) == ("places_full", 'One more place in "s1" would place it in "s1".')


def test_the_other_is_full(build):
    problem = build(["ab", "ac"], slots=2, participants={"a": {"unavailable": ["s2"]}}, wishes={"m2": {"weight": 0.5}})

    item = reason(problem)

    assert (item.reason, item.details["full"]) == ("other_full", ["a"])
    assert item.details["fix"] == [{"rule": "availability", "participant": "a", "slot": "s2"}]


def test_outweighed_names_what_counts_more(build):
    problem = build(["ab", "ac"], slots=1, wishes={"m2": {"weight": 0.5}})

    item = reason(problem)

    assert (item.reason, item.details["wishes"]) == ("outweighed", ["m1"])
    assert item.fix == 'Giving up "m1" would place it in "s1".'


def test_required_elsewhere(build):
    item = reason(build(["ab", "ac"], slots=1, wishes={"m1": NEEDED}))

    assert (item.reason, item.fix) == ("required_elsewhere", "")


def test_precedence(build):
    people = {"c": {"unavailable": ["s1", "s2", "s3"]}}
    problem = build(["ac", "ab"], participants=people, wishes={"m2": {"after": ["m1"]}})

    first, second = explain(problem, solve(problem, workers=1))

    assert (first.reason, second.reason, second.details["wishes"]) == ("no_common_slot", "precedence", ["m1"])


def test_another_objective_counts_more(build):
    problem = build(
        ["ab", "ac"], pins=[Pin("m1", "s1")], wishes={"m2": {"slots": ["s3"]}}, objective=["breaks", "placed"]
    )

    assert reason(problem).reason == "objective"


def test_a_place_more_helps_after_moving_others(build):
    people = {"a": {"unavailable": ["s2"]}, "c": {"unavailable": ["s1"]}, "d": {}}
    problem = build(["ab", "cd", "de"], slots=2, places=1, participants=people, wishes={"m3": {"weight": 0.1}})

    item = reason(problem)

    assert (item.reason, rules(item)) == ("places_full", ["places"])


@pytest.mark.parametrize("seed", range(25))
def test_following_a_fix_places_the_wish_and_keeps_the_others(seed, random_problem):
    problem = random_problem(seed, objective=["placed"], people=6, wishes=9)
    solution = solve(problem, workers=1)

    for item in explain(problem, solution):
        if "fix" not in item.details or item.reason == "precedence":
            continue
        fixes = [Relaxation(**fix) for fix in item.details["fix"]]
        dropped = {fix.wish for fix in fixes}
        kept = {one.wish for one in solution.assignments} - dropped | {item.wish}
        granted = relaxed(problem, fixes, item.wish)
        wishes = [replace(wish, required=True) for wish in granted.wishes if wish.id in kept]
        asked = replace(
            granted, wishes=[replace(wish, after=[one for one in wish.after if one in kept]) for wish in wishes]
        )
        assert solve(asked, workers=1).status == "optimal", item


def test_every_wish_left_out_has_a_reason(random_problem):
    problem = random_problem(21, objective=["placed"], people=6, wishes=12)
    solution = solve(problem, workers=1)

    left = {wish.id for wish in problem.wishes} - {item.wish for item in solution.assignments}
    assert {item.wish for item in solution.unplaced} == left


def test_what_nobody_had_time_to_look_at_is_said_to_be_so(build):
    problem = build(["ab", "ac"], slots=1)

    (reason,) = explain(problem, solve(problem, workers=1), patience=0)

    assert (reason.reason, reason.fix) == ("unexamined", "")


def test_what_helps_after_moving_others_is_found_at_any_size_and_right(monkeypatch):
    monkeypatch.setattr(rearrange, "ANSWERABLE", 0)  # no model: as in an event that is too large for one
    prepare()
    problem = replace(event(60, 300, 10, Regime("tight", places=0.8, away=0.25)), objective=("placed",))
    solution = solve(problem, seconds=20, workers=1)
    placed = {item.wish: item.slot for item in solution.assignments}
    people = {person.id: person for person in problem.participants}

    moved = [
        item
        for item in explain(problem, solution, seconds=20)
        for fix in item.details.get("fix", ())
        if len(item.details["fix"]) == 1 and fix["rule"] == "max_meetings"
        if any(
            item.details["slot"] in people[name].unavailable or _meets(problem, placed, name, item.details["slot"])
            for name in item.details["participants"]
        )
    ]

    assert moved
    for item in moved[:5]:
        changed = relaxed(problem, [Relaxation(**fix) for fix in item.details["fix"]], item.wish)
        wishes = tuple(
            replace(wish, required=True) for wish in changed.wishes if wish.id in placed or wish.id == item.wish
        )
        assert Exact(Grid(replace(changed, wishes=wishes)), Watch(30)).run(None).plan is not None


def _meets(problem, placed, name, slot):
    return any(placed.get(wish.id) == slot and name in wish.participants for wish in problem.wishes)
