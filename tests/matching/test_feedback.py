"""Opinions move who resembles those they are about, in the list of the one who has them, and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from matching import Opinion, Policy, Profile, recommend
from matching.evaluation import evaluate
from tests.matching.support import cached_model, development_set, validation_set

PLAIN = Policy(top=10, minimum_incoming=0, hide_competitors=False)


class Axes:
    """Texts of one letter each lie on an axis of their own; two letters lie between two."""

    id = "axes"

    def encode(self, texts):
        vectors = np.zeros((len(texts), 26), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for letter in text.lower():
                if letter.isalpha():
                    vector[ord(letter) - 97] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 0)


def people():
    return [
        Profile("me", offers=("q",), needs=("a",)),
        Profile("one", offers=("ab",), needs=("q",)),
        Profile("two", offers=("ac",), needs=("q",)),
        Profile("like one", offers=("bba",), needs=("q",)),
        Profile("like two", offers=("cca",), needs=("q",)),
    ]


def lists(*opinions):
    ranking = recommend(people(), Axes(), replace(PLAIN, opinions=opinions))
    return {name: [match.id for match in found] for name, found in ranking.matches.items()}


def test_who_resembles_a_disliked_one_falls_and_who_resembles_a_liked_one_rises():
    order = lists(Opinion("me", "one", -1), Opinion("me", "two", 1))["me"]

    assert order.index("like two") < order.index("like one")
    assert lists(Opinion("me", "one", 1), Opinion("me", "two", -1))["me"].index("like one") < 2


def test_nobody_elses_list_moves_and_no_score_does():
    before, after = (
        recommend(people(), Axes(), replace(PLAIN, opinions=opinions)).matches
        for opinions in ((), (Opinion("me", "one", -1),))
    )

    assert all(before[name] == after[name] for name in before if name != "me")
    assert {match.id: match.score for match in before["me"]} == {match.id: match.score for match in after["me"]}


def test_opinions_about_strangers_say_nothing():
    assert lists(Opinion("me", "nobody", 1), Opinion("nobody", "me", -1)) == lists()


@pytest.mark.parametrize("value", [-1.1, 2, float("nan")])
def test_an_opinion_has_a_value_between_minus_one_and_one(value):
    with pytest.raises(ValueError, match="between -1 and 1"):
        Opinion("a", "b", value)


@pytest.mark.model
@pytest.mark.parametrize("judged", [development_set, validation_set], ids=["development", "validation"])
def test_ten_opinions_about_the_first_fifteen_do_no_harm_to_the_rest(judged):
    judged = judged()
    profiles = [Profile.from_dict({k: v for k, v in p.to_dict().items() if "tags" not in k}) for p in judged.profiles]
    first = recommend(profiles, cached_model(), Policy(top=15)).matches
    random = np.random.default_rng(7)
    opinions = [
        Opinion(name, found[place].id, 1 if judged.gold[name].get(found[place].id) else -1)
        for name, found in first.items()
        for place in random.permutation(len(found))[:10]
    ]
    heard = {(opinion.by, opinion.about) for opinion in opinions}
    rest = {q: {o: g for o, g in grades.items() if (q, o) not in heard} for q, grades in judged.gold.items()}

    def quality(policy):
        matches = recommend(profiles, cached_model(), policy).matches
        left = {name: [m.id for m in found if (name, m.id) not in heard] for name, found in matches.items()}
        return evaluate(left, rest).figures["nDCG@10"].value

    assert quality(Policy(top=40, opinions=tuple(opinions))) >= quality(Policy(top=40)) - 0.005
