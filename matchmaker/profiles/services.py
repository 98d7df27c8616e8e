"""Writing profiles: the empty one at confirmation, saving, the texts the directory searches, and whom one never meets."""

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from matchmaker import vocabulary
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import Invalid
from matchmaker.profiles import queries
from matchmaker.profiles.completeness import completeness
from matchmaker.profiles.content import VOCABULARIES, Content
from matchmaker.profiles.errors import ProfileChanged
from matchmaker.profiles.models import FacetKind, NeverMeet, Profile, ProfileFacet, ProfileItem, Side
from matchmaker.profiles.signals import profile_changed
from matchmaker.registrations.models import Participant
from matchmaker.web.folding import fold


def ensure_profile(participant: Participant) -> Profile:
    """Return the profile of a participant; make an empty, visible one if there is none. Safe to call twice."""
    profile = queries.profile_of(participant)
    if profile is None:
        profile = Profile(participant_id=participant.id, search_text=_search_text(participant, Content()))
        db.session.add(profile)
        db.session.flush()
    return profile


def save(participant: Participant, content: Content, version: int) -> Profile:
    """Replace what a profile says. ``version`` is the one its form showed; raises ProfileChanged when there is a newer one."""
    hold = db.select(Participant.id).where(Participant.id == participant.id).with_for_update(key_share=True)
    db.session.execute(hold)  # a double click must not make two profiles
    profile = ensure_profile(participant)
    if profile.version != version:
        raise ProfileChanged
    before = queries.content_of(participant)
    if content == before:
        return profile
    search_text = _search_text(participant, content)  # reads, so before anything is changed: one save, one version
    profile.description = content.description
    profile.is_visible = content.is_visible
    profile.completeness = completeness(content)
    profile.search_text = search_text
    matters = _matching_part(content) != _matching_part(before)
    if matters:
        profile.texts_changed_at = now()
    flag_modified(profile, "search_text")  # an exchange of two lines is a new version, too
    try:
        db.session.flush()
    except StaleDataError:
        raise ProfileChanged from None
    _replace_items(profile, content)
    _replace_facets(profile, content)
    db.session.flush()
    if matters:
        profile_changed.send(participant)
    return profile


def _matching_part(content: Content) -> tuple[object, ...]:
    facets = tuple(frozenset(codes) for kind, codes in content.facets.items() if kind != FacetKind.ASKED_BY)
    return (content.description, content.offers, content.needs, facets, content.is_visible)


def _replace_items(profile: Profile, content: Content) -> None:
    db.session.execute(delete(ProfileItem).where(ProfileItem.profile_id == profile.id))
    for side, texts in ((Side.OFFER, content.offers), (Side.NEED, content.needs)):
        for position, text in enumerate(texts):
            db.session.add(ProfileItem(profile_id=profile.id, side=side, position=position, text=text))


def _replace_facets(profile: Profile, content: Content) -> None:
    db.session.execute(delete(ProfileFacet).where(ProfileFacet.profile_id == profile.id))
    for kind, codes in content.facets.items():
        for code in dict.fromkeys(codes):
            db.session.add(ProfileFacet(profile_id=profile.id, kind=kind, code=code))


def _search_text(participant: Participant, content: Content) -> str:
    """Everything people may search for: the person, the organisation, the texts, and the facets by name."""
    parts = [participant.user.full_name, participant.user.job_title, *content.texts]
    organisation = participant.organisation
    if organisation is not None:
        country = vocabulary.label("countries", organisation.country)
        parts += [organisation.name, organisation.city, organisation.region, country]
    for kind, codes in content.facets.items():
        if kind in VOCABULARIES and kind != FacetKind.ASKED_BY:
            parts += vocabulary.labels(VOCABULARIES[kind], list(codes))
    parts += [*content.tags_offered, *content.tags_needed]
    return fold("\n".join(parts))


def never_meet(participant: Participant, other: Participant) -> NeverMeet:
    """Keep a participant away from somebody of the same event and from everybody of the same organisation, both ways.

    Nobody else can see it. Doing it twice is doing it once; raises Invalid for oneself and one's own organisation.
    """
    organisation_id = other.organisation_id
    if participant.id == other.id or (organisation_id and organisation_id == participant.organisation_id):
        raise Invalid(_("You and your own organisation never get a meeting with each other anyway."))
    hold = db.select(Participant.id).where(Participant.id == participant.id).with_for_update(key_share=True)
    db.session.execute(hold)  # a double click is one entry
    known = next((entry for entry in queries.never_meets(participant) if entry.covers(other)), None)
    if known is not None:
        return known
    entry = NeverMeet(
        participant_id=participant.id,
        organisation_id=organisation_id,
        other_id=None if organisation_id else other.id,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def meet_again(participant: Participant, entry_id: int) -> bool:
    """Take back an own entry of ``never_meet``; ``False`` when there is none of that number."""
    mine = (NeverMeet.id == entry_id) & (NeverMeet.participant_id == participant.id)
    return bool(db.session.execute(delete(NeverMeet).where(mine)).rowcount)  # type: ignore[attr-defined]
