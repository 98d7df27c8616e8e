"""Folding text for search: what differs only in case, accents or ligatures becomes equal."""

import unicodedata

# Letters that no Unicode decomposition takes apart, as people type them without the letter on their keyboard.
_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss",
        "ı": "i", "ŋ": "n", "ĸ": "k", "’": "'", "‘": "'", "–": "-", "—": "-",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Return ``text`` without case, accents and double spaces: ``Łódź  Straße`` -> ``lodz strasse``.

    Greek and Cyrillic keep their letters and lose their accents. Folding twice changes nothing.
    """
    # Case folding may bring combining marks of its own (İ), so marks go last.
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(plain.casefold().translate(_LETTERS).split())
