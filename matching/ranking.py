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
from matching.scoring import Scorer
from matching.words import share

REASONS_PER_SIDE = 2
WEAKEST_REASON = 0.2  # below this two sentences hardly meet; only the strongest of all is shown nevertheless
_SAME_WORDS = 0.5  # what a need whose words are all said adds to the cosine: found the true pair most often

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

    def __init__(self, scorer: Scorer, lists: Candidates, calibration: Calibration) -> None:
        """Keep arrays."""
        self._population = scorer.population
        self._scorer = scorer
        self._partners = lists.partners
        self._scores = calibration.pair.probability(np.round(lists.scores, DECIMALS))
        self._calibration = calibration

    def __getitem__(self, profile_id: str) -> tuple[Match, ...]:
        """Build the matches of one profile."""
        me = self._population.position[profile_id]
        listed = self._partners[me] != NOBODY
        partners = self._partners[me][listed].astype(np.intp)
        gets, gives = (1 / (1 + np.exp(-side)) for side in self._scorer.sides(me, partners))
        found = zip(partners, self._scores[me][listed], gets, gives, strict=True)
        return tuple(self._match(me, int(other), *map(float, numbers)) for other, *numbers in found)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids in order."""
        return iter(self._population.position)

    def __len__(self) -> int:
        """Return the number of profiles, those without any match included."""
        return len(self._population)

    def _match(self, me: int, other: int, score: float, gets: float, gives: float) -> Match:
        population = self._population
        mine, theirs = population.profiles[me], population.profiles[other]
        found = (*_reasons(population, me, other, GETS), *_reasons(population, me, other, GIVES))
        reasons = sorted(found, key=lambda reason: -reason.similarity)
        return Match(
            id=theirs.id,
            score=score,
            gives=gives,
            gets=gets,
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


def _reasons(population: Population, me: int, other: int, side: str) -> list[Reason]:
    needing, offering = (me, other) if side == GETS else (other, me)
    need_texts = needs_of(population.profiles[needing])
    offer_texts = offers_of(population.profiles[offering])
    if not need_texts or not offer_texts:
        return []
    similarities = _similarities(population, needing, offering)
    found: list[Reason] = []
    for need in np.argsort(-similarities.max(axis=1), kind="stable")[:REASONS_PER_SIDE]:
        offer = int(similarities[need].argmax())
        texts = (need_texts[need], offer_texts[offer])
        mine, theirs = texts if side == GETS else texts[::-1]
        found.append(Reason(side, mine, theirs, round(float(similarities[need, offer]), 4)))
    return found


def _similarities(population: Population, needing: int, offering: int) -> Vectors:
    """Return how close each need is to each offer, 0 to 1: the cosine without the common part, and the words."""
    needs, offers = population.own_needs.of(needing), population.own_offers.of(offering)
    said = [
        [share(need, offer, population.vocabulary) for offer in offers_of(population.profiles[offering])]
        for need in needs_of(population.profiles[needing])
    ]
    return np.clip(needs @ offers.T + np.float32(_SAME_WORDS) * np.array(said, dtype=np.float32), 0.0, 1.0)
