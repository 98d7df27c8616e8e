"""A kept ranking: an update gives what a full run would give, says whose lists changed, and encodes only the new."""

import random
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Opinion, Policy, Profile
from matching.index import Index
from matching.pairs import Pairs
from matching.population import Population
from matching.recommending import rank
from tests.matching.support import HashEmbedder

WORDS = [f"word{number}" for number in range(30)]
LANGUAGES = ["en", "fr", "de"]
RULED = Policy(top=5, groups_apart=frozenset({("guest", "buyer")}), rules=(*Policy().rules, "same_region"))


def profile(name, choose):
    return Profile(
        name,
        organisation=f"o{choose.randrange(12)}" if choose.random() < 0.9 else "",
        group=choose.choice(["buyer", "seller", "guest", ""]),
        country=choose.choice(["AT", "LT", ""]),
        region=choose.choice(["North", "South", ""]),
        offers=[" ".join(choose.sample(WORDS, 3)) for _ in range(choose.randrange(3))],
        needs=[" ".join(choose.sample(WORDS, 3)) for _ in range(choose.randrange(3))],
        description=" ".join(choose.sample(WORDS, 2)) if choose.random() < 0.8 else "",
        sectors=[str(choose.randrange(10, 14))],
        wanted_sectors=[str(choose.randrange(10, 16))] if choose.random() < 0.5 else [],
        languages=choose.sample(LANGUAGES, 2),
        cooperation=choose.sample(["a", "b", "c", "d"], choose.randrange(3)),
        tags_offered=[f"tag{choose.randrange(8)}"] if choose.random() < 0.5 else [],
        tags_needed=[f"tag{choose.randrange(8)}"] if choose.random() < 0.5 else [],
        blocked=[f"p{choose.randrange(60):03}"] if choose.random() < 0.5 else [],
    )


def crowd(size, seed=7):
    choose = random.Random(seed)
    return [profile(f"p{number:03}", choose) for number in range(size)]


def table(ranking):
    return {
        name: [(match.id, pytest.approx(match.score, abs=1e-4)) for match in found]
        for name, found in ranking.matches.items()
    }


def full_run(index, profiles, policy):
    """Everything anew, but for what the event has in common."""
    return rank(Population.build(profiles, HashEmbedder(), like=index.population), index.model, policy)


def shallow(depth, reserve):
    """Keep few candidates, so that a small crowd has profiles outside of everybody's candidates."""
    return (
        patch.multiple("matching.recommending", _LEAST_CANDIDATES=depth, _LEAST_FOR_QUOTAS=depth, _SPARE=1),
        patch("matching.index.RESERVE", reserve),
        patch("matching.index._MANY", 2),
    )


def next_day(people, choose):
    """Some changed, some new, some gone; ids that come and go again included."""
    changed = [profile(f"p{choose.randrange(48):03}", choose) for _ in range(choose.randrange(5))]
    changed = list({p.id: p for p in changed}.values())
    removed = {f"p{choose.randrange(48):03}" for _ in range(choose.randrange(4))}
    new = {p.id for p in changed}
    after = [p for p in (*(p for p in people if p.id not in new), *changed) if p.id not in removed]
    return changed, removed, after


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 40),
    st.integers(0, 9999),
    st.sampled_from([6, 12, 100]),
    st.sampled_from([0, 3]),
    st.sampled_from([0, 1]),
)
def test_updates_give_the_lists_of_a_full_run_and_name_every_list_that_changed(size, seed, depth, reserve, quota):
    choose = random.Random(f"days of {seed}")  # not that of the crowd: twins tie, and ties are rounded
    people = crowd(size, seed)
    policy = replace(RULED, per_group=quota, forbidden=frozenset({("p001", "p002"), ("p003", "p041")}))
    first, second, third = shallow(depth, reserve)
    with first, second, third:
        index = Index.build(people, HashEmbedder(), policy)
        for _day in range(3):
            before = table(index.ranking)
            changed, removed, people = next_day(people, choose)
            policy = replace(policy, opinions=(Opinion("p004", f"p{choose.randrange(40):03}", -1),))

            update = index.update(changed, removed, HashEmbedder(), policy)

            index, found = update.index, table(update.index.ranking)
            expected = full_run(index, people, policy)
            assert found == table(expected)
            assert index.ranking.fairness == expected.fairness
            assert {name for name in found if found[name] != before.get(name)} <= update.changed <= found.keys()


def test_nothing_changed_is_the_same_index_and_encodes_nothing():
    embedder = HashEmbedder()
    index = Index.build(crowd(20), embedder)
    embedder.encoded.clear()

    update = index.update(crowd(20), ["nobody"], embedder)

    assert update.index is index
    assert update.changed == frozenset()
    assert embedder.encoded == []


def test_only_the_texts_of_the_changed_profile_are_encoded():
    embedder = HashEmbedder()
    people = crowd(20)
    index = Index.build(people, embedder)
    embedder.encoded.clear()

    index.update([replace(people[3], offers=("word1 word2",), needs=("word3",), description="")], [], embedder)

    assert sorted(embedder.encoded) == ["word1 word2", "word3"]


def test_lists_far_from_the_change_are_not_reported():
    apart = [
        Profile(f"{side}{number}", languages=[side], offers=[f"word{number}"], needs=[f"word{number + 1}"])
        for side in ("en", "fr")
        for number in range(8)
    ]
    index = Index.build(apart, HashEmbedder())

    update = index.update([replace(apart[0], offers=("word5",))], [], HashEmbedder())

    assert "en0" in update.changed
    assert all(name.startswith("en") for name in update.changed)


def test_whoever_lists_the_changed_profile_is_reported_because_the_reasons_changed():
    people = [Profile("a", needs=["steel plates"]), Profile("b", offers=["steel plates"], name="B")]
    index = Index.build(people, HashEmbedder())

    update = index.update([replace(people[1], name="New name")], [], HashEmbedder())

    assert update.changed == {"a", "b"}


def test_another_number_of_places_is_computed_from_the_start():
    index = Index.build(crowd(40), HashEmbedder(), Policy(top=3))
    policy = Policy(top=30, rules=())

    update = index.update([], [], HashEmbedder(), policy)

    assert table(update.index.ranking) == table(full_run(index, crowd(40), policy))
    assert update.changed == {f"p{number:03}" for number in range(40)}


def test_another_model_is_refused():
    class Other(HashEmbedder):
        id = "other"

    with pytest.raises(ValueError, match='of the model "hash-test", not of "other"'):
        Index.build(crowd(3), HashEmbedder()).update([], [], Other())


@pytest.mark.parametrize(("reserve", "least", "most"), [(0, 2, 40), (20, 1, 1)])
def test_a_list_is_computed_again_only_when_it_lost_more_than_its_reserve(reserve, least, most):
    people, rows, compute = crowd(60), [], Pairs.rows
    first, second, third = shallow(10, reserve)
    with first, second, third:
        index = Index.build(people, HashEmbedder(), Policy(top=3))
        with patch.object(Pairs, "rows", lambda pairs, places: rows.append(len(places)) or compute(pairs, places)):
            index.update([profile("p007", random.Random(99))], [], HashEmbedder())

    assert least <= np.sum(rows) <= most
