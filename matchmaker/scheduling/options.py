"""What an organiser chooses for one run, as a frozen value that is stored with the run."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Keep(StrEnum):
    """What happens to the meetings that are published already."""

    NOTHING = "nothing"  # plan anew; locked and past meetings stay
    FEW_CHANGES = "few_changes"  # move or drop as few as possible
    ALL = "all"  # every published meeting stays; only add


class Aim(StrEnum):
    """What comes after the number of meetings, in order of importance; each is a list of objectives of the library."""

    BREAKS = "breaks"
    FAIR = "fair"
    WAITING = "waiting"


OBJECTIVES: dict[str, tuple[str, ...]] = {
    Aim.FAIR: ("placed", "fair", "breaks"),
    Aim.BREAKS: ("placed", "breaks"),
    Aim.WAITING: ("placed", "waiting"),
}


@dataclass(frozen=True)
class Options:
    """``seconds``: time limit; ``stars``: whether requests count by their stars or all the same."""

    seconds: int = 20
    aim: str = Aim.FAIR
    keep: str = Keep.NOTHING
    stars: bool = True

    @property
    def objective(self) -> tuple[str, ...]:
        """The objectives for the library, the most important first."""
        first, *rest = OBJECTIVES[self.aim]
        return (first, "changes", *rest) if self.keep == Keep.FEW_CHANGES else (first, *rest)

    def to_dict(self) -> dict[str, Any]:
        """Return what is stored with the run."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Options":
        """Read what ``to_dict`` gave."""
        return cls(**data)
