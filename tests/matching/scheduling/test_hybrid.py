"""Online, on site and hybrid in one solve: who needs a place, who can meet where, and what the reasons say."""

from __future__ import annotations

import pytest

from matching.scheduling import InvalidProblem, Pin, Problem, explain, solve, strategy, violations
from matching.scheduling.improve import prepare

ONLINE, EITHER = {"mode": "online"}, {"mode": "either"}


def solved(problem):
    return solve(problem, seconds=20, workers=1)


def test_online_meetings_take_no_place(build):
    problem = build(["ab", "cd", "ef"], slots=1, places=1, wishes={"m2": ONLINE, "m3": ONLINE})

    solution = solved(problem)

    assert {item.wish: item.place for item in solution.assignments} == {"m1": 1, "m2": None, "m3": None}
    assert violations(problem, solution) == []


def test_online_meetings_take_place_where_there_is_no_place_at_all(build):
    problem = build(["ab", "cd"], slots=1, places=0, wishes={"m1": ONLINE})

    assert [item.wish for item in solved(problem).assignments] == ["m1"]


def test_a_wish_for_either_is_at_a_table_when_both_are_on_site_and_else_online(build):
    problem = build(
        ["ab", "cd"],
        slots=2,
        places=1,
        participants={"a": {"online": ["s1"]}},
        wishes={"m1": EITHER, "m2": EITHER},
        pins=[Pin("m1", "s1"), Pin("m2", "s1")],
    )

    assert {item.wish: item.place for item in solved(problem).assignments} == {"m1": None, "m2": 1}


def test_two_on_site_who_would_take_either_still_need_a_table(build):
    problem = build(["ab", "cd"], slots=1, places=1, wishes={"m1": EITHER, "m2": EITHER})

    assert len(solved(problem).assignments) == 1


def test_somebody_on_site_one_day_and_online_the_next_meets_in_both_ways(build):
    away = {"a": {"online": ["s3", "s4"]}}
    wishes = {"m1": {"mode": "table"}, "m2": EITHER | {"slots": ["s3", "s4"]}}
    problem = build(["ab", "ac"], slots=4, places=1, participants=away, wishes=wishes)

    solution = solved(problem)

    where = {item.wish: (item.slot in ("s1", "s2"), item.place) for item in solution.assignments}
    assert where == {"m1": (True, 1), "m2": (False, None)}


def test_a_wish_for_a_table_waits_for_a_slot_in_which_both_are_on_site(build):
    problem = build(["ab"], slots=2, places=1, participants={"a": {"online": ["s1", "s2"]}})

    (reason,) = explain(problem, solved(problem))

    assert (reason.reason, reason.fix) == ("not_on_site", 'Holding it online would place it in "s1".')


def test_online_at_a_pinned_place_is_infeasible(build):
    problem = build(["ab"], places=1, wishes={"m1": ONLINE}, pins=[Pin("m1", "s1", 1)])

    assert [clash.rule for clash in solved(problem).conflict] == ["pin"]


def test_the_check_complains_about_an_online_meeting_at_a_table(build, plan):
    problem = build(["ab"], places=1, wishes={"m1": ONLINE})

    assert [found.rule for found in violations(problem, plan(m1=("s1", 1)))] == ["places"]


def test_the_compiled_search_knows_who_needs_a_place(build, monkeypatch):
    monkeypatch.setattr(strategy, "EXACT_SIZE", 0)
    monkeypatch.setattr(strategy, "TINY_SIZE", 0)
    prepare()
    wishes = {f"m{number}": ONLINE for number in (2, 3)}
    problem = build(["ab", "cd", "ef", "gh"], slots=2, places=1, wishes=wishes, objective=["placed"])

    solution = solve(problem, seconds=5, workers=1)

    assert (len(solution.assignments), violations(problem, solution)) == (4, [])


def test_modes_and_presence_survive_the_format_and_mistakes_are_named(build):
    problem = build(["ab"], participants={"a": {"online": ["s1"]}}, wishes={"m1": EITHER})
    data = problem.to_dict()

    assert Problem.from_dict(data) == problem

    data["participants"][0]["online"] = ["s9"]
    data["wishes"][0]["mode"] = "phone"
    with pytest.raises(InvalidProblem) as error:
        Problem.from_dict(data)
    assert [mistake.path for mistake in error.value.mistakes] == ["participants[0].online[0]", "wishes[0].mode"]
