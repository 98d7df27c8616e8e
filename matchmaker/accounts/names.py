"""How alike two names of organisations are, so that one organisation is not entered three times. No database."""

import re
from collections.abc import Iterable
from heapq import nlargest

from matchmaker.web.folding import fold

ALIKE = 0.5  # share of common letter triples from which a name is worth a question
# Legal forms say nothing about who it is: "Solaria S.L." and "Solaria SL" and "Solaria" are one company.
_LEGAL_FORMS = frozenset(
    ["ab", "ae", "ag", "as", "asbl", "bt", "bv", "bvba", "cic", "co", "corp", "doo", "dd", "ead", "eeig", "ek", "ev", "eood", "eg", "gbr", "gmbh", "ggmbh", "inc", "ike", "iks", "jsc", "kft", "kg", "kgaa", "lda", "llc", "llp", "ltd", "limited", "mbh", "nv", "nyrt", "ood", "oe", "oy", "oyj", "plc", "sa", "sae", "sarl", "sas", "scop", "sccl", "scrl", "se", "sl", "slu", "sprl", "spa", "srl", "sro", "uab", "ug", "vsi", "vzw", "zrt", "zoo"]
)  # fmt: skip


def bare_name(name: str) -> str:
    """Return a name folded, without signs and legal form: ``Solaria, S.L.`` -> ``solaria``."""
    joined = re.sub(r"(?<=\b\w)\.\s?(?=\w\b)|\.", "", fold(name))  # s.l. -> sl
    words = re.findall(r"\w+", joined)
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(kept or words)


def likeness(one: str, other: str) -> float:
    """Return how alike two bare names are, from 0 to 1: the common share of their letter triples (Dice, 1945).

    A name that begins the other, such as one still being typed, counts as alike.
    """
    triples, others = _triples(one), _triples(other)
    if not triples or not others:
        return 0.0
    dice = 2 * len(triples & others) / (len(triples) + len(others))
    begins = min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one))
    return max(dice, ALIKE) if begins else dice


def nearest(name: str, rows: Iterable[tuple[int, str]], limit: int) -> list[int]:
    """Return the ids of at most ``limit`` rows (id, folded name) that are alike enough, nearest first."""
    bare = bare_name(name)
    scored = ((likeness(bare, bare_name(text)), -row_id) for row_id, text in rows)
    return [-row_id for score, row_id in nlargest(limit, scored) if score >= ALIKE]


def _triples(text: str) -> frozenset[str]:
    padded = [f"  {word} " for word in text.split()]
    return frozenset(word[start : start + 3] for word in padded for start in range(len(word) - 2))
