"""What an organiser chooses for one run, as a frozen value that is stored with the run."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any


class Keep(StrEnum):
    """Which published meetings stay where they are; locked ones and those that have begun always do."""

    NOTHING = "nothing"
    BEFORE = "before"  # those that begin before ``keep_before``
    ALL = "all"


AIMS = (
    "placed",
    "changes",
    "fair",
    "breaks",
    "waiting",
    "hours",
)  # the objectives of the library, in the order offered
DEFAULT_AIMS = ("placed", "fair", "breaks")
_AIMS_BEFORE = {"fair": DEFAULT_AIMS, "breaks": ("placed", "breaks"), "waiting": ("placed", "waiting")}


@dataclass(frozen=True)
class Options:
    """``seconds``: time limit; ``objective``: the most important first; ``stars``: whether requests count by their stars.

    ``workers``: 0 for as many as the installation sets. ``fixes``: what a what-if run assumes, each
    ``{"wish": id, "rules": [relaxation, ...]}`` in the ids of the library; ``origin`` is the run they were tried from.
    ``pins``: meetings that were locked in a draft, each (request, slot, place or "") in the ids of the library.
    ``scenario``: the parts of a scenario that is assumed, see ``what_if``; ``what_if`` is the comparison it comes from.
    """

    seconds: int = 20
    objective: tuple[str, ...] = DEFAULT_AIMS
    keep: str = Keep.NOTHING
    keep_before: str = ""  # ISO time in UTC
    stars: bool = True
    seed: int = 1
    workers: int = 0
    fixes: tuple[Mapping[str, Any], ...] = ()
    origin: int = 0
    scenario: tuple[Mapping[str, Any], ...] = ()
    what_if: int = 0
    pins: tuple[tuple[str, str, str], ...] = ()

    @property
    def fixed_until(self) -> datetime | None:
        """The moment before which published meetings stay."""
        return datetime.fromisoformat(self.keep_before) if self.keep == Keep.BEFORE and self.keep_before else None

    @property
    def is_what_if(self) -> bool:
        """Whether the run assumes anything that the event does not have."""
        return bool(self.fixes or self.scenario)

    @property
    def assumes_places(self) -> bool:
        """Whether the run assumes places, so that places that are added meanwhile are no surprise."""
        rules = [rule["rule"] for fix in self.fixes for rule in fix["rules"]]
        return "places" in (*rules, *(part["kind"] for part in self.scenario))

    def summary(self) -> dict[str, Any]:
        """Return what the audit trail keeps."""
        said = {"objective": ", ".join(self.objective), "keep": str(self.keep), "stars": self.stars}
        extra = {
            "keep_before": self.keep_before,
            "assumes": len(self.fixes) + len(self.scenario),
            "locked": len(self.pins),
        }
        return said | {"seconds": self.seconds} | {name: value for name, value in extra.items() if value}

    def to_dict(self) -> dict[str, Any]:
        """Return what is stored with the run."""
        lists = {name: [dict(each) for each in getattr(self, name)] for name in ("fixes", "scenario")}
        return asdict(self) | lists | {"objective": list(self.objective), "pins": [list(pin) for pin in self.pins]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Options":
        """Read what ``to_dict`` gave, now or before objectives could be put in order."""
        known = {name: data[name] for name in (field.name for field in fields(cls)) if name in data}
        objective = tuple(data.get("objective") or _AIMS_BEFORE.get(data.get("aim", ""), DEFAULT_AIMS))
        if known.get("keep") == "few_changes":
            known["keep"], objective = Keep.NOTHING, (objective[0], "changes", *objective[1:])
        lists = {name: tuple(data.get(name, ())) for name in ("fixes", "scenario")}
        pins = tuple((wish, slot, place) for wish, slot, place in data.get("pins", ()))
        return cls(**known | lists | {"objective": objective, "pins": pins})
