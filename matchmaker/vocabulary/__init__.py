"""Controlled vocabularies: versioned data files beside this module, one list of terms each. No database."""

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask_babel import gettext

FOLDER = Path(__file__).resolve().parent


@cache
def terms(vocabulary: str) -> MappingProxyType[str, dict[str, Any]]:
    """Return the terms of a vocabulary by code, in the order of the file. Every term has ``code`` and ``name``."""
    data = json.loads((FOLDER / f"{vocabulary}.json").read_text(encoding="utf-8"))
    return MappingProxyType({term["code"]: term for term in data["terms"]})


def label(vocabulary: str, code: str) -> str:
    """Return the name of a term in the language of the page; an unknown code (an old version's) stands for itself."""
    term = terms(vocabulary).get(code)
    return gettext(term["name"]) if term else code


def labels(vocabulary: str, codes: list[str]) -> list[str]:
    """Return the names of several terms, in the order given."""
    return [label(vocabulary, code) for code in codes]


def choices(vocabulary: str) -> list[tuple[str, str]]:
    """Return (code, name) pairs for a form field."""
    return [(code, label(vocabulary, code)) for code in terms(vocabulary)]
