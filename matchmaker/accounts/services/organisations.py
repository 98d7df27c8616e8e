"""Organisations: entering one, changing it."""

from typing import NamedTuple

from sqlalchemy import inspect
from sqlalchemy.orm.exc import StaleDataError

from matchmaker import audit, vocabulary
from matchmaker.accounts import queries
from matchmaker.accounts.addresses import organisation_domain
from matchmaker.accounts.errors import NotOwner, SimilarExists, StaleEdit
from matchmaker.accounts.models import Membership, MembershipRole, MembershipState, Organisation, User
from matchmaker.db import db
from matchmaker.web.folding import fold


class OrganisationFacts(NamedTuple):
    """What an organisation says about itself; codes of the vocabularies. ``helix_type`` empty: as the kind says."""

    name: str
    kind: str
    helix_type: str = ""
    size: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    website: str = ""
    ecosystem: str = ""
    value_chain_position: str = ""
    description: str = ""


def helix_type_of(kind: str) -> str:
    """Return the part of the helix that a kind of organisation belongs to."""
    term = vocabulary.terms("organisation_kinds").get(kind, {})
    return str(term.get("helix_type", "business"))


def create(user: User, facts: OrganisationFacts, *, is_new: bool) -> Organisation:
    """Enter an organisation; whoever does becomes its first owner, and their mail domain suggests it to colleagues.

    Raises ``SimilarExists`` with those of nearly the same name, unless the person has seen them (``is_new``).
    """
    found = [] if is_new else queries.similar_organisations(facts.name)
    if found:
        raise SimilarExists(list(found))
    organisation = Organisation(domain=organisation_domain(user.email) if user.is_confirmed else "")
    _store(organisation, facts)
    db.session.add(organisation)
    db.session.flush()
    db.session.add(
        Membership(
            user_id=user.id,
            organisation_id=organisation.id,
            role=MembershipRole.OWNER,
            state=MembershipState.ACTIVE,
        )
    )
    audit.record(user, "organisation.created", f"organisation {organisation.id}", changes={"name": organisation.name})
    return organisation


def change(actor: User, organisation: Organisation, facts: OrganisationFacts, version: int) -> None:
    """Store new facts. Raises ``NotOwner``, or ``StaleEdit`` when ``version`` is not the newest."""
    need_owner(actor, organisation)
    if organisation.version != version:
        raise StaleEdit
    _store(organisation, facts)
    history = {attribute.key: attribute.history for attribute in inspect(organisation).attrs}
    changes = {
        key: [values.deleted[0], values.added[0]] for key, values in history.items() if values.deleted and values.added
    }
    if not changes:
        return
    try:
        db.session.flush()
    except StaleDataError as error:  # saved by somebody else since it was read here
        raise StaleEdit from error
    audit.record(actor, "organisation.changed", f"organisation {organisation.id}", changes=changes)


def need_owner(actor: User, organisation: Organisation) -> None:
    """Raise ``NotOwner`` unless the actor owns the organisation or administers the installation."""
    if not is_owner(actor, organisation):
        raise NotOwner


def is_owner(user: User, organisation: Organisation) -> bool:
    """Whether a user may edit an organisation and let people in."""
    membership = queries.membership_of(user, organisation)
    owns = membership is not None and membership.state == MembershipState.ACTIVE
    return user.is_admin or (membership is not None and owns and membership.role == MembershipRole.OWNER)


def _store(organisation: Organisation, facts: OrganisationFacts) -> None:
    for name, value in facts._asdict().items():
        setattr(organisation, name, value)
    organisation.helix_type = facts.helix_type or helix_type_of(facts.kind)
    organisation.search_text = fold(facts.name)[:400]
