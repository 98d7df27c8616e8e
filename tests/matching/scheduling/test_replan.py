"""Re-planning: as few meetings move as the objective allows, proven, and places stay where they can."""

from __future__ import annotations

from dataclasses import replace

from matching.scheduling import Pin, replan, solve, violations


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
