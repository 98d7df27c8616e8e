"""Which language a text is written in, by its small words: only for a hint to the writer, nothing is refused."""

import json
import re
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("stop_words.json")
_WORD = re.compile(r"[^\W\d_]+")
LEAST_HITS = 3  # fewer small words say too little


@cache
def stop_words() -> dict[str, frozenset[str]]:
    """Return the small words of each language by its code."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    return {code: frozenset(words) for code, words in data["languages"].items()}


def foreign_language(text: str) -> str | None:
    """Return the code of the language of ``text`` if it does not seem to be English, else ``None``.

    A language must have at least three hits and more than English has. The script of the page does the same.
    """
    words = [match.group().lower() for match in _WORD.finditer(text)]
    hits = {code: sum(word in known for word in words) for code, known in stop_words().items()}
    best = max(hits, key=lambda code: hits[code])
    return best if best != "en" and hits[best] >= LEAST_HITS and hits[best] > hits["en"] else None
