"""The interchange formats: round trips, and every mistake with its path."""

import json

import pytest

from matching import InvalidFile, Profile, recommend
from matching.formats import (
    gold_from_dict,
    profiles_from_dict,
    profiles_to_dict,
    ranking_from_dict,
    ranking_to_dict,
)
from tests.matching.support import HashEmbedder, development_set


def mistakes(read, data):
    with pytest.raises(InvalidFile) as caught:
        read(data)
    return str(caught.value).splitlines()


def test_profiles_survive_the_round_trip():
    profiles = list(development_set().profiles)

    assert profiles_from_dict(json.loads(json.dumps(profiles_to_dict(profiles)))) == profiles


def test_every_mistake_in_profiles_has_its_path():
    entries = [{"id": "a", "x": 1}, {"offers": [3]}, {"id": "a"}, 7, {"id": 5}]

    assert mistakes(profiles_from_dict, {"format": "profiles/1", "profiles": entries, "more": 1}) == [
        "more: unknown key",
        "profiles[0].x: unknown key",
        "profiles[1].offers[0]: must be a text, not a number",
        "profiles[1].id: must not be empty",
        'profiles[2].id: used more than once: "a"',
        "profiles[3]: must be an object",
        "profiles[4].id: must be a text, not a number",
    ]


@pytest.mark.parametrize("read", [profiles_from_dict, ranking_from_dict, gold_from_dict])
def test_another_format_is_refused_before_anything_else(read):
    assert mistakes(read, [1]) == ["must be a JSON object"]
    (line,) = mistakes(read, {"format": "profiles/9", "wrong": 1})
    assert line.startswith('format: must be "')


def test_a_missing_list_is_said():
    assert mistakes(profiles_from_dict, {"format": "profiles/1"}) == ["profiles: must be a list"]


def test_a_ranking_survives_the_round_trip():
    profiles = [Profile("a", offers=["x"], needs=["y"]), Profile("b", offers=["y"], needs=["x"]), Profile("c")]
    ranking = recommend(profiles, HashEmbedder())

    data = json.loads(json.dumps(ranking_to_dict(ranking)))
    found = ranking_from_dict(data)

    assert found.model == "hash-test"
    assert found.lists == {name: tuple(m.id for m in matches) for name, matches in ranking.matches.items()}
    assert found.scores["a"] == tuple(round(match.score, 4) for match in ranking.matches["a"])
    assert data["rankings"][0]["matches"][0]["reasons"][0] == {
        "side": "gets",
        "mine": "y",
        "theirs": "y",
        "similarity": 1.0,
    }


def test_lists_of_another_program_need_no_scores_or_reasons():
    data = {"format": "ranking/1", "rankings": [{"id": "a", "matches": [{"id": "b"}]}, {"id": "b", "matches": []}]}

    found = ranking_from_dict(data)

    assert found.lists == {"a": ("b",), "b": ()}
    assert found.scores == {"a": (None,), "b": ()}


def test_every_mistake_in_a_ranking_has_its_path():
    reason = {"side": "left", "mine": "x", "theirs": 1, "similarity": 2}
    first = {"id": "a", "matches": [{"id": "a"}, {"id": "b", "score": True}, {"id": "b", "reasons": [reason]}]}
    data = {"format": "ranking/1", "model": 3, "rankings": [first, {"id": "a", "matches": 4}, {"matches": [], "z": 0}]}

    assert mistakes(ranking_from_dict, data) == [
        "model: must be a text",
        "rankings[0].matches[0].id: must not be the profile itself",
        'rankings[0].matches[2].reasons[0].side: must be "gets" or "gives"',
        "rankings[0].matches[2].reasons[0].theirs: must be a text",
        "rankings[0].matches[2].reasons[0].similarity: must be a number from 0 to 1",
        "rankings[0].matches[1].score: must be a number from 0 to 1",
        'rankings[0].matches[2].id: listed more than once: "b"',
        'rankings[1].id: used more than once: "a"',
        "rankings[1].matches: must be a list",
        "rankings[2].z: unknown key",
        "rankings[2].id: must be a text",
    ]


def test_gold_is_read_as_grades_by_query():
    data = {"format": "gold/1", "judgements": [{"query": "a", "grades": {"b": 3, "c": 0}}]}

    assert gold_from_dict(data) == {"a": {"b": 3, "c": 0}}


def test_every_mistake_in_gold_has_its_path():
    judgements = [{"query": "a", "grades": {"b": 4, "c": True, "d": 1.0}}, {"query": "a", "grades": []}, {"grades": {}}]

    assert mistakes(gold_from_dict, {"format": "gold/1", "judgements": judgements}) == [
        "judgements[0].grades.b: must be a whole number from 0 to 3",
        "judgements[0].grades.c: must be a whole number from 0 to 3",
        "judgements[0].grades.d: must be a whole number from 0 to 3",
        'judgements[1].query: used more than once: "a"',
        "judgements[1].grades: must be an object of grades by id",
        "judgements[2].query: must be a text",
    ]
