"""The score of a pair: its parts, their weights, and their sum for a block of pairs.

Evidence that an offer of B meets a need of A, in log-odds:

    z(A, B) = meaning * max over needs i of A, offers j of B of n_i . (o_j + context * d_B) / spread
              + words * share(A, B) + sector * wants(A, B) + tag(A, B) + bias
    p(A, B) = 1 / (1 + exp(-z(A, B)))

n, o and d are the embeddings of needs, offers and descriptions without what they have in common (`background`), share
is BM25 of needs against offers (`words`). `wants` is 1/2 where the other's sector is wanted, -1/2 where it isn't, 0
where either side left the question empty. `tag(A, B)` is `tag` where a tag that A needs is offered by B, -`tag_missing` where
both named tags and none fits, else 0. The score is the logarithm of what a meeting is worth:

    F(A, B) = log((p(A, B) + e) (p(B, A) + e)) + cooperation * sqrt(sum over common types t of log(1 / share_t) ** 2)

(p + e)(q + e) = pq + e (p + q) + e^2: the probability that both gain, and a little (`one_way`) where only one does.
A type of cooperation that few name says more than one that everybody names. F is symmetric; what a participant sees is
F corrected for popularity (`congestion`) and translated into a probability (`calibration`). meaning, words and bias
depend on the model and are with its calibration; README, "How matching works", has what each part is worth.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.calibration import Reading
from matching.embeddings import Vectors
from matching.facets import Booleans, Facet, Index
from matching.population import STAND_IN, Items, Layers, Population, Replaced

_FAR = 30.0  # log-odds beyond which nothing changes


@dataclass(frozen=True)
class Weights:
    """How much each part counts, in log-odds; `tests/benchmarks/bench_ranking.py` prints their effect.

    `meaning` and `words` multiply what was measured for the model: 1 = as measured, 0 = left out.
    """

    meaning: float = 1.0
    context: float = 0.55
    words: float = 1.0
    cooperation: float = 0.6
    sector: float = 2.0
    tag: float = 3.0
    tag_missing: float = 1.0
    one_way: float = 0.03

    def to_dict(self) -> dict[str, float]:
        """Return the weights as data."""
        return asdict(self)


class Scorer:
    """Scores blocks of pairs of one population."""

    def __init__(
        self,
        population: Population,
        weights: Weights,
        reading: Reading,
        directed: tuple[Items, Items] | None = None,
    ) -> None:
        """Take away what is common once; `directed` are needs and offers without it, where they are known."""
        self.population = population
        self._weights = weights
        self._reading = reading
        self._needs, self._offers = directed or _directed(population, weights, reading)

    def tile(self, row_block: int, column_block: int) -> Vectors:
        """Return F for all pairs of two blocks, float32 (rows, columns)."""
        rows, columns = self.population.blocks[row_block], self.population.blocks[column_block]
        return self._worth(*self.directions(row_block, column_block), rows, columns)

    def rows(self, places: NDArray[np.intp]) -> Vectors:
        """Return F of some profiles with everybody, float32 (places, everybody)."""
        everybody = slice(0, len(self.population))
        needs, offers = self._needs.take(places), self._offers.take(places)
        gets = needs.best(self._offers.best(needs.vectors @ self._offers.vectors.T).T).T
        gets += self._besides_meaning(places, everybody)
        gives = offers.best(self._needs.best(offers.vectors @ self._needs.vectors.T).T).T
        gives += self._besides_meaning(everybody, places).T
        return self._worth(gets, gives, places, everybody)

    def replaced(self, new: Replaced) -> Scorer:
        """Return the scorer of a population of which only some profiles are new."""
        needs, offers = _directed(new.fresh, self._weights, self._reading)
        directed = (self._needs.spliced(needs, new.splice), self._offers.spliced(offers, new.splice))
        return Scorer(new.population, self._weights, self._reading, directed)

    @cached_property
    def _need_layers(self) -> list[Layers]:
        return [self._needs.layered(block) for block in self.population.blocks]

    @cached_property
    def _offer_layers(self) -> list[Layers]:
        return [self._offers.layered(block) for block in self.population.blocks]

    def _worth(self, gets: Vectors, gives: Vectors, rows: Index, columns: Index) -> Vectors:
        total = log_worth(gets, gives, self._weights.one_way)
        types = self.population.facets.cooperation
        if self._weights.cooperation and types.answered.any():
            total += np.float32(self._weights.cooperation) * np.sqrt(types.product(rows, types, columns))
        return total

    def directions(self, row_block: int, column_block: int) -> tuple[Vectors, Vectors]:
        """Return z for all pairs of two blocks: what the row profile gets, and what it gives."""
        rows, columns = self.population.blocks[row_block], self.population.blocks[column_block]
        gets = best_product(self._need_layers[row_block], self._offer_layers[column_block])
        gets += self._besides_meaning(rows, columns)
        if row_block == column_block:
            return gets, gets.T.copy()
        gives = best_product(self._offer_layers[row_block], self._need_layers[column_block])
        gives += self._besides_meaning(columns, rows).T
        return gets, gives

    def sides(self, profile: int, others: NDArray[np.intp]) -> tuple[Vectors, Vectors]:
        """Return z of both directions between one profile and some others: what it gets and what it gives."""
        me = np.array([profile])
        mine, needed = self._offers.of(profile), self._needs.of(profile)
        gets = [np.max(needed @ self._offers.of(other).T, initial=-np.inf) for other in others]
        gives = [np.max(self._needs.of(other) @ mine.T, initial=-np.inf) for other in others]
        return (
            _known(gets) + self._besides_meaning(me, others)[0],
            _known(gives) + self._besides_meaning(others, me)[:, 0],
        )

    def _besides_meaning(self, needing: Index, offering: Index) -> Vectors:
        """Return z without its first part for every pair, float32 (needing, offering)."""
        facets, weights = self.population.facets, self._weights
        total = self.population.words.tile(needing, offering)
        total *= np.float32(weights.words * self._reading.words)
        total += np.float32(self._reading.bias)
        if weights.sector and facets.wanted_sectors.answered.any():
            wanted = facets.wanted_sectors.meets(needing, facets.sectors, offering)
            np.add(total, np.float32(weights.sector), out=total, where=wanted)
            asked = facets.wanted_sectors.answered[needing, None] * np.float32(weights.sector / 2)
            total -= asked * facets.sectors.answered[None, offering]
        if weights.tag and facets.tags_needed.answered.any():
            found = facets.tags_needed.meets(needing, facets.tags_offered, offering)
            known = _both(facets.tags_needed, facets.tags_offered, needing, offering)
            total += np.float32(weights.tag) * found - np.float32(weights.tag_missing) * (known & ~found)
        return total


def best_product(rows: Layers, columns: Layers) -> Vectors:
    """Return the largest product of any item of the row profile with any of the column profile, 0 without items."""
    folded = rows.fold(rows.vectors @ columns.vectors.T)
    return np.ascontiguousarray(columns.fold(folded.T).T)


def log_worth(gets: Vectors, gives: Vectors, one_way: float) -> Vectors:
    """Return log((p + e) (q + e)) for the log-odds of p and q; both arrays are used up."""
    e = np.float32(one_way)
    total = np.ones_like(gets)
    for z in (gets, gives):
        odds_against = np.exp(np.negative(np.clip(z, -_FAR, _FAR, out=z), out=z), out=z)
        total /= 1 + odds_against
        total *= 1 + e + e * odds_against
    return np.log(total, out=total)


def _directed(population: Population, weights: Weights, reading: Reading) -> tuple[Items, Items]:
    """Return needs and offers without what is common, so that a product of two is the first part of z."""
    background = population.background
    scale = np.float32(weights.meaning * reading.meaning / background.spread)
    described = np.diff(population.descriptions.starts) > 0
    context = np.zeros((len(population), len(background.descriptions)), dtype=np.float32)
    context[described] = population.descriptions.vectors - background.descriptions
    offers, needs = population.offers, population.needs
    said = np.array([bool(profile.offers) for profile in population.profiles], dtype=bool)[offers.owners]
    common = np.where(said[:, None], background.offers, background.descriptions)
    extra = np.float32(weights.context) * context[offers.owners] * said[:, None]
    sought = np.array([bool(profile.needs) for profile in population.profiles], dtype=bool)[needs.owners]
    seeking = needs.vectors - np.where(sought[:, None], background.needs, background.descriptions)
    seeking *= np.where(sought, scale, scale * STAND_IN)[:, None]
    return Items(seeking, needs.starts), Items(offers.vectors - common + extra, offers.starts)


def _both(one: Facet, other: Facet, needing: Index, offering: Index) -> Booleans:
    return np.asarray(one.answered[needing, None] & other.answered[None, offering])


def _known(products: list[np.floating]) -> Vectors:
    values = np.array(products, dtype=np.float32)
    return np.where(np.isneginf(values), np.float32(0.0), values)
