"""The set that judges is well made: links exist, grades are symmetric, and linked texts say it in different words."""

from collections import Counter
from itertools import combinations

from matching.lexical import terms
from tests.matching.support import development_set, validation_set


def test_every_link_names_a_need_and_an_offer_of_two_organisations():
    judged = validation_set()
    by_id = {profile.id: profile for profile in judged.profiles}

    for needing, needs in judged.meets.items():
        assert len(needs) == len(by_id[needing].needs)
        for answers in needs:
            for offering, offer in answers.items():
                assert by_id[offering].offers[offer]
                assert by_id[offering].organisation != by_id[needing].organisation


def test_grades_are_the_same_from_both_sides_and_rare():
    gold = validation_set().gold
    pairs = {(one, two): grade for one, grades in gold.items() for two, grade in grades.items()}

    assert all(pairs[two, one] == grade for (one, two), grade in pairs.items())
    assert set(pairs.values()) == {1, 2, 3}
    assert 0.02 < len(pairs) / (len(gold) * (len(gold) - 1)) < 0.04


def test_both_sides_gain_exactly_where_each_answers_the_other():
    judged = validation_set()
    answers = {(one, two) for one, needs in judged.meets.items() for need in needs for two in need}

    for one, two in combinations(sorted(judged.gold), 2):
        both = (one, two) in answers and (two, one) in answers
        assert both == (judged.gold[one].get(two) == 3)


def test_no_text_stands_twice_and_none_stands_in_the_other_set():
    def texts(judged):
        return [text for p in judged.profiles for text in (*p.offers, *p.needs, p.description) if text]

    found = Counter(texts(validation_set()))

    assert max(found.values()) == 1
    assert not set(found) & set(texts(development_set()))


def test_what_is_linked_is_seldom_said_in_the_same_words():
    judged = validation_set()
    by_id = {profile.id: profile for profile in judged.profiles}
    linked = [
        (by_id[needing].needs[number], by_id[offering].offers[offer])
        for needing, needs in judged.meets.items()
        for number, answers in enumerate(needs)
        for offering, offer in answers.items()
    ]
    shared = [len(set(terms(need)) & set(terms(offer))) for need, offer in linked]

    assert len(linked) > 500
    assert sum(count > 1 for count in shared) / len(shared) < 0.15
