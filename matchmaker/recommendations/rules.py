"""The rules of an event's lists as its organisers choose them, and what each is called. No database, no library."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

from flask_babel import lazy_gettext as _

from matchmaker import vocabulary

SWITCHES = ("same_organisation", "no_common_language", "met_here", "met_before")
REGIONS = ("same_region", "same_country")
ALWAYS = ("blocked", "groups_apart", "forbidden")  # the word of the participants, and the table of the organisers
MEASURES = {
    "same_organisation": _("Not within one organisation"),
    "blocked": _("Never meet"),
    "no_common_language": _("A language in common"),
    "groups_apart": _("Kinds of participants kept apart"),
    "same_region": _("Only other regions"),
    "same_country": _("Only other countries"),
    "met_here": _("Not again who met here"),
    "met_before": _("Not again who met earlier"),
    "hide_competitors": _("Competitors hidden"),
    "from_other_regions": _("Places for other regions"),
    "per_group": _("Places for every kind of participant"),
    "minimum_incoming": _("Everybody in some lists"),
    "neighbours": _("Popular profiles held back"),
}

Pair = tuple[str, str]


@dataclass(frozen=True)
class Rules:
    """What organisers decide. ``shown``: pairs of helix types that are shown to each other, in the order of the types."""

    same_organisation: bool = True
    no_common_language: bool = True
    met_here: bool = True
    met_before: bool = False
    hide_competitors: bool = True
    region: str = ""  # or one of REGIONS
    shown: frozenset[Pair] = frozenset()
    from_other_regions: int = 0
    per_group: int = 0
    top: int = 20
    minimum_incoming: int = 5

    def as_data(self) -> dict[str, Any]:
        """Return them in the form in which ``matching`` reads policies."""
        chosen = {name: getattr(self, name) for name in SWITCHES}
        on = [name for name in SWITCHES if chosen[name]]
        return {
            "rules": [*on, *ALWAYS, *([self.region] if self.region else [])],
            "groups_apart": [list(pair) for pair in type_pairs() if pair not in self.shown],
            "hide_competitors": self.hide_competitors,
            **{name: getattr(self, name) for name in NUMBERS},
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Rules":
        """Read what ``as_data`` wrote; nothing stored means the defaults."""
        apart = {tuple(sorted(pair)) for pair in data.get("groups_apart", [])}
        shown = frozenset(pair for pair in type_pairs() if tuple(sorted(pair)) not in apart)
        if not data:
            return cls(shown=shown)
        on = data["rules"]
        return cls(
            **{name: name in on for name in SWITCHES},
            hide_competitors=data["hide_competitors"],
            region=next((name for name in REGIONS if name in on), ""),
            shown=shown,
            **{name: data[name] for name in NUMBERS},
        )


NUMBERS = ("from_other_regions", "per_group", "top", "minimum_incoming")


def type_pairs() -> list[Pair]:
    """Return all pairs of helix types, each once, those of a type with itself included."""
    return list(combinations_with_replacement(vocabulary.terms("helix_types"), 2))
