"""Reading profiles: one, many at once in a constant number of statements, and the lists of an event."""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, func
from sqlalchemy.orm import aliased, contains_eager

from matchmaker.accounts.models import Organisation, User
from matchmaker.db import db
from matchmaker.events.models import Event
from matchmaker.profiles.content import Content
from matchmaker.profiles.models import FacetKind, NeverMeet, Profile, ProfileFacet, ProfileItem, Side
from matchmaker.registrations.models import ACTIVE_STATES, Participant


class EarlierProfile(NamedTuple):
    """A profile that the same person wrote for another event."""

    participant_id: int
    event: Event
    completeness: int


def profile_of(participant: Participant) -> Profile | None:
    """Return the profile of a participant."""
    return db.session.scalar(db.select(Profile).where(Profile.participant_id == participant.id))


def content_of(participant: Participant) -> Content:
    """Return what the profile of a participant says; empty when there is none."""
    return contents([participant.id]).get(participant.id, Content())


def contents(participant_ids: Collection[int]) -> dict[int, Content]:
    """Return what the profiles of several participants say, by participant: three statements however many."""
    chosen = Profile.participant_id.in_(participant_ids)
    return _contents(chosen)


def contents_of_event(event_id: int) -> dict[int, Content]:
    """Return what all profiles of an event say, by participant."""
    return _contents(Profile.participant_id.in_(db.select(Participant.id).where(Participant.event_id == event_id)))


def _contents(chosen: Any) -> dict[int, Content]:
    items: dict[tuple[int, str], list[str]] = defaultdict(list)
    owner = Profile.participant_id
    item_rows = db.select(owner, ProfileItem.side, ProfileItem.text).join(ProfileItem.profile).where(chosen)
    for participant_id, side, text in db.session.execute(item_rows.order_by(ProfileItem.position)):
        items[participant_id, side].append(text)
    codes: dict[tuple[int, str], list[str]] = defaultdict(list)
    facet_rows = db.select(owner, ProfileFacet.kind, ProfileFacet.code).join(ProfileFacet.profile).where(chosen)
    for participant_id, kind, code in db.session.execute(facet_rows.order_by(ProfileFacet.id)):
        codes[participant_id, kind].append(code)
    rows = db.session.execute(db.select(owner, Profile.description, Profile.is_visible).where(chosen))
    return {
        key: Content(
            description=description,
            offers=tuple(items[key, Side.OFFER]),
            needs=tuple(items[key, Side.NEED]),
            topics=tuple(codes[key, FacetKind.TOPIC]),
            sectors=tuple(codes[key, FacetKind.SECTOR]),
            wanted_sectors=tuple(codes[key, FacetKind.WANTED_SECTOR]),
            cooperation=tuple(codes[key, FacetKind.COOPERATION]),
            languages=tuple(codes[key, FacetKind.LANGUAGE]),
            tags_offered=tuple(codes[key, FacetKind.TAG_OFFERED]),
            tags_needed=tuple(codes[key, FacetKind.TAG_NEEDED]),
            asked_by=tuple(codes[key, FacetKind.ASKED_BY]),
            is_visible=is_visible,
        )
        for key, description, is_visible in rows
    }


def participants_with_profile(event_id: int) -> Select[Participant]:
    """Select the active participants of an event with person, organisation and profile at hand."""
    return (
        db.select(Participant)
        .join(Participant.user)
        .outerjoin(Participant.organisation)
        .join(Profile, Profile.participant_id == Participant.id)
        .where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES))
        .options(contains_eager(Participant.user), contains_eager(Participant.organisation))
    )


def participant_in_event(event_id: int, participant_id: int) -> Participant | None:
    """Return an active participant of the event, visible or not."""
    return db.session.scalar(participants_with_profile(event_id).where(Participant.id == participant_id))


def by_completeness(event_id: int, words: str = "", below: int | None = None) -> Select[Participant]:
    """Select the active participants who say all of the folded ``words``, the emptiest profile first."""
    query = by_words(participants_with_profile(event_id), words)
    if below is not None:
        query = query.where(Profile.completeness < below)
    return query.order_by(Profile.completeness, Participant.id)


def profiles_of(participant_ids: Collection[int]) -> dict[int, Profile]:
    """Return the profiles of several participants, by participant."""
    rows = db.session.scalars(db.select(Profile).where(Profile.participant_id.in_(participant_ids)))
    return {profile.participant_id: profile for profile in rows}


def listed_participants(event_id: int) -> Select[Participant]:
    """Select the active participants of an event who want to be seen."""
    return participants_with_profile(event_id).where(Profile.is_visible)


def by_words(query: Select[Any], words: str) -> Select[Any]:
    """Narrow a selection of participants with profile to those that say all of the folded ``words`` somewhere."""
    for word in words.split():
        name = func.lower(User.first_name + " " + User.last_name)
        query = query.where(
            Profile.search_text.contains(word, autoescape=True)
            | Organisation.search_text.contains(word, autoescape=True)
            | name.contains(word, autoescape=True)
        )
    return query


def with_facet(query: Select[Any], kind: FacetKind, code: str) -> Select[Any]:
    """Narrow a selection of participants with profile to those that chose ``code``."""
    having = db.select(ProfileFacet.profile_id).where(ProfileFacet.kind == kind, ProfileFacet.code == code)
    return query.where(Profile.id.in_(having))


def with_items(query: Select[Any], side: Side, words: str = "") -> Select[Any]:
    """Narrow a selection of participants with profile to those with an offer (or need)."""
    having = db.select(ProfileItem.profile_id).where(ProfileItem.side == side)
    for word in words.split():
        having = having.where(func.lower(ProfileItem.text).contains(word, autoescape=True))
    return query.where(Profile.id.in_(having))


def earlier_profiles(participant: Participant) -> list[EarlierProfile]:
    """Return the profiles with content that the same person wrote for other events, newest event first."""
    rows = db.session.execute(
        db.select(Participant.id, Event, Profile.completeness)
        .join(Participant.event)
        .join(Profile, Profile.participant_id == Participant.id)
        .where(Participant.user_id == participant.user_id, Participant.id != participant.id, Profile.completeness > 0)
        .order_by(Event.starts_at.desc())
    )
    return [EarlierProfile(*row) for row in rows]


def earlier_content(participant: Participant, earlier_id: int) -> Content | None:
    """Return what one of this person's own earlier profiles says; ``None`` if it is not theirs."""
    known = {earlier.participant_id for earlier in earlier_profiles(participant)}
    return contents([earlier_id]).get(earlier_id) if earlier_id in known else None


def average_completeness(event_id: int) -> int:
    """Return the mean completeness of the active participants of an event, 0 to 100."""
    ids = db.select(Participant.id).where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES))
    return round(
        db.session.scalar(db.select(func.avg(Profile.completeness)).where(Profile.participant_id.in_(ids))) or 0
    )


def tags_in_use(event_id: int) -> list[str]:
    """Return the tags of active, visible participants of an event, one entry for each use."""
    kinds = (FacetKind.TAG_OFFERED, FacetKind.TAG_NEEDED)
    query = (
        db.select(ProfileFacet.code)
        .join(ProfileFacet.profile)
        .join(Profile.participant)
        .where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES), Profile.is_visible)
        .where(ProfileFacet.kind.in_(kinds))
        .order_by(ProfileFacet.code)
    )
    return list(db.session.scalars(query))


def uses_of_tags(event_id: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return every use of a tag at an event with the sentences it was given for: offers, or needs."""
    active = db.select(Participant.id).where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES))
    seen = [content for content in _contents(Profile.participant_id.in_(active)).values() if content.is_visible]
    offered = [(tag, content.offers) for content in seen for tag in content.tags_offered]
    return offered + [(tag, content.needs) for content in seen for tag in content.tags_needed]


def tags_of_event(event_id: int) -> list[str]:
    """Return the vocabulary of an event, the most used tag first."""
    return [tag for tag, _uses in Counter(tags_in_use(event_id)).most_common()]


def with_tag(query: Select[Any], tag: str) -> Select[Any]:
    """Narrow a selection of participants with profile to those that offer or need ``tag``."""
    kinds = (FacetKind.TAG_OFFERED, FacetKind.TAG_NEEDED)
    having = db.select(ProfileFacet.profile_id).where(ProfileFacet.kind.in_(kinds), ProfileFacet.code == tag)
    return query.where(Profile.id.in_(having))


def never_meets(participant: Participant) -> list[NeverMeet]:
    """Return whom a participant never wants to meet: shown to this participant only."""
    query = db.select(NeverMeet).where(NeverMeet.participant_id == participant.id).order_by(NeverMeet.id)
    return list(db.session.scalars(query))


def kept_apart(event_id: int) -> dict[int, set[int]]:
    """Return the participants of an event whom others never want to meet, by those others."""
    other = aliased(Participant)
    same = (NeverMeet.other_id == other.id) | (NeverMeet.organisation_id == other.organisation_id)
    rows = db.session.execute(
        db.select(NeverMeet.participant_id, other.id)
        .join(Participant, Participant.id == NeverMeet.participant_id)
        .join(other, same & (other.event_id == Participant.event_id))
        .where(Participant.event_id == event_id)
    )
    apart: dict[int, set[int]] = defaultdict(set)
    for participant_id, other_id in rows:
        apart[participant_id].add(other_id)
    return dict(apart)


def avoids(one: Participant, other: Participant) -> bool:
    """Whether ``one`` never wants to meet ``other``."""
    target = (NeverMeet.other_id == other.id) | (NeverMeet.organisation_id == other.organisation_id)
    return bool(db.session.scalar(db.select(NeverMeet.id).where(NeverMeet.participant_id == one.id, target).limit(1)))


def takes_requests_from(receiver: Participant, sender: Participant) -> bool:
    """Whether ``sender`` may ask ``receiver``: among the kinds of organisation that may, and not among those never met."""
    wanted = content_of(receiver).asked_by
    kind = sender.organisation.kind if sender.organisation else ""
    return (not wanted or kind in wanted) and not avoids(receiver, sender)
