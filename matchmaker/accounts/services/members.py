"""Who belongs to an organisation: asking, being let in, leaving, owning."""

import secrets

from sqlalchemy.exc import IntegrityError

from matchmaker import audit, jobs
from matchmaker.accounts import notices, queries
from matchmaker.accounts.errors import AlreadyMember, LastOwner
from matchmaker.accounts.models import Membership, MembershipRole, MembershipState, Organisation, User
from matchmaker.accounts.services.organisations import need_owner
from matchmaker.db import db


def ask_to_join(user: User, organisation: Organisation) -> Membership:
    """Ask the owners (the administrators, where there is none) to be let in. Raises ``AlreadyMember``."""
    membership = Membership(user_id=user.id, organisation_id=organisation.id)
    try:
        with db.session.begin_nested():
            db.session.add(membership)
            db.session.flush()
    except IntegrityError as error:
        raise AlreadyMember from error
    jobs.enqueue(notices.joiner_waits, membership.id, secrets.token_hex(6))
    return membership


def approve(actor: User, membership: Membership) -> None:
    """Let somebody in; without any owner so far, as owner. Once let in, nothing changes. Raises ``NotOwner``."""
    need_owner(actor, membership.organisation)
    if membership.state == MembershipState.ACTIVE:
        return
    if not queries.owners_of(membership.organisation_id):
        membership.role = MembershipRole.OWNER
    membership.state = MembershipState.ACTIVE
    _record(actor, "member.approved", membership)
    jobs.enqueue(notices.joiner_answered, membership.user_id, membership.organisation_id, secrets.token_hex(6), True)


def remove(actor: User, membership: Membership) -> None:
    """Decline somebody who asks, or remove a member. Raises ``NotOwner`` or ``LastOwner``."""
    need_owner(actor, membership.organisation)
    if membership.state == MembershipState.PENDING:
        _record(actor, "member.declined", membership)
        jobs.enqueue(
            notices.joiner_answered, membership.user_id, membership.organisation_id, secrets.token_hex(6), False
        )
        db.session.delete(membership)
        return
    _need_other_owner(membership)
    _record(actor, "member.removed", membership)
    db.session.delete(membership)


def leave(membership: Membership) -> None:
    """Leave an organisation, or take one's request back. Raises ``LastOwner`` while others remain without an owner."""
    if membership.state == MembershipState.ACTIVE:
        _need_other_owner(membership)
        _record(membership.user, "member.left", membership)
    db.session.delete(membership)


def make_owner(actor: User, membership: Membership) -> None:
    """Make a member an owner. Raises ``NotOwner``."""
    need_owner(actor, membership.organisation)
    if membership.state == MembershipState.ACTIVE and membership.role != MembershipRole.OWNER:
        membership.role = MembershipRole.OWNER
        _record(actor, "member.made_owner", membership)


def make_member(actor: User, membership: Membership) -> None:
    """Make an owner a member. Raises ``NotOwner``, or ``LastOwner``, even if nobody else is left."""
    need_owner(actor, membership.organisation)
    if membership.role != MembershipRole.MEMBER:
        _need_other_owner(membership, even_alone=True)
        membership.role = MembershipRole.MEMBER
        _record(actor, "member.made_member", membership)


def _need_other_owner(membership: Membership, *, even_alone: bool = False) -> None:
    if membership.role != MembershipRole.OWNER:
        return
    queries.lock_organisation(membership.organisation_id)  # two owners may leave at the same moment
    others = queries.other_members(membership)
    if (others or even_alone) and all(other.role != MembershipRole.OWNER for other in others):
        raise LastOwner


def _record(actor: User, action: str, membership: Membership) -> None:
    facts = {"user": membership.user_id}
    audit.record(actor, action, f"organisation {membership.organisation_id}", changes=facts)
