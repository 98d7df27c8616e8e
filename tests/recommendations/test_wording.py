"""Words that two sentences share."""

import pytest

from matchmaker.recommendations.wording import shared_parts


def marked(one, other):
    parts, _ = shared_parts(one, other)
    return [text for text, is_shared in parts if is_shared]


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("Robots for welding steel", "Looking for a welding robot", ["Robots", "welding"]),
        ("Inspection of seams", "We inspect every seam", ["Inspection", "seams"]),
        ("Laser welding of glass", "glass, laser-welding", ["Laser welding", "glass"]),
        ("Ripe cheese for the market", "Cold storage for the market stall", ["market"]),
        ("", "anything", []),
        ("Nothing in common", "", []),
    ],
)
def test_words_in_any_form_are_marked_and_small_words_are_not(one, other, words):
    assert marked(one, other) == words


@pytest.mark.parametrize("text", ["  odd   spaces,punctuation; and (brackets) ", "ein Wort", "Łódź — łódź"])
def test_the_pieces_are_the_sentence(text):
    for other in (text, "odd wort łódź", ""):
        assert "".join(piece for piece, _ in shared_parts(text, other)[0]) == text
