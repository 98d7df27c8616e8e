"""What comes out: ranked matches with reasons, built when they are looked at.

A run for ten thousand keeps arrays; `Ranking.matches` turns the row of one profile into Match objects on access.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matching.calibration import Calibration, band
from matching.candidates import DECIMALS, NOBODY, Candidates
from matching.congestion import FairnessReport
from matching.embeddings import Vectors
from matching.facets import folded, wanted_codes
from matching.population import Population, needs_of, offers_of
from matching.profiles import Profile

REASONS_PER_SIDE = 2
WEAKEST_REASON = 0.2  # below this two sentences hardly meet; only the strongest of all is shown nevertheless

GETS = "gets"
GIVES = "gives"


class Shared(NamedTuple):
    """A form field that spoke for the match, and the value: ("cooperation", "joint r&d")."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Two sentences that met: `side` "gets" = my need and their offer, "gives" = my offer and their need."""

    side: str
    mine: str
    theirs: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Match:
    """One recommended partner.

    `score` is the probability that both sides gain; `gets` that their offers meet my needs, `gives` that mine meet
    theirs. All three mean the same for everybody. `band` is excellent, good, worth_a_look or exploratory.
    """

    id: str
    score: float
    gives: float
    gets: float
    reasons: tuple[Reason, ...]
    band: str
    shared: tuple[Shared, ...]


@dataclass(frozen=True)
class Ranking:
    """The lists of everybody, best first, and how fair they are together."""

    model: str
    matches: Mapping[str, tuple[Match, ...]]
    fairness: FairnessReport


class LazyMatches(Mapping[str, tuple[Match, ...]]):
    """The matches of every profile by its id; each access builds the tuple anew."""

    def __init__(self, population: Population, lists: Candidates, scores: Vectors, calibration: Calibration) -> None:
        """Keep arrays: `scores` holds F for every entry of `lists`."""
        self._population = population
        self._partners = lists.partners
        self._scores = calibration.pair.probability(np.round(scores, DECIMALS))
        self._calibration = calibration

    def __getitem__(self, profile_id: str) -> tuple[Match, ...]:
        """Build the matches of one profile."""
        me = self._population.position[profile_id]
        pairs = zip(self._partners[me], self._scores[me], strict=True)
        return tuple(self._match(me, int(other), float(score)) for other, score in pairs if other != NOBODY)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids in order."""
        return iter(self._population.position)

    def __len__(self) -> int:
        """Return the number of profiles, those without any match included."""
        return len(self._population)

    def _match(self, me: int, other: int, score: float) -> Match:
        population = self._population
        mine, theirs = population.profiles[me], population.profiles[other]
        side = self._calibration.side
        found = (*_reasons(population, me, other, GETS), *_reasons(population, me, other, GIVES))
        reasons = sorted(found, key=lambda reason: -reason.similarity)
        return Match(
            id=theirs.id,
            score=score,
            gives=float(side.probability(_direction(population, other, me))),
            gets=float(side.probability(_direction(population, me, other))),
            reasons=tuple(reasons[:1] + [r for r in reasons[1:] if r.similarity >= WEAKEST_REASON]),
            band=band(score),
            shared=shared_fields(mine, theirs),
        )


def shared_fields(mine: Profile, theirs: Profile) -> tuple[Shared, ...]:
    """Return the form fields that raised the score of a pair, in a fixed order."""
    fired = {
        "cooperation": folded(mine.cooperation) & folded(theirs.cooperation),
        "wanted_sector": wanted_codes(mine, theirs.sectors),
        "offered_sector": wanted_codes(theirs, mine.sectors),
        "tag_gets": folded(mine.tags_needed) & folded(theirs.tags_offered),
        "tag_gives": folded(mine.tags_offered) & folded(theirs.tags_needed),
    }
    return tuple(Shared(field, value) for field, values in fired.items() for value in sorted(values))


def _direction(population: Population, needing: int, offering: int) -> np.ndarray:
    cosines = population.needs.of(needing) @ population.offers.of(offering).T
    return np.asarray(np.max(cosines, initial=0.0))


def _reasons(population: Population, me: int, other: int, side: str) -> list[Reason]:
    needing, offering = (me, other) if side == GETS else (other, me)
    needs = population.needs.of(needing)
    offers = population.plain_offers.of(offering) + population.offers.of(offering)
    if not len(needs) or not len(offers):
        return []
    # The mean of the bare offer and the offer in context found the true pair most often on the development set.
    similarities = np.clip(needs @ offers.T / 2, 0.0, 1.0)
    need_texts = needs_of(population.profiles[needing])
    offer_texts = offers_of(population.profiles[offering])
    found: list[Reason] = []
    for need in np.argsort(-similarities.max(axis=1), kind="stable")[:REASONS_PER_SIDE]:
        offer = int(similarities[need].argmax())
        texts = (need_texts[need], offer_texts[offer])
        mine, theirs = texts if side == GETS else texts[::-1]
        found.append(Reason(side, mine, theirs, round(float(similarities[need, offer]), 4)))
    return found
