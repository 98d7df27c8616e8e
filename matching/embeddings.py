"""Texts to vectors: the protocol, the caching wrapper and the lexical fallback.

The sentence-transformers engine is in `models`; this module needs numpy only and never loads a model.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import log1p
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matching.lexical import terms

Vectors = NDArray[np.float32]
Progress = Callable[[int, int, str], None]

_BATCH = 256  # texts per call of an embedder: often enough for a moving progress bar
_WHITE_SPACE = re.compile(r"\s+")


class Embedder(Protocol):
    """Anything that turns texts into unit vectors; `id` names model and version and is part of every cache key."""

    @property
    def id(self) -> str:
        """Name of the model, stable between runs."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dimension), rows of length 1 (or 0 where a text says nothing)."""


class VectorCache(Protocol):
    """Where vectors are kept between runs: a database table, a file, a dictionary."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Vectors]:
        """Return the vectors of those keys that are known."""

    def put_many(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep these vectors."""


def content_key(model_id: str, text: str) -> str:
    """Return the cache key of a text under a model: 64 hexadecimal digits, white space normalised."""
    return hashlib.sha256(f"{model_id}\n{_normal(text)}".encode()).hexdigest()


def encode_in_batches(embedder: Embedder, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
    """Encode each different text once, in batches, and return one row per text in the order given."""
    different = list(dict.fromkeys(texts))
    parts: list[Vectors] = []
    for start in range(0, len(different), _BATCH):
        parts.append(np.asarray(embedder.encode(different[start : start + _BATCH]), dtype=np.float32))
        if progress:
            progress(min(start + _BATCH, len(different)), len(different), "encoding")
    if not parts:
        return np.zeros((0, 1), dtype=np.float32)
    rows = {text: row for row, text in enumerate(different)}
    return np.concatenate(parts)[[rows[text] for text in texts]]


class CachedEmbedder:
    """An embedder that asks a cache first: an unchanged text is never encoded twice under the same model."""

    def __init__(self, embedder: Embedder, cache: VectorCache) -> None:
        """Wrap `embedder`; vectors are stored in `cache` under `content_key(embedder.id, text)`."""
        self._embedder = embedder
        self._cache = cache

    @property
    def id(self) -> str:
        """The id of the wrapped embedder."""
        return self._embedder.id

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode only what the cache doesn't hold."""
        keys = [content_key(self.id, text) for text in texts]
        known = dict(self._cache.get_many(list(dict.fromkeys(keys))))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            fresh = dict(zip(missing, self._embedder.encode(list(missing.values())), strict=True))
            self._cache.put_many(fresh)
            known |= fresh
        if not keys:
            return self._embedder.encode([])
        return np.stack([known[key] for key in keys]).astype(np.float32, copy=False)


class LexicalEmbedder:
    """Hashed words and character n-grams: the fallback where no model can be loaded.

    Finds the same words and their inflections in any language, and knows nothing of meaning. Deterministic across
    machines and Python versions.
    """

    dimension = 1024
    id = "lexical-1"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text; a text without words gives zeros."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for term, count in Counter(terms(text)).items():
                positions, weights = _features(term, self.dimension)
                np.add.at(vector, positions, weights * (1 + log1p(count - 1)))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors


_WORD_WEIGHT = 1.0
_GRAM_WEIGHT = 0.6  # of all n-grams of a word together, against the word itself
_GRAM_LENGTHS = (3, 4, 5)


@lru_cache(maxsize=65536)
def _features(term: str, dimension: int) -> tuple[NDArray[np.intp], Vectors]:
    marked = f"<{term}>"
    grams = [marked[i : i + n] for n in _GRAM_LENGTHS for i in range(len(marked) - n + 1)]
    hashes = [zlib.crc32(feature.encode()) for feature in (f"={term}", *grams)]
    weights = [_WORD_WEIGHT] + [_GRAM_WEIGHT / max(len(grams), 1) ** 0.5] * len(grams)
    signs = [1.0 if value & 0x80000000 else -1.0 for value in hashes]
    positions = np.array([value % dimension for value in hashes], dtype=np.intp)
    return positions, (np.array(weights) * np.array(signs)).astype(np.float32)


def _normal(text: str) -> str:
    return _WHITE_SPACE.sub(" ", text).strip()
