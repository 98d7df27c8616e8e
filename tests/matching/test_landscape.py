"""The picture of needs and offers: sentences close in meaning stand together, and are named by what tells them apart."""

import numpy as np
import pytest

from matching.landscape import MOST_GROUPS, landscape
from tests.matching.support import HashEmbedder

SUBJECTS = ("robots weld steel", "grain dries slowly", "patients await nurses", "ships carry timber")


def sentences(per_subject=20):
    """Sentences about four subjects, each with a word of its own beside the subject's."""
    return [
        f"{subject} w{chr(97 + n)}{chr(97 + at)}x" for n in range(per_subject) for at, subject in enumerate(SUBJECTS)
    ]


def drawn(texts):
    return landscape(texts, HashEmbedder().encode(texts))


@pytest.fixture(scope="module")
def texts():
    return sentences()


@pytest.fixture(scope="module")
def found(texts):
    return drawn(texts)


def test_sentences_about_different_things_stand_in_different_groups(texts, found):
    for number in range(len(found.words)):
        subjects = {text.rsplit(" ", 1)[0] for text, group in zip(texts, found.group, strict=True) if group == number}
        assert len(subjects) == 1


def test_a_group_is_named_by_its_own_words(texts, found):
    for number, words in enumerate(found.words):
        subject = next(text for text, group in zip(texts, found.group, strict=True) if group == number)
        assert set(words) <= set(subject.split()[:3])
        assert words


def test_groups_are_numbered_from_the_largest(found):
    sizes = np.bincount(found.group)

    assert sizes.tolist() == sorted(sizes, reverse=True)


def test_marks_of_a_group_lie_apart_and_inside_its_disc(found):
    for number in range(len(found.words)):
        places = found.place[found.group == number]
        gaps = np.linalg.norm(places[:, None] - places[None], axis=2)[~np.eye(len(places), dtype=bool)]
        assert np.linalg.norm(places, axis=1).max() <= 1
        assert gaps.min() > 0.8 / np.sqrt(len(places))


def test_the_same_sentences_give_the_same_picture(texts, found):
    again = drawn(texts)

    assert again.words == found.words
    assert np.array_equal(again.group, found.group)
    assert np.array_equal(again.place, found.place)


def test_an_event_is_never_cut_into_more_groups_than_can_be_read():
    random = np.random.default_rng(1)
    texts = [f"word{random.integers(300)} word{random.integers(300)}" for _ in range(600)]

    found = drawn(texts)

    assert len(found.words) == len(found.centre) == MOST_GROUPS
    assert np.abs(found.centre).max() == pytest.approx(1)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_small_events_have_a_picture_too(count):
    found = drawn(sentences(1)[:count])

    assert found.group.tolist() == [0] * count
    assert len(found.place) == count
    assert len(found.words) == min(count, 1)


def test_the_same_sentence_many_times_is_one_group():
    found = drawn(["robots weld steel"] * 40)

    assert set(found.group) == {0}
    assert np.isfinite(found.place).all()
