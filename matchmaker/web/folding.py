"""One form of a text for searching: what people type finds what is written, whatever the accents and capitals."""

import unicodedata

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ĸ": "k", "ß": "ss",
})  # fmt: skip


def fold(text: str) -> str:
    """Return ``text`` without capitals, accents and repeated white space: "Łódź  Straße" becomes "lodz strasse"."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(plain.translate(_PLAIN).split())
