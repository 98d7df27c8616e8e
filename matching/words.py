"""Words: how much of what one profile needs is said, word for word, by what another offers.

BM25 of needs as queries against offers, description and topics as documents (Robertson and Zaragoza 2009), as a share
of the weight of all words of the needs. Only across the sides: words that two needs or two offers have in common make
competitors, not partners.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching.facets import Index
from matching.lexical import LENGTH_PENALTY, SATURATION, terms
from matching.splicing import Splice

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Vectors = NDArray[np.float32]
Stems = Sequence[str]

_LENGTH = 30.0  # words of a document of usual length
_LEAST = 1e-9
_STEM = 6  # letters: longer words are taken for the same when they begin alike (industry, industrial)


def stems(text: str) -> list[str]:
    """Cut a text into the beginnings of its terms; the parts of a hyphenated word count beside the word."""
    found: list[str] = []
    for term in terms(text):
        found.append(term[:_STEM])
        if "-" in term:
            found += [part[:_STEM] for part in term.split("-") if len(part) > 1]
    return found


@dataclass(frozen=True)
class Vocabulary:
    """What is known of the words of an event: the column of each, and how much it says."""

    columns: dict[str, int]
    idf: NDArray[np.float64]
    _weights: dict[str, dict[str, float]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def weights_of(self, text: str) -> dict[str, float]:
        """Return the stems of a text that are known, in order, and how much each says; computed once for a text."""
        if text not in self._weights:
            known = sorted(stem for stem in set(stems(text)) if stem in self.columns)
            self._weights[text] = {stem: float(self.idf[self.columns[stem]]) for stem in known}
        return self._weights[text]

    @classmethod
    def of(cls, texts: Iterable[Iterable[str]]) -> Vocabulary:
        """Count in how many texts each stem stands; a text is everything that one profile says."""
        kinds = [set(text) for text in texts]
        frequency = Counter(stem for kind in kinds for stem in kind)
        columns = {stem: column for column, stem in enumerate(sorted(frequency))}
        counts = np.array([frequency[stem] for stem in columns], dtype=np.float64)
        return cls(columns, np.log1p((len(kinds) - counts + 0.5) / (counts + 0.5)))


@dataclass(frozen=True)
class NeedWords:
    """Needs as weighted queries and offers as documents, one row per profile."""

    needs: csr_array
    offers: csr_array

    @classmethod
    def build(
        cls, needs: Sequence[Stems], offers: Sequence[Stems], vocabulary: Vocabulary, strength: Sequence[float]
    ) -> NeedWords:
        """Index the stems of the needs and of the offers of each profile; those the vocabulary doesn't know are left out.

        `strength`: the share that a profile's needs reach when all their words are met.
        """
        return cls(_queries(needs, vocabulary, strength), _documents(offers, vocabulary))

    def spliced(self, fresh: NeedWords, splice: Splice) -> NeedWords:
        """Return some rows of these and some of others under the same vocabulary."""
        return NeedWords(splice.matrix(self.needs, fresh.needs), splice.matrix(self.offers, fresh.offers))

    def tile(self, rows: Index, columns: Index) -> Vectors:
        """Return the share of the needs of every row profile that the offers of every column profile say."""
        return np.asarray((self.needs[rows] @ self.offers[columns].T).toarray(), dtype=np.float32)


def share(need: str, offer: str, vocabulary: Vocabulary) -> float:
    """Return the share of the weight of a need's words that an offer says, 0 to 1."""
    wanted, said = vocabulary.weights_of(need), _said(offer)
    return sum(weight for stem, weight in wanted.items() if stem in said) / max(sum(wanted.values()), _LEAST)


@lru_cache(maxsize=1 << 16)
def _said(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _queries(texts: Sequence[Stems], vocabulary: Vocabulary, strength: Sequence[float]) -> csr_array:
    rows = [sorted({stem for stem in text if stem in vocabulary.columns}) for text in texts]
    weights = [vocabulary.idf[[vocabulary.columns[stem] for stem in row]] for row in rows]
    scaled = [full * weight / max(float(weight.sum()), _LEAST) for full, weight in zip(strength, weights, strict=True)]
    return _matrix(rows, scaled, vocabulary)


def _documents(texts: Sequence[Stems], vocabulary: Vocabulary) -> csr_array:
    rows: list[list[str]] = []
    weights: list[NDArray[np.float64]] = []
    for text in texts:
        count = Counter(text)
        rows.append(sorted(stem for stem in count if stem in vocabulary.columns))
        tf = np.array([count[stem] for stem in rows[-1]], dtype=np.float64)
        norm = 1 - LENGTH_PENALTY + LENGTH_PENALTY * count.total() / _LENGTH
        weights.append(tf * (SATURATION + 1) / (tf + SATURATION * norm))
    return _matrix(rows, weights, vocabulary)


def _matrix(rows: list[list[str]], weights: list[NDArray[np.float64]], vocabulary: Vocabulary) -> csr_array:
    from scipy.sparse import csr_array

    columns = np.array([vocabulary.columns[stem] for row in rows for stem in row], dtype=np.int32)
    data = np.concatenate([*weights, np.zeros(0)]).astype(np.float32)
    indptr = np.cumsum([0, *(len(row) for row in rows)])
    return csr_array((data, columns, indptr), shape=(len(rows), max(len(vocabulary.columns), 1)))
