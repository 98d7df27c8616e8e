"""What a profile says, as one value: the form fills it, services store it, queries read it. No database, no web."""

from types import MappingProxyType
from typing import NamedTuple

from matchmaker.profiles.models import FacetKind

MAX_ITEMS = 5
MAX_ITEM_LENGTH = 500
MAX_DESCRIPTION_LENGTH = 4000
MAX_TAGS = 10
MAX_TAG_LENGTH = 40

# The vocabulary whose codes each kind of facet holds; tags stand for themselves.
VOCABULARIES = MappingProxyType({
    FacetKind.TOPIC: "topics",
    FacetKind.SECTOR: "sectors",
    FacetKind.WANTED_SECTOR: "sectors",
    FacetKind.COOPERATION: "cooperation_types",
    FacetKind.LANGUAGE: "languages",
    FacetKind.ASKED_BY: "organisation_kinds",
})  # fmt: skip


def as_tag(text: str) -> str:
    """Return the form in which a tag is stored and compared: small letters, single spaces."""
    return " ".join(text.casefold().split())


class Content(NamedTuple):
    """Everything a participant writes about what it brings and seeks. Facets are codes of their vocabulary."""

    description: str = ""
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    wanted_sectors: tuple[str, ...] = ()
    cooperation: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags_offered: tuple[str, ...] = ()
    tags_needed: tuple[str, ...] = ()
    asked_by: tuple[str, ...] = ()
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
            FacetKind.TAG_OFFERED: self.tags_offered,
            FacetKind.TAG_NEEDED: self.tags_needed,
            FacetKind.ASKED_BY: self.asked_by,
        }

    @property
    def can_be_matched(self) -> bool:
        """Whether there is anything to compare with others."""
        return any((self.offers, self.needs, self.description, self.topics, self.tags_offered, self.tags_needed))

    @property
    def texts(self) -> list[str]:
        """All free texts, for language detection."""
        return [text for text in (self.description, *self.offers, *self.needs) if text]
