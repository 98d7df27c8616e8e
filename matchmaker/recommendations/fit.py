"""How well two participants fit, as one of them sees it. No database, no web."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from matchmaker.recommendations.models import Recommendation
from matchmaker.recommendations.wording import Parts, shared_parts

GETS = "gets"  # my need and their offer
GIVES = "gives"  # my offer and their need
_OTHER_SIDE = {GETS: GIVES, GIVES: GETS}
_OTHER_FIELD = {"wanted_sector": "offered_sector", "offered_sector": "wanted_sector"}


class Band(StrEnum):
    """A fit in words, best first."""

    EXCELLENT = "excellent"
    GOOD = "good"
    WORTH_A_LOOK = "worth_a_look"
    EXPLORATORY = "exploratory"


STRONG = (Band.EXCELLENT, Band.GOOD)
SOME = 0.10
LEVELS = ((0.75, "fully"), (0.50, "well"), (SOME, "partly"), (0.0, "hardly"))  # how well one side serves the other
MUTUAL_FROM = 0.25  # below this a side gains too little to come for it


def level_of(chance: float) -> str:
    """Return how well one side serves the other, in a word (a key); the steps are those of the bands."""
    return next(name for lowest, name in LEVELS if chance >= lowest)


class Pair(NamedTuple):
    """Two sentences that met: ``side`` gets = my need and their offer, gives = my offer and their need."""

    side: str
    mine: str
    theirs: str
    similarity: float

    @property
    def marked(self) -> tuple[Parts, Parts]:
        """My sentence and theirs in pieces, with the words marked that both have."""
        return shared_parts(self.mine, self.theirs)


@dataclass(frozen=True)
class Fit:
    """``score``, ``gives`` and ``gets`` are 0..1; ``shared``: structured field -> codes that fit."""

    score: float
    gives: float
    gets: float
    band: str
    pairs: tuple[Pair, ...] = ()
    shared: dict[str, list[str]] = field(default_factory=dict)
    rank: int | None = None  # in my list; None when only the other has me in theirs

    @property
    def weaker_side(self) -> str | None:
        """``gets`` or ``gives`` where one direction is clearly weaker than the other, else ``None``."""
        if abs(self.gives - self.gets) < 0.25:
            return None
        return GIVES if self.gives < self.gets else GETS

    @property
    def is_mutual(self) -> bool:
        """Whether both sides gain something, not only one."""
        return min(self.gives, self.gets) >= MUTUAL_FROM

    @property
    def levels(self) -> dict[str, str]:
        """How well each side serves the other, in a word (a key)."""
        return {GETS: level_of(self.gets), GIVES: level_of(self.gives)}

    @property
    def in_ten(self) -> int:
        """Of ten pairs like this, so many are worth the time of both."""
        return round(10 * self.score)

    def pairs_of(self, side: str) -> list[Pair]:
        """The sentences of one direction, strongest first."""
        return [pair for pair in self.pairs if pair.side == side]

    @classmethod
    def of(cls, row: Recommendation) -> "Fit":
        """Read a recommendation as its participant sees it."""
        pairs = tuple(Pair(**reason) for reason in row.reasons)
        return cls(row.score, row.gives, row.gets, row.band, pairs, dict(row.shared), row.rank)

    @classmethod
    def turned(cls, row: Recommendation) -> "Fit":
        """Read a recommendation from the other end: as the one who is recommended sees it."""
        pairs = tuple(_turned_pair(reason) for reason in row.reasons)
        shared = {_OTHER_FIELD.get(name, name): codes for name, codes in row.shared.items()}
        return cls(row.score, row.gets, row.gives, row.band, pairs, shared)


def _turned_pair(reason: dict[str, Any]) -> Pair:
    return Pair(_OTHER_SIDE[reason["side"]], reason["theirs"], reason["mine"], reason["similarity"])
