"""The searchable list of an event's visible participants: what can be asked for, and the selection it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, case

from matchmaker.accounts.models import Organisation, User
from matchmaker.db import db
from matchmaker.profiles import queries as profiles
from matchmaker.profiles.content import as_tag
from matchmaker.profiles.models import FacetKind, Profile, Side
from matchmaker.recommendations.models import Recommendation
from matchmaker.registrations.models import ACTIVE_STATES, Participant
from matchmaker.web.folding import fold

SORTS = ("fit", "name", "organisation", "country", "new")
SHORTEST = 3  # letters of a search by meaning
WORDS_BONUS = 0.5  # whoever says the very words comes before what is only related
_FACETS = {"topic": FacetKind.TOPIC, "cooperation": FacetKind.COOPERATION, "language": FacetKind.LANGUAGE}
_SIDES = {"offers": Side.OFFER, "needs": Side.NEED}


@dataclass(frozen=True)
class Search:
    """What was asked for; empty texts ask for nothing. ``within``: offers, needs or everything."""

    words: str = ""
    text: str = ""  # as it was typed, for the search by meaning; empty if only words are wanted
    within: str = ""
    country: str = ""
    kind: str = ""
    topic: str = ""
    cooperation: str = ""
    language: str = ""
    tag: str = ""
    sort: str = "fit"

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Search":
        """Read the address; unknown values of ``sort`` and ``within`` count as not given."""
        typed = " ".join(arguments.get("q", "")[:200].split())
        by_meaning = arguments.get("by") != "words" and len(typed) >= SHORTEST
        names = ("country", "kind", "topic", "cooperation", "language", "tag")
        within, sort = arguments.get("within", ""), arguments.get("sort", "")
        return cls(
            words=fold(typed),
            text=typed if by_meaning else "",
            within=within if within in _SIDES else "",
            sort=sort if sort in SORTS else "fit",
            **{name: arguments.get(name, "")[:60] for name in names},
        )

    @property
    def is_active(self) -> bool:
        """Whether anything narrows the list."""
        return any(
            (self.words, self.within, self.country, self.kind, self.topic, self.cooperation, self.language, self.tag)
        )


def found(participant: Participant, search: Search, met: Mapping[int, float] | None = None) -> Select[Participant]:
    """Select the visible participants that ``search`` asks for, in its order, the asker left out.

    ``met``: chance by participant that they were found by meaning. They are added to those who say the words, and the
    order "fit" is then that of the closest.
    """
    if not met:
        return _by_words(participant, search)
    others = _by_words(participant, replace(search, words=""))
    says_words = Participant.id.in_(_by_words(participant, search).with_only_columns(Participant.id).order_by(None))
    query = others.where(says_words | Participant.id.in_(met))
    if search.sort != "fit":
        return query
    closeness = case(dict(met), value=Participant.id, else_=0.0) + case((says_words, WORDS_BONUS), else_=0.0)
    return query.order_by(None).order_by(closeness.desc(), User.last_name, User.first_name, Participant.id)


def _by_words(participant: Participant, search: Search) -> Select[Participant]:
    query = profiles.listed_participants(participant.event_id).where(Participant.id != participant.id)
    if search.within:
        query = profiles.with_items(query, _SIDES[search.within], search.words)
    else:
        query = profiles.by_words(query, search.words)
    for name, kind in _FACETS.items():
        if code := getattr(search, name):
            query = profiles.with_facet(query, kind, code)
    if search.tag:
        query = profiles.with_tag(query, as_tag(search.tag))
    if search.country:
        query = query.where(Organisation.country == search.country)
    if search.kind:
        query = query.where(Organisation.kind == search.kind)
    return _sorted(query, participant, search.sort)


def _sorted(query: Select[Any], participant: Participant, sort: str) -> Select[Any]:
    name = (User.last_name, User.first_name, Participant.id)
    if sort == "organisation":
        return query.order_by(Organisation.search_text, *name)
    if sort == "country":
        return query.order_by(Organisation.country, Organisation.search_text, *name)
    if sort == "new":
        return query.order_by(Participant.registered_at.desc(), Participant.id.desc())
    if sort == "name":
        return query.order_by(*name)
    mine = (Recommendation.participant_id == participant.id) & (Recommendation.other_id == Participant.id)
    return query.outerjoin(Recommendation, mine).order_by(Recommendation.rank.nulls_last(), *name)


def countries(event_id: int) -> list[str]:
    """Return the codes of the countries from which visible participants come."""
    query = (
        db.select(Organisation.country)
        .join(Participant, Participant.organisation_id == Organisation.id)
        .join(Profile, Profile.participant_id == Participant.id)
        .where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES), Profile.is_visible)
        .where(Organisation.country != "")
    )
    return sorted(db.session.scalars(query.distinct()))
