"""What the tests of `matching` share: an embedder without a model, and the labelled development set."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching import CachedEmbedder, Profile, SentenceTransformerEmbedder, why_not
from matching.embeddings import Vectors
from matching.population import Population

DEVELOPMENT_SET = Path(__file__).with_name("development_set.json")
VALIDATION_SET = Path(__file__).with_name("validation_set.json")


class HashEmbedder:
    """Random but reproducible directions per word: texts with the same words are the same, others orthogonal."""

    id = "hash-test"
    dimension = 64

    def __init__(self) -> None:
        """Count what is encoded."""
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Add the directions of the words of each text."""
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().replace(".", " ").replace(",", " ").split():
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 0)


class DictCache(dict[str, Vectors]):
    """A cache of vectors in memory."""

    def get_many(self, keys: Sequence[str]) -> dict[str, Vectors]:
        return {key: self[key] for key in keys if key in self}

    def put_many(self, vectors: Mapping[str, Vectors]) -> None:
        self.update(vectors)


@dataclass(frozen=True)
class JudgedSet:
    """Profiles with hidden links: `meets[id][i]` says who answers need i of a profile, and with which offer."""

    profiles: tuple[Profile, ...]
    meets: dict[str, list[dict[str, int]]]

    @cached_property
    def gold(self) -> dict[str, dict[str, int]]:
        """Grades by the rule of the file: 3 both gain and cooperate alike, 2 both gain, 1 one gains."""
        gains = {key: {other for need in needs for other in need} for key, needs in self.meets.items()}
        grades: dict[str, dict[str, int]] = {profile.id: {} for profile in self.profiles}
        for one, two in permutations(self.profiles, 2):
            directions = (two.id in gains[one.id]) + (one.id in gains[two.id])
            if directions and not why_not(one, two):
                alike = bool(one.cooperation & two.cooperation)
                grades[one.id][two.id] = 1 if directions == 1 else 2 + alike
        return grades

    def grades_of(self, population: Population) -> NDArray[np.int64]:
        """Return the grade of every pair in the order of a population."""
        ids = [profile.id for profile in population.profiles]
        return np.array([[self.gold[one].get(two, 0) for two in ids] for one in ids])

    def gains_of(self, population: Population) -> NDArray[np.bool_]:
        """Return whether an offer of the second meets a need of the first, for every pair of a population."""
        ids = [profile.id for profile in population.profiles]
        return np.array([[any(two in need for need in self.meets[one]) for two in ids] for one in ids])

    def links_of(self, population: Population) -> NDArray[np.bool_]:
        """Return which need is met by which offer, for every pair of items of a population."""
        links = np.zeros((len(population.needs.vectors), len(population.offers.vectors)), dtype=bool)
        for profile in population.profiles:
            first = population.needs.starts[population.position[profile.id]]
            for number, need in enumerate(self.meets[profile.id]):
                for other, offer in need.items():
                    links[first + number, population.offers.starts[population.position[other]] + offer] = True
        return links


@cache
def development_set() -> JudgedSet:
    """Read the development set."""
    entries: list[dict[str, Any]] = json.loads(DEVELOPMENT_SET.read_text("utf-8"))["profiles"]
    meets = {entry["id"]: entry.pop("meets") for entry in entries}
    return JudgedSet(tuple(Profile.from_dict(entry) for entry in entries), meets)


@dataclass(frozen=True)
class GradedSet(JudgedSet):
    """Profiles whose grades stand in the file."""

    grades: dict[str, dict[str, int]]

    @cached_property
    def gold(self) -> dict[str, dict[str, int]]:
        """The grades as written; whoever has none is a query without an answer."""
        return {profile.id: self.grades.get(profile.id, {}) for profile in self.profiles}


@cache
def validation_set() -> GradedSet:
    """Read the set that judges and is never used for tuning: other texts, other grades, written without the first."""
    data: dict[str, Any] = json.loads(VALIDATION_SET.read_text("utf-8"))
    profiles = tuple(Profile.from_dict(entry) for entry in data["profiles"])
    meets: dict[str, list[dict[str, int]]] = {profile.id: [{} for _need in profile.needs] for profile in profiles}
    for needing, need, offering, offer in data["links"]:
        meets[needing][need][offering] = offer
    return GradedSet(profiles, meets, data["gold"])


@cache
def real_model() -> SentenceTransformerEmbedder:
    """Return the packaged model, loaded once for all tests."""
    return SentenceTransformerEmbedder()


@cache
def cached_model() -> CachedEmbedder:
    """Return the packaged model with a cache, so that the development set is encoded once for all tests."""
    return CachedEmbedder(real_model(), DictCache())
