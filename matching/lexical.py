"""Words: how a text is cut into terms, and BM25 between whole profiles.

Meaning is in `embeddings`. Nothing here knows needs from offers: lexical evidence is taken from everything a profile
says, which measured better than word overlap of single items.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SATURATION = 1.2  # k1 of BM25: how soon repeating a word stops counting
LENGTH_PENALTY = 0.75  # b of BM25: how much long profiles are discounted

Vectors = NDArray[np.float32]

_WORD = re.compile(r"[^\W_]+(?:[-+][^\W_]+)*")
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a about all also an and any are as at be been but by can could do for from had has have how if in into is it
    its like may more most new not of on one or other our out over own she should so some such than that the their
    them then there these they this those through to too under up us use used uses using very want was we were what
    when where which while who why will with within without would you your look looking seek seeking need needs offer
    offers provide provides company work works working""",
    )
)
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})  # not decomposed by Unicode
_SHORTEST_STEM = 3


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return the word in small letters without accents, plural s removed (Harman 1991, the S stemmer)."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_PLAIN)
    if plain.endswith("ies") and not plain.endswith(("eies", "aies")) and len(plain) > _SHORTEST_STEM + 1:
        return plain[:-3] + "y"
    if plain.endswith("s") and not plain.endswith(("us", "ss")) and len(plain) > _SHORTEST_STEM:
        return plain[:-1]
    return plain


def terms(text: str) -> list[str]:
    """Cut a text into folded terms, stop words left out."""
    words = (match.group().casefold() for match in _WORD.finditer(text))
    return [fold(word) for word in words if word not in STOP_WORDS]


@dataclass(frozen=True)
class LexicalIndex:
    """BM25 of every profile as query and as document, scaled so that a profile with itself gives 1.

    One product gives the mean of both directions: `left` holds queries beside documents, `right` documents beside
    queries.
    """

    left: csr_array
    right: csr_array

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index the texts, one per profile."""
        from scipy.sparse import csr_array, hstack

        counts = [Counter(terms(text)) for text in texts]
        vocabulary = {term: column for column, term in enumerate(sorted(set().union(*counts)))}
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
        indptr = np.cumsum([0, *(len(count) for count in counts)])
        columns = np.array([vocabulary[term] for count in counts for term in sorted(count)], dtype=np.int32)
        tf = np.array([count[term] for count in counts for term in sorted(count)], dtype=np.float64)
        per_text = np.diff(indptr)
        weights = _bm25(tf, columns, np.repeat(lengths, per_text), lengths)
        own = np.bincount(np.repeat(np.arange(len(texts)), per_text), weights, minlength=len(texts))
        scale = np.zeros(len(texts))
        np.divide(1, np.sqrt(own), out=scale, where=own > 0)
        scale_per_entry = np.repeat(scale, per_text)
        shape = (len(texts), max(len(vocabulary), 1))
        queries = csr_array((scale_per_entry.astype(np.float32), columns, indptr), shape=shape)
        documents = csr_array(((weights * scale_per_entry).astype(np.float32), columns, indptr), shape=shape)
        half = np.float32(0.5)
        return cls(hstack([half * queries, half * documents], format="csr"), hstack([documents, queries], format="csr"))

    def tile(self, rows: slice, columns: slice) -> Vectors:
        """Return the symmetrised, normalised BM25 of a block of pairs: 0 = no common word, 1 = the same text."""
        return np.asarray((self.left[rows] @ self.right[columns].T).toarray(), dtype=np.float32)


def _bm25(tf: np.ndarray, columns: np.ndarray, length: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    document_frequency = np.bincount(columns) if len(columns) else np.zeros(1)
    idf = np.log1p((len(lengths) - document_frequency + 0.5) / (document_frequency + 0.5))
    norm = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * length / (lengths.mean() if len(lengths) else 1.0))
    return np.asarray(idf[columns] * tf * (SATURATION + 1) / (tf + norm))
