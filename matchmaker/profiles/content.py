"""What a profile says, as one value: the form fills it, services store it, queries read it. No database, no web."""

from dataclasses import dataclass
from types import MappingProxyType

from matchmaker.profiles.models import FacetKind

MAX_ITEMS = 5
MAX_ITEM_LENGTH = 500
MAX_DESCRIPTION_LENGTH = 4000

# The vocabulary whose codes each kind of facet holds.
VOCABULARIES = MappingProxyType({
    FacetKind.TOPIC: "topics",
    FacetKind.SECTOR: "sectors",
    FacetKind.WANTED_SECTOR: "sectors",
    FacetKind.COOPERATION: "cooperation_types",
    FacetKind.LANGUAGE: "languages",
})  # fmt: skip


@dataclass(frozen=True)
class Content:
    """Everything a participant writes about what it brings and seeks. Facets are codes of their vocabulary."""

    description: str = ""
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    wanted_sectors: tuple[str, ...] = ()
    cooperation: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    is_visible: bool = True

    @property
    def facets(self) -> dict[FacetKind, tuple[str, ...]]:
        """The codes by kind."""
        return {
            FacetKind.TOPIC: self.topics,
            FacetKind.SECTOR: self.sectors,
            FacetKind.WANTED_SECTOR: self.wanted_sectors,
            FacetKind.COOPERATION: self.cooperation,
            FacetKind.LANGUAGE: self.languages,
        }

    @property
    def can_be_matched(self) -> bool:
        """Whether there is anything to compare with others."""
        return bool(self.offers or self.needs or self.description or self.topics)

    @property
    def texts(self) -> str:
        """All free text, for language detection."""
        return "\n".join((self.description, *self.offers, *self.needs))
