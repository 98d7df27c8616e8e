"""Translation between our rows and the types of ``matching``, in both directions. Decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.exc import IntegrityError

from matching.errors import ModelUnavailable
from matchmaker import vocabulary
from matchmaker.db import db, transaction
from matchmaker.profiles import queries as profiles
from matchmaker.profiles.content import Content
from matchmaker.recommendations import meetings
from matchmaker.recommendations.models import Embedding, MatchRun
from matchmaker.recommendations.queries import opinions_of_event, settings_of
from matchmaker.recommendations.rules import Rules
from matchmaker.registrations.models import Participant

if TYPE_CHECKING:
    from matching import Match, Opinion, Policy, Profile
    from matching.embeddings import Vectors

_DEFAULT = Rules.of({})
_KEYS_AT_ONCE = 500  # SQLite allows a limited number of parameters in a statement


class Loaded(NamedTuple):
    """What a run compares: profiles in the order of their participants, and who was left out and why."""

    profiles: list[Profile]
    contents: dict[int, Content]  # of those compared
    hidden: int
    empty: int


def load(event_id: int) -> Loaded:
    """Read everybody of an event who can be matched: active, visible, and with something written."""
    contents = profiles.contents_of_event(event_id)
    people = db.session.scalars(profiles.participants_with_profile(event_id).order_by(Participant.id)).all()
    visible = [person for person in people if contents[person.id].is_visible]
    matched = [person for person in visible if contents[person.id].can_be_matched]
    apart = profiles.kept_apart(event_id)
    return Loaded(
        profiles=[as_profile(person, contents[person.id], apart.get(person.id, ())) for person in matched],
        contents={person.id: contents[person.id] for person in matched},
        hidden=len(people) - len(visible),
        empty=len(visible) - len(matched),
    )


def opinions_of(event_id: int) -> tuple[Opinion, ...]:
    """Translate what participants said about others: set aside as not relevant, asked, answered, met and rated."""
    from matching import Opinion

    said = opinions_of_event(event_id)
    return tuple(Opinion(str(by), str(about), value) for (by, about), value in sorted(said.items()))


def policy_of(event_id: int) -> Policy:
    """Return what an event decided about its lists, with the facts of the day. Raises InvalidPolicy."""
    from matching import Policy

    here, before = meetings.who_met(event_id)
    return replace(
        Policy.from_dict(settings_of(event_id).policy or _DEFAULT.as_data()),
        met_here=_as_ids(here),
        met_before=_as_ids(before),
        opinions=opinions_of(event_id),
    )


def _as_ids(pairs: Iterable[tuple[int, int]]) -> frozenset[tuple[str, str]]:
    return frozenset((str(one), str(other)) for one, other in pairs)


def as_profile(person: Participant, content: Content, blocked: Collection[int] = ()) -> Profile:
    """Translate a participant; topics go by name, because they are read as text. ``blocked``: whom it never meets."""
    from matching.profiles import KINDS, Profile

    organisation = person.organisation
    topics = vocabulary.terms("topics")
    return Profile(
        id=str(person.id),
        name=organisation.name if organisation else "",
        organisation=str(organisation.id) if organisation else "",
        kind=organisation.kind if organisation and organisation.kind in KINDS else "",
        group=organisation.helix_type if organisation else "",
        country=organisation.country if organisation else "",
        region=organisation.region if organisation else "",
        size=organisation.size if organisation else "",
        description=content.description,
        offers=content.offers,
        needs=content.needs,
        topics=tuple(topics[code]["name"] for code in content.topics if code in topics),
        sectors=content.sectors,
        wanted_sectors=content.wanted_sectors,
        cooperation=frozenset(content.cooperation),
        languages=frozenset(content.languages),
        tags_offered=content.tags_offered,
        tags_needed=content.tags_needed,
        blocked=frozenset(map(str, blocked)),
    )


def why_not(me: Participant, other: Participant, run: MatchRun) -> tuple[str, ...]:
    """Return the keys of the reasons for which two are in no list of each other, as ``me`` may know them.

    That somebody else never wants to meet ``me`` is no reason to be told.
    """
    contents = profiles.contents([me.id, other.id])
    mine, theirs = contents.get(me.id, Content()), contents.get(other.id, Content())
    changed = {key: profile.texts_changed_at for key, profile in profiles.profiles_of([me.id, other.id]).items()}
    blocked = [other.id] if profiles.avoids(me, other) else []
    facts = {
        "me_hidden": not mine.is_visible,
        "me_empty": not mine.can_be_matched,
        "other_empty": not theirs.can_be_matched,
        "me_newer": me.id in changed and changed[me.id] > run.created_at,
        "other_newer": other.id in changed and changed[other.id] > run.created_at,
    }
    rules = _rules_between(as_profile(me, mine, blocked), as_profile(other, theirs), run)
    return (*rules, *(key for key, holds in facts.items() if holds)) or ("others_fit_better",)


def _rules_between(one: Profile, other: Profile, run: MatchRun) -> tuple[str, ...]:
    """Return which rules of the run keep two apart; competitors are told where the run left their sentences' vectors."""
    from matching import CachedEmbedder, Policy, why_not
    from matching.competition import are_competitors

    here, before = meetings.who_met(run.event_id, (int(one.id), int(other.id)))
    decided = Policy.from_dict(run.figures.get("policy", {}))
    rules = why_not(one, other, replace(decided, met_here=_as_ids(here), met_before=_as_ids(before)))
    if rules or not decided.hide_competitors:
        return rules
    try:
        return ("competitor",) if are_competitors(one, other, CachedEmbedder(_Nothing(run.model), _Kept())) else ()
    except ModelUnavailable:
        return ()


class _Nothing:
    """A model that is not here: the pages of participants never load it."""

    def __init__(self, model: str) -> None:
        self.id = model

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise ModelUnavailable(f"{len(texts)} texts are not embedded yet")


class _Kept:
    """The stored vectors, read within the transaction of the page."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Vectors]:
        return _stored(keys)

    def put_many(self, vectors: Mapping[str, Vectors]) -> None:
        """Nothing is ever added."""


def as_row(participant_id: str, rank: int, match: Match) -> dict[str, Any]:
    """Translate a match into the values of a recommendation."""
    shared: dict[str, list[str]] = defaultdict(list)
    for field, value in match.shared:
        shared[field].append(value)
    return {
        "participant_id": int(participant_id),
        "other_id": int(match.id),
        "rank": rank,
        "score": match.score,
        "gives": match.gives,
        "gets": match.gets,
        "band": match.band,
        "reasons": [
            {"side": reason.side, "mine": reason.mine, "theirs": reason.theirs, "similarity": reason.similarity}
            for reason in match.reasons
        ],
        "shared": dict(shared),
    }


class EmbeddingTable:
    """The table of embeddings as the cache of ``matching.CachedEmbedder``. Each call is a transaction of its own."""

    def __init__(self) -> None:
        """Count what had to be embedded anew in ``added``."""
        self.added = 0

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Vectors]:
        """Return the vectors that are stored."""
        found = _stored(keys)
        db.session.rollback()
        return found

    def put_many(self, vectors: Mapping[str, Vectors]) -> None:
        """Store vectors; those that another run stored meanwhile are kept as they are."""
        import numpy as np

        self.added += len(vectors)
        for some in _parts(vectors):
            with transaction():
                known = set(db.session.scalars(db.select(Embedding.key).where(Embedding.key.in_(some))))
                try:
                    with db.session.begin_nested():
                        for key in some:
                            if key not in known:
                                vector = np.asarray(vectors[key], dtype="<f4").tobytes()
                                db.session.add(Embedding(key=key, vector=vector))
                except IntegrityError:  # another worker was quicker; the vectors are a cache, the next run tries again
                    continue


def _stored(keys: Sequence[str]) -> dict[str, Vectors]:
    import numpy as np

    found: dict[str, Vectors] = {}
    for some in _parts(keys):
        rows = db.session.execute(db.select(Embedding.key, Embedding.vector).where(Embedding.key.in_(some)))
        found |= {key: np.frombuffer(vector, dtype="<f4") for key, vector in rows}
    return found


def _parts(keys: Iterable[str]) -> Iterable[list[str]]:
    iterator = iter(keys)
    while part := list(islice(iterator, _KEYS_AT_ONCE)):
        yield part
