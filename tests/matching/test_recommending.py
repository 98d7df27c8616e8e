"""Recommendations for everybody: rules, policies, reproducibility, and quality on the development set."""

import random

import numpy as np
import pytest

import matching.population
from matching import Calibration, InvalidPolicy, Platt, Policy, Profile, Weights, recommend, why_not
from matching.evaluation import difference, evaluate
from tests.matching.support import HashEmbedder, cached_model, development_set


def lists(ranking):
    return {name: [match.id for match in matches] for name, matches in ranking.matches.items()}


def crowd(size, **fields):
    words = [f"word{number}" for number in range(40)]
    choose = random.Random(7)
    return [
        Profile(f"p{number:03}", offers=choose.sample(words, 2), needs=choose.sample(words, 2), **fields)
        for number in range(size)
    ]


def test_nobody_and_one_alone_get_empty_lists():
    assert lists(recommend([], HashEmbedder())) == {}
    assert lists(recommend([Profile("a")], HashEmbedder())) == {"a": []}


def test_everybody_gets_as_many_places_as_asked_for_without_themselves():
    ranking = recommend(crowd(30), HashEmbedder(), Policy(top=7))

    assert all(len(set(found) - {name}) == 7 for name, found in lists(ranking).items())


def test_nobody_is_shown_to_whom_a_rule_forbids():
    profiles = [
        *crowd(10, organisation="one", languages=["en"]),
        Profile("q1", languages=["en", "fr"], blocked=["p003"], offers=["word1"]),
        Profile("q2", languages=["fr"], offers=["word2"]),
        Profile("q3", offers=["word3"]),
    ]
    by_id = {profile.id: profile for profile in profiles}
    forbidden = frozenset({("q3", "p001"), ("q3", "unknown")})

    found = lists(recommend(profiles, HashEmbedder(), Policy(forbidden=forbidden)))

    assert {name: set(partners) for name, partners in found.items()} == {
        name: {
            other
            for other in by_id
            if other != name and not why_not(by_id[name], by_id[other], Policy(forbidden=forbidden))
        }
        for name in by_id
    }


def test_the_order_of_the_input_changes_nothing():
    profiles = crowd(40)
    shuffled = random.Random(3).sample(profiles, len(profiles))

    assert lists(recommend(shuffled, HashEmbedder())) == lists(recommend(profiles, HashEmbedder()))


@pytest.mark.parametrize("width", [1, 7, 64])
def test_the_width_of_the_blocks_changes_nothing(monkeypatch, width):
    expected = lists(recommend(crowd(40), HashEmbedder()))

    monkeypatch.setattr(matching.population, "BLOCK", width)

    assert lists(recommend(crowd(40), HashEmbedder())) == expected


def test_scores_belong_to_the_pair_wherever_it_is_listed():
    ranking = recommend(crowd(40), HashEmbedder(), Policy(top=39))
    scores = {(name, match.id): match.score for name, found in ranking.matches.items() for match in found}

    assert len(scores) == 40 * 39
    assert all(scores[b, a] == pytest.approx(score, abs=1e-5) for (a, b), score in scores.items())


def test_everybody_appears_in_at_least_five_lists():
    ranking = recommend(crowd(60), HashEmbedder(), Policy(top=10))

    incoming = [name for found in lists(ranking).values() for name in found]
    assert min(incoming.count(name) for name in ranking.matches) >= 5
    assert ranking.fairness.minimum_incoming >= 5
    assert ranking.fairness.share_under_five == 0


def test_without_correction_and_guarantee_lists_follow_the_score():
    ranking = recommend(crowd(30), HashEmbedder(), Policy(neighbours=0, minimum_incoming=0))

    for found in ranking.matches.values():
        scores = [match.score for match in found]
        assert scores == sorted(scores, reverse=True)


def test_progress_is_told_for_encoding_and_scoring():
    labels = []

    recommend(crowd(5), HashEmbedder(), progress=lambda _done, _total, label: labels.append(label))

    assert labels == ["encoding", "scoring"]


def test_an_event_can_bring_its_own_calibration():
    never = Calibration(pair=Platt(0.0, -50.0), side=Platt(0.0, -50.0))

    ranking = recommend(crowd(5), HashEmbedder(), Policy(calibration=never))

    assert max(match.score for found in ranking.matches.values() for match in found) < 1e-9


def test_an_impossible_policy_is_refused_with_every_mistake():
    with pytest.raises(InvalidPolicy) as caught:
        Policy(top=0, neighbours=-1, rules=("blocked", "astrology"))

    assert str(caught.value).splitlines() == [
        'rules: unknown rule "astrology"',
        "top: must be at least 1",
        "neighbours: must not be negative",
    ]


@pytest.mark.model
def test_the_real_model_ranks_far_better_than_words_alone_on_the_development_set():
    development = development_set()
    text_only = Policy(weights=Weights(sector=0, tag=0, tag_missing=0))

    ours = evaluate(lists(recommend(development.profiles, cached_model(), text_only)), development.gold)
    whole = evaluate(whole_profile_lists(), development.gold)

    gain = difference(ours.per_query["nDCG@10"], whole.per_query["nDCG@10"])
    assert ours.figures["nDCG@10"].value > 0.75
    assert gain.low > 0.2


@pytest.mark.model
def test_form_fields_and_confirmed_tags_raise_the_quality_further():
    development = development_set()

    found = evaluate(lists(recommend(development.profiles, cached_model())), development.gold)

    assert found.figures["nDCG@10"].value > 0.90
    assert found.figures["reciprocal hit rate"].value > 0.80


@pytest.mark.model
def test_the_strongest_reason_is_the_true_one_in_most_cases():
    development = development_set()
    ranking = recommend(development.profiles, cached_model())
    by_id = {profile.id: profile for profile in development.profiles}
    right = shown = 0

    for name, found in ranking.matches.items():
        for match in found:
            first = next((reason for reason in match.reasons if reason.side == "gets"), None)
            answers = [need.get(match.id) for need in development.meets[name]]
            if first and any(answer is not None for answer in answers):
                shown += 1
                offer = answers[by_id[name].needs.index(first.mine)]
                right += offer is not None and by_id[match.id].offers[offer] == first.theirs

    assert shown > 150
    assert right / shown > 0.75


def whole_profile_lists():
    profiles = sorted(development_set().profiles, key=lambda profile: profile.id)
    vectors = cached_model().encode([matching.population.whole_text(profile) for profile in profiles])
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    return {
        profile.id: [profiles[place].id for place in np.argsort(-row)[:20]]
        for profile, row in zip(profiles, cosines, strict=True)
    }


@pytest.mark.parametrize("organisation", ["", "same"])
def test_nobody_is_its_own_partner_even_without_rules(organisation):
    twins = [Profile(name, offers=["bread"], needs=["bread"], organisation=organisation) for name in "ab"]

    matches = recommend(twins, HashEmbedder(), Policy(rules=(), hide_competitors=False)).matches

    assert {name: [match.id for match in found] for name, found in matches.items()} == {"a": ["b"], "b": ["a"]}
