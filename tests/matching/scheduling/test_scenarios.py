"""What-if: each scenario is the problem with one thing changed, solved like the problem, and compared with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from matching.scheduling import (
    InvalidProblem,
    Participant,
    Pin,
    Place,
    Relaxation,
    Scenario,
    Slot,
    explain,
    violations,
    what_if,
)
from tests.matching.scheduling.conftest import START

CROWD = ["ab", "cd", "ef", "ac", "bd"]


def effects(problem, *scenarios, **options):
    return what_if(problem, scenarios, **{"seconds": 60, "workers": 1} | options)


def test_more_places_place_more_and_the_difference_is_proven(build):
    problem = build(CROWD, slots=2, places=1, objective=["placed"])

    as_it_is, more = effects(problem, Scenario(name="two more", more_places=2))

    assert (as_it_is.solution.value["placed"], more.solution.value["placed"]) == (2, 5)
    assert (more.gain["placed"], more.surely["placed"]) == (3, (3, 3))
    assert (as_it_is.proven, more.proven) == (True, True)
    assert violations(more.problem, more.solution) == []


def test_an_unproven_difference_is_an_interval(build):
    problem = build(CROWD, slots=2, places=1, objective=["placed", "breaks"])
    base, more = effects(problem, Scenario(name="more", more_places=1))

    low, high = more.surely["placed"]

    assert low <= more.solution.value["placed"] - base.solution.value["placed"] <= high


def test_a_place_more_in_some_slots_only_is_named(build):
    changed = Scenario(name="one", more_places=1, in_slots=("s2",)).apply(
        build(CROWD, places=2, pins=[Pin("m1", "s1", 2)])
    )

    assert changed.places == (Place("place 1"), Place("place 2"), Place("extra 1", ("s2",)))
    assert changed.pins == (Pin("m1", "s1", "place 2"),)


def test_extra_places_get_names_of_their_own(build):
    changed = Scenario(name="one", more_places=2).apply(build(["ab"], places=[Place("extra 1")]))

    assert [place.id for place in changed.places] == ["extra 1", "extra 2", "extra 3"]


def test_fewer_places_are_never_below_none(build):
    assert Scenario(name="less", more_places=-5).apply(build(["ab"], places=2)).places == 0
    assert Scenario(name="less", more_places=-1).apply(build(["ab"], places=[Place("A"), Place("B")])).places == (
        Place("A"),
    )


def test_places_without_limit_stay_so(build):
    assert Scenario(name="more", more_places=3).apply(build(["ab"])).places is None


def test_another_block_is_added_in_time_order(build):
    early = Slot("early", START - timedelta(hours=1), 20)

    changed = Scenario(name="early", slots=(early,)).apply(build(["ab"], slots=2))

    assert [slot.id for slot in changed.slots] == ["early", "s1", "s2"]


def test_a_lost_slot_takes_everything_about_it_along(build):
    problem = build(
        ["ab", "ac"],
        participants={"a": {"unavailable": ["s1", "s2"]}},
        wishes={"m1": {"slots": ["s1", "s3"]}},
        places=[Place("T", ["s1", "s3"]), Place("U")],
        pins=[Pin("m2", "s1")],
    )

    changed = Scenario(name="late start", without_slots=("s1",)).apply(problem)

    assert [slot.id for slot in changed.slots] == ["s2", "s3"]
    assert changed.participants[0].unavailable == ("s2",)
    assert changed.wishes[0].slots == ("s3",)
    assert changed.places == (Place("T", ("s3",)), Place("U"))
    assert changed.pins == ()


def test_limits_are_replaced_or_raised(build):
    problem = build(["ab", "ac"], participants={"a": {"max_meetings": 2, "min_meetings": 2}})

    most = [person.max_meetings for person in Scenario(name="x", max_meetings=1).apply(problem).participants]
    more = [person.max_meetings for person in Scenario(name="x", more_meetings=1).apply(problem).participants]

    assert (most, more) == ([1, 1, 1], [3, None, None])


def test_another_largest_difference_in_breaks_applies(build):
    assert Scenario(name="even", max_break_difference=0).apply(build(["ab"])).max_break_difference == 0


def test_a_fix_that_explain_named_is_a_scenario(build):
    problem = build(CROWD, slots=2, places=1, objective=["placed"])
    base = effects(problem)[0].solution
    left = explain(problem, base)[0]
    rules = tuple(Relaxation(**item) for item in left.details["fix"])

    _, fixed = effects(problem, Scenario(name="fix", relaxations=rules, wish=left.wish))

    assert fixed.gain["placed"] >= 1


def test_shorter_slots_fill_the_same_blocks(build):
    problem = build(["ab"], slots=4)  # 20 minutes every half hour
    changed = Scenario(name="short", slot_minutes=10).apply(problem)

    times = [(slot.start - START, slot.minutes) for slot in changed.slots]

    assert times == [(timedelta(minutes=20 * number), 10) for number in range(6)]


def test_shorter_slots_keep_closed_what_was_closed(build):
    problem = build(
        ["ab", "ac"],
        slots=2,
        participants={"a": {"unavailable": ["s2"]}},
        wishes={"m1": {"slots": ["s1"]}},
        places=[Place("T", ["s1"])],
        pins=[Pin("m2", "s1", "T")],
    )
    slots = tuple(replace(slot, minutes=30, block="day") for slot in problem.slots)

    changed = Scenario(name="short", slot_minutes=15).apply(replace(problem, slots=slots))

    names = [slot.id for slot in changed.slots]
    assert len(names) == 4
    assert changed.participants[0].unavailable == tuple(names[2:])
    assert changed.wishes[0].slots == changed.places[0].slots == tuple(names[:2])
    assert changed.pins == (Pin("m2", names[0], "T"),)


def test_a_pause_between_blocks_stays_free_of_slots(build):
    problem = build(["ab"], slots=3)
    late = Slot("late", START + timedelta(hours=5), 20)

    changed = Scenario(name="short", slot_minutes=20).apply(replace(problem, slots=(*problem.slots, late)))

    assert [slot.start for slot in changed.slots] == [*(slot.start for slot in problem.slots), late.start]


def test_slots_of_another_length_need_times(build):
    problem = replace(build(["ab"], slots=1), slots=(Slot("s1"),), participants=(Participant("a"), Participant("b")))

    with pytest.raises(InvalidProblem) as error:
        Scenario(name="x", slot_minutes=0).apply(problem)

    assert [mistake.path for mistake in error.value.mistakes] == ["slots[0]", "slot_minutes"]


def test_an_impossible_scenario_is_an_answer(build):
    problem = build(["ab", "ac"], slots=2, wishes={"m1": {"required": True}, "m2": {"required": True}})

    _, fewer = effects(problem, Scenario(name="half a day", without_slots=("s2",)))

    assert (str(fewer.solution.status), fewer.gain, fewer.surely) == ("infeasible", {}, {})


def test_stopping_keeps_a_plan_of_each(build):
    found = effects(build(CROWD, places=1), Scenario(name="more", more_places=1), should_stop=lambda: True)

    assert [str(effect.solution.status) in ("feasible", "optimal") for effect in found] == [True, True]
