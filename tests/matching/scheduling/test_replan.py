"""Re-planning: as few meetings move as the objective allows, proven, and places stay where they can."""

from __future__ import annotations

from dataclasses import replace

from matching.scheduling import Pin, Place, Slot, replan, solve, violations
from matching.scheduling.grid import Grid
from matching.scheduling.mending import fewest_changes
from matching.scheduling.watch import Watch


def test_nothing_moves_when_nothing_changed(random_problem):
    problem = random_problem(2, objective=["placed", "breaks"], people=7, wishes=10)
    before = solve(problem, workers=1)

    after = replan(problem, before, workers=1)

    assert after.assignments == before.assignments
    assert (after.value["changes"], after.bound["changes"]) == (0, 0)


def test_changes_come_right_after_placed(build):
    problem = build(["ab"], objective=["fair", "placed", "breaks"])

    after = replan(problem, solve(problem, workers=1), workers=1)

    assert list(after.bound) == ["fair", "placed", "changes", "breaks"]
    assert after.fingerprint == problem.fingerprint


def test_changes_come_first_when_nothing_is_said_about_placed(build):
    problem = build(["ab"], objective=["breaks"])

    assert list(replan(problem, solve(problem, workers=1), workers=1).bound) == ["changes", "breaks"]


def test_the_order_of_the_problem_is_kept_when_it_names_changes(build):
    problem = build(["ab"], objective=["placed", "breaks", "changes"])

    assert list(replan(problem, solve(problem, workers=1), workers=1).bound) == ["placed", "breaks", "changes"]


def test_one_cancellation_moves_nobody_else(build):
    problem = build(["ab", "ac", "bc", "cd"], slots=4, places=2)
    before = solve(problem, workers=1)
    without = replace(problem, wishes=problem.wishes[1:])

    after = replan(without, before, workers=1)

    assert after.status == "optimal"
    assert after.value["changes"] == 0


def test_a_lost_slot_moves_only_its_meetings(build):
    problem = build(["ab", "cd"], slots=3, places=1)
    before = solve(problem, workers=1)
    lost = before.assignments[0].slot
    fewer = replace(problem, slots=tuple(slot for slot in problem.slots if slot.id != lost))

    after = replan(fewer, before, workers=1)

    assert (after.value["changes"], after.status) == (1, "optimal")


def test_past_meetings_are_pinned_and_places_kept(build):
    problem = build(["ab", "cd", "ef"], slots=2, places=3)
    before = solve(problem, workers=1)
    past = [Pin(item.wish, item.slot, item.place) for item in before.assignments[:1]]

    after = replan(replace(problem, pins=past), before, workers=1)

    assert violations(problem, after, before) == []
    assert after.assignments == before.assignments


def test_the_fewest_changes_are_known_without_a_search(build):
    wishes = {"m3": {"weight": 5.0}}
    problem = build(["ab", "cd", "ac"], slots=1, places=2, wishes=wishes, objective=["placed", "changes"])
    before = solve(replace(problem, wishes=problem.wishes[:2]), workers=1)
    after = replan(problem, before, workers=1)
    grid = Grid(problem, before)

    plan = {grid.wish_of[item.wish]: grid.slot_of[item.slot] for item in after.assignments}
    fewest = fewest_changes(grid, plan, Watch(5))

    assert (fewest, after.value["changes"], after.status) == (2, 2, "optimal")


def test_lost_places_force_changes_in_their_slot(build):
    pins = [Pin("m1", "s1"), Pin("m2", "s1"), Pin("m3", "s1")]
    problem = build(["ab", "cd", "ef"], slots=2, places=3, pins=pins, objective=["placed", "changes"])
    before = solve(problem, workers=1)
    fewer = replace(problem, places=[Place("T", ["s1"]), Place("U", ["s2"]), Place("V", ["s2"])], pins=())
    grid = Grid(fewer, before)

    assert fewest_changes(grid, {0: 0, 1: 1, 2: 1}, Watch(5)) == 2


def test_a_lost_slot_changes_everything_in_it(build):
    problem = build(["ab"], slots=1, objective=["changes", "placed"])
    gone = Grid(replace(problem, slots=(Slot("new"),)), solve(problem, workers=1))

    assert fewest_changes(gone, {}, Watch(5)) == 1
