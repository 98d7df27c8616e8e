"""Small words of languages: the script of the page tells by them, while one types, that a text is not English."""

import json
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("stop_words.json")


@cache
def stop_words() -> dict[str, frozenset[str]]:
    """Return the small words of each language by its code."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    return {code: frozenset(words) for code, words in data["languages"].items()}
