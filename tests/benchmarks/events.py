"""Seeded brokerage events in several regimes, for benchmarks: who is popular, what binds, what is rare."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate

from matching.scheduling import Participant, Problem, Slot, Wish

# Participants, wishes, slots, and the seconds in which the bound is to be met within 0.05 %.
SIZES = (
    (100, 500, 16, 10),
    (300, 2_500, 20, 2),
    (1_000, 10_000, 24, 3),
    (3_000, 40_000, 30, 10),
    (10_000, 200_000, 40, 60),
)


@dataclass(frozen=True)
class Regime:
    """What an event is like: `places` suffice for this share of what could be held, `away` is the share of slots lost.

    `skew` is the exponent of popularity (small: few are wanted by many), `loose` own maxima hardly bind, `sessions` makes
    people come for one half of the event only, `chained` is the share of wishes that come after another.
    """

    name: str
    places: float = 0.8
    away: float = 0.15
    skew: float = 1.5
    loose: bool = False
    sessions: float = 0.0
    chained: float = 0.0


REGIMES = (
    Regime("usual"),
    Regime("few places", places=0.6),
    Regime("places for all", places=1.0, loose=True),
    Regime("often away", away=0.4),
    Regime("half days", sessions=0.5),
    Regime("few stars", skew=1.1),
    Regime("precedences", chained=0.1),
)


def event(people: int, wishes: int, slots: int, regime: Regime = REGIMES[0], *, seed: int = 1) -> Problem:
    """Return a brokerage event of the regime; the same seed gives the same event."""
    chance = random.Random(seed)
    names = [f"p{number}" for number in range(people)]
    ids = [f"s{number}" for number in range(slots)]
    shares = list(accumulate(chance.paretovariate(regime.skew) for _ in names))
    pairs: set[tuple[str, str]] = set()
    while len(pairs) < wishes:
        one, other = chance.choice(names), chance.choices(names, cum_weights=shares)[0]
        if one != other:
            pairs.add((min(one, other), max(one, other)))
    least = slots if regime.loose else max(3, slots // 3)
    return Problem(
        slots=tuple(Slot(name, block=_half(number, slots)) for number, name in enumerate(ids)),
        participants=tuple(
            Participant(name, unavailable=_away(chance, ids, regime), max_meetings=chance.randint(least, slots))
            for name in names
        ),
        wishes=tuple(
            Wish(
                f"m{number}",
                pair,
                weight=round(chance.uniform(0.3, 1), 2),
                after=(f"m{chance.randrange(number)}",) if number and chance.random() < regime.chained else (),
            )
            for number, pair in enumerate(sorted(pairs))
        ),
        places=int(min(wishes, people * slots * (1 - regime.away) / 2 * 0.9) * regime.places / slots),
    )


def _half(number: int, slots: int) -> str:
    return "morning" if 2 * number < slots else "afternoon"


def _away(chance: random.Random, ids: list[str], regime: Regime) -> tuple[str, ...]:
    half = chance.choice(("morning", "afternoon")) if chance.random() < regime.sessions else ""
    return tuple(
        name
        for number, name in enumerate(ids)
        if (half and _half(number, len(ids)) != half) or chance.random() < regime.away
    )
