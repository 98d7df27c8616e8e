"""All profiles of one run, ready for arithmetic: encoded items, words and facets, in the order of their ids.

Only preparation happens here; formulas are in `scoring`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.background import TYPICAL, Background
from matching.embeddings import Embedder, Progress, Vectors, encode_in_batches
from matching.errors import InvalidProfile, Mistake
from matching.facets import Facets
from matching.lexical import terms
from matching.profiles import Profile
from matching.splicing import GONE, Splice
from matching.words import NeedWords, Vocabulary, stems

DESCRIBED = 0.6  # weight of the description beside an offer that is searched
STAND_IN = 0.5  # weight of a description in place of needs: measured best of 0 to 1.3
BLOCK = 512  # profiles per block: measured best of 256 to 2048; a tile of items still fits the processor's caches

_TYPICAL: tuple[list[tuple[str, ...]], ...] = tuple([texts] for texts in TYPICAL)


@dataclass(frozen=True)
class Items:
    """The vectors of all items of one sort; profile p owns the rows starts[p] to starts[p + 1]."""

    vectors: Vectors
    starts: NDArray[np.intp]

    @cached_property
    def owners(self) -> NDArray[np.intp]:
        """The profile that each item belongs to."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def of(self, profile: int) -> Vectors:
        """Return the item vectors of one profile."""
        return self.vectors[self.starts[profile] : self.starts[profile + 1]]

    def spliced(self, fresh: Items, splice: Splice) -> Items:
        """Return the items of some profiles of these and of some others."""
        return Items(*splice.owned(self.vectors, self.starts, fresh.vectors, fresh.starts))

    def take(self, profiles: NDArray[np.intp]) -> Items:
        """Return the items of these profiles, in this order."""
        return self.spliced(Items(self.vectors[:0], self.starts[:1]), Splice(len(self.starts) - 1, profiles))

    def best(self, values: Vectors) -> Vectors:
        """Take the maximum over the items of each profile along the last axis, 0 where there are none."""
        having = np.flatnonzero(np.diff(self.starts) > 0)
        best = np.zeros((*values.shape[:-1], len(self.starts) - 1), dtype=np.float32)
        if len(having):
            best[..., having] = np.maximum.reduceat(values, self.starts[having], axis=-1)
        return best

    def layered(self, block: slice) -> Layers:
        """Arrange the items of a block so that a maximum per profile is taken on contiguous slices."""
        own = self.vectors[self.starts[block.start] : self.starts[block.stop]]
        counts = np.diff(self.starts[block.start : block.stop + 1])
        order = np.argsort(-np.maximum(counts, 1), kind="stable")  # where nobody has two the order stays
        first = self.starts[block.start : block.stop][order] - self.starts[block.start]
        nothing = len(own)  # index of the row of zeros, for a profile without items
        picked = [np.where(counts[order] > 0, first, nothing)]
        sizes = [len(order)]
        for depth in range(1, int(counts.max(initial=0))):
            size = int(np.count_nonzero(counts > depth))
            picked.append(first[:size] + depth)
            sizes.append(size)
        padded = np.concatenate([own, np.zeros((1, own.shape[1]), dtype=np.float32)])
        return Layers(padded[np.concatenate(picked)], tuple(sizes), np.argsort(order, kind="stable"))


@dataclass(frozen=True)
class Layers:
    """First items of all profiles of a block, then second items of those that have one, and so on."""

    vectors: Vectors
    sizes: tuple[int, ...]
    position: NDArray[np.intp]

    def fold(self, values: Vectors) -> Vectors:
        """Take the maximum over the items of each profile along the first axis, back in the order of profiles."""
        best = values[: self.sizes[0]]
        start = self.sizes[0]
        for size in self.sizes[1:]:
            np.maximum(best[:size], values[start : start + size], out=best[:size])
            start += size
        if len(self.sizes) == 1:
            return best
        return np.take(best, self.position, axis=0)


@dataclass(frozen=True)
class Population:
    """Profiles sorted by id with everything a score needs; `descriptions` holds one item per profile, or none."""

    profiles: tuple[Profile, ...]
    needs: Items
    offers: Items
    descriptions: Items
    background: Background
    vocabulary: Vocabulary
    words: NeedWords
    facets: Facets

    @classmethod
    def build(
        cls,
        profiles: Iterable[Profile],
        embedder: Embedder,
        progress: Progress | None = None,
        like: Population | None = None,
    ) -> Population:
        """Encode every item once; what the event has in common is taken from `like`, where it is given.

        That is: the background of meaning, the weights of words, and how rare types of cooperation are. Raises
        InvalidProfile when an id is used twice.
        """
        ordered = _ordered(profiles)
        sorts: list[list[tuple[str, ...]]] = [
            [needs_of(profile) for profile in ordered],
            [offers_of(profile) for profile in ordered],
            [_given(profile.description) for profile in ordered],
            *(_TYPICAL if like is None else []),
        ]
        texts = [text for sort in sorts for items in sort for text in items]
        needs, offers, descriptions, *typical = _split(encode_in_batches(embedder, texts, progress), sorts)
        own = [needs.vectors, offers.vectors, descriptions.vectors]
        sought = [stems("\n".join(needs_of(p))) for p in ordered]
        brought = [stems("\n".join((*offers_of(p), p.description, *p.topics))) for p in ordered]
        vocabulary = like.vocabulary if like is not None else Vocabulary.of(map(chain, sought, brought))
        return cls(
            profiles=ordered,
            needs=needs,
            offers=offers,
            descriptions=descriptions,
            background=like.background if like is not None else Background.of([sort.vectors for sort in typical], own),
            vocabulary=vocabulary,
            words=NeedWords.build(sought, brought, vocabulary, [1.0 if p.needs else STAND_IN for p in ordered]),
            facets=Facets.build(ordered, like.facets.rarity if like is not None else None),
        )

    def replaced(self, changed: Iterable[Profile], gone: Collection[str], embedder: Embedder) -> Replaced:
        """Return the population with these profiles new or changed and those ids gone.

        Only the changed are encoded; what the event has in common stays as it is.
        """
        fresh = Population.build(changed, embedder, like=self)
        left = {*gone, *fresh.position}
        kept = [place for place, profile in enumerate(self.profiles) if profile.id not in left]
        both = [*self.profiles, *fresh.profiles]
        source = sorted([*kept, *range(len(self), len(both))], key=lambda place: both[place].id)
        profiles = tuple(both[place] for place in source)
        splice = Splice(len(self), np.array(source, dtype=np.intp))
        population = replace(
            self,
            profiles=profiles,
            needs=self.needs.spliced(fresh.needs, splice),
            offers=self.offers.spliced(fresh.offers, splice),
            descriptions=self.descriptions.spliced(fresh.descriptions, splice),
            words=self.words.spliced(fresh.words, splice),
            facets=self.facets.spliced(profiles, fresh.profiles, splice),
        )
        ids = [profile.id for profile in profiles]
        before = splice.moved.astype(np.int64)
        for place in np.flatnonzero(before[:-1] == GONE):
            before[place] = bisect_right(ids, self.profiles[place].id) - 1
        return Replaced(population, fresh, splice, before)

    def __len__(self) -> int:
        """Return the number of profiles."""
        return len(self.profiles)

    @cached_property
    def described_offers(self) -> Vectors:
        """The offers with a part of the description of who makes them, as unit vectors: one row per offer."""
        counts = np.diff(self.descriptions.starts)
        first = np.concatenate([self.descriptions.vectors, np.zeros_like(self.offers.vectors[:1])])
        row = np.where(counts > 0, self.descriptions.starts[:-1], len(first) - 1)
        vectors = self.offers.vectors + np.float32(DESCRIBED) * first[np.repeat(row, np.diff(self.offers.starts))]
        return _unit(vectors)

    @cached_property
    def own_needs(self) -> Items:
        """The needs without what all have in common, as unit vectors."""
        return Items(_unit(self.needs.vectors - self.background.needs), self.needs.starts)

    @cached_property
    def own_offers(self) -> Items:
        """The offers without what all have in common, as unit vectors."""
        return Items(_unit(self.offers.vectors - self.background.offers), self.offers.starts)

    @cached_property
    def _term_counts(self) -> Counter[str]:
        return Counter(term for profile in self.profiles for term in set(terms(whole_text(profile))))

    def common_terms(self, share: float) -> frozenset[str]:
        """Return the terms that more than this share of the profiles uses."""
        return frozenset(term for term, count in self._term_counts.items() if count > share * len(self))

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each id stands in the order."""
        return {profile.id: position for position, profile in enumerate(self.profiles)}

    @cached_property
    def blocks(self) -> tuple[slice, ...]:
        """The population cut into blocks of neighbouring profiles."""
        return tuple(slice(start, min(start + BLOCK, len(self))) for start in range(0, len(self), BLOCK))


class Replaced(NamedTuple):
    """A population of which some profiles are new, those alone, and where everybody comes from.

    `before` holds for each old position the last new one whose id does not come after the id that stood there.
    """

    population: Population
    fresh: Population
    splice: Splice
    before: NDArray[np.int64]


def needs_of(profile: Profile) -> tuple[str, ...]:
    """Return what the profile seeks; where it says nothing, its topics or description stand for it."""
    return profile.needs or _implied(profile)


def offers_of(profile: Profile) -> tuple[str, ...]:
    """Return what the profile brings; where it says nothing, its topics or description stand for it."""
    return profile.offers or _implied(profile)


def whole_text(profile: Profile) -> str:
    """Return everything the profile says in words."""
    parts = (profile.description, *profile.offers, *profile.needs, *profile.topics)
    return "\n".join(parts)


def _ordered(profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    ordered = tuple(sorted(profiles, key=lambda profile: profile.id))
    twice = {a.id for a, b in pairwise(ordered) if a.id == b.id}
    if twice:
        raise InvalidProfile([Mistake("id", f'used more than once: "{name}"') for name in sorted(twice)])
    return ordered


def _given(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _implied(profile: Profile) -> tuple[str, ...]:
    return _given(_joined(profile.description, ", ".join(profile.topics)))


def _joined(first: str, second: str) -> str:
    if not second or first == second:
        return first
    return f"{first.rstrip('.')}. {second}" if first else second


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _split(vectors: Vectors, sorts: Sequence[Sequence[Sequence[str]]]) -> list[Items]:
    items: list[Items] = []
    start = 0
    for sort in sorts:
        starts = np.cumsum([0, *(len(texts) for texts in sort)])
        items.append(Items(vectors[start : start + starts[-1]], starts))
        start += int(starts[-1])
    return items
