"""The difference of two plans: every meeting in one group, and who has news."""

from __future__ import annotations

from matching.scheduling import Move, difference


def test_each_meeting_is_in_one_group(build, plan):
    problem = build(["ab", "cd", "ef", "ad", "be"], places=3)
    before = plan(m1=("s1", 1), m2=("s1", 2), m3=("s1", 3), m4=("s2", 1), gone=("s3", 1))
    after = plan(m1=("s1", 1), m2=("s2", 2), m3=("s1", 2), m5=("s3", 1))

    found = difference(problem, before, after)

    old, new = ({item.wish: item for item in one.assignments} for one in (before, after))
    assert found.kept == (new["m1"],)
    assert found.moved == (Move("m2", old["m2"], new["m2"]),)
    assert found.reseated == (Move("m3", old["m3"], new["m3"]),)
    assert (found.dropped, found.withdrawn, found.added) == ((old["m4"],), (old["gone"],), (new["m5"],))
    assert found.changes == 2


def test_those_with_news_are_named_with_their_wishes(build, plan):
    problem = build(["ab", "ac"])

    found = difference(problem, plan(m1="s1", m2="s2"), plan(m1="s1", m2="s3"))

    assert found.affected == {"a": ("m2",), "c": ("m2",)}


def test_the_difference_is_plain_data(build, plan):
    problem = build(["ab", "ac"])

    data = difference(problem, plan(m1="s1"), plan(m1="s2", m2="s1")).to_dict()

    assert data["moved"] == [{"wish": "m1", "from": {"slot": "s1", "place": None}, "to": {"slot": "s2", "place": None}}]
    assert data["added"] == [{"wish": "m2", "slot": "s1", "place": None}]
    assert (data["changes"], data["affected"]) == (1, {"a": ["m1", "m2"], "b": ["m1"], "c": ["m2"]})
