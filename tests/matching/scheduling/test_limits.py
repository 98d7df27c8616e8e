"""What the number of meetings is limited by, as a sum that anybody can follow."""

import math

import pytest

from matching.scheduling import limits, solve
from tests.matching.scheduling.conftest import build, random_problem


def parts_of(found):
    return [(part.kind, part.meetings) for part in found.parts]


def test_places_in_all_slots_limit_a_crowd():
    found = limits(build(["ab", "cd", "ef", "gh", "ac", "bd", "eg", "fh"], slots=2, places=3))

    assert (found.most, parts_of(found)) == (6, [("places", 6.0)])
    assert found.parts[0].slots == ("s1", "s2")


def test_own_maxima_limit_somebody_who_is_popular():
    found = limits(build(["ab", "ac", "ad"], participants={"a": {"max_meetings": 1}}))

    assert (found.most, parts_of(found), found.parts[0].participants) == (1, [("maximum", 1.0)], ("a",))


def test_the_slots_in_which_somebody_is_free_limit_what_is_possible():
    found = limits(build(["ab", "ac", "ad"], participants={"a": {"unavailable": ("s1",)}}))

    assert (found.most, parts_of(found), found.parts[0].participants) == (2, [("times", 2.0)], ("a",))


def test_wishes_that_nothing_limits_count_by_themselves():
    found = limits(build(["ab", "cd", "ef"], slots=3, places=2))

    assert (found.most, found.impossible, sum(part.meetings for part in found.parts)) == (3, 0, 3)


def test_wishes_without_any_slot_are_counted_apart():
    away = {"unavailable": ("s1", "s2", "s3")}
    found = limits(build(["ab", "cd"], participants={"a": away}))
    nothing = limits(build(["ab"], participants={"a": away}))

    assert (found.most, found.impossible) == (1, 1)
    assert (nothing.most, nothing.impossible, nothing.parts) == (0, 1, ())


def test_without_wishes_nothing_is_possible():
    assert limits(build([], people="ab")).most == 0


@pytest.mark.parametrize("seed", range(40))
def test_no_plan_has_more_meetings_than_its_limits(seed):
    problem = random_problem(seed, objective=("placed",), people=5, wishes=7)
    found = limits(problem)

    solution = solve(problem, seconds=5, seed=1, workers=1)

    assert len(solution.assignments) <= found.most
    assert found.most == min(
        math.floor(sum(part.meetings for part in found.parts) + 1e-6), len(problem.wishes) - found.impossible
    )


def test_the_limits_are_reached_where_only_numbers_count():
    problem = build(["ab", "cd", "ac", "bd", "ad", "bc"], slots=3, places=2)

    assert len(solve(problem, seconds=5, workers=1).assignments) == limits(problem).most == 6
