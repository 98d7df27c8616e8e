"""Narrowing the list of recommendations. It is short, so this needs no query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matchmaker.recommendations.fit import Band
from matchmaker.recommendations.models import FeedbackKind
from matchmaker.recommendations.queries import Partner


@dataclass(frozen=True)
class Selection:
    """What a participant wants to see of the list; ``show``: empty (not set aside), later or not_relevant."""

    band: str = ""
    country: str = ""
    kind: str = ""
    cooperation: str = ""
    language: str = ""
    not_asked: bool = False
    mutual: bool = False
    show: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Selection":
        """Read the address; unknown values of ``band`` and ``show`` count as not given."""
        show, band = arguments.get("show", ""), arguments.get("band", "")
        return cls(
            band=band if band in set(Band) else "",
            show=show if show in set(FeedbackKind) else "",
            not_asked=arguments.get("not_asked") == "1",
            mutual=arguments.get("mutual") == "1",
            **{name: arguments.get(name, "")[:60] for name in ("country", "kind", "cooperation", "language")},
        )

    @property
    def is_active(self) -> bool:
        """Whether anything narrows the list, the part shown apart."""
        return any((
            self.band, self.country, self.kind, self.cooperation, self.language, self.not_asked, self.mutual,
        ))  # fmt: skip

    def of(self, partners: Iterable[Partner]) -> list[Partner]:
        """Return those of ``partners`` that are asked for, in the same order."""
        return [partner for partner in partners if self._has(partner)]

    def _has(self, partner: Partner) -> bool:
        wanted = (
            (self.band, partner.fit.band if partner.fit else ""),
            (self.country, partner.country),
            (self.kind, partner.kind),
        )
        return (
            (partner.set_aside or "") == self.show
            and all(value in ("", actual) for value, actual in wanted)
            and self.cooperation in ("", *partner.content.cooperation)
            and self.language in ("", *partner.content.languages)
            and not (self.not_asked and partner.has_live_request)
            and not (self.mutual and not (partner.fit and partner.fit.is_mutual))
        )
