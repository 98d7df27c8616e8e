"""Reading accounts, sign-ins and who belongs to which organisation."""

from sqlalchemy import func
from sqlalchemy.orm import contains_eager

from matchmaker.accounts.addresses import domain_and_parents, fold_email, organisation_domain
from matchmaker.accounts.models import Membership, MembershipRole, MembershipState, Organisation, User, UserSession
from matchmaker.accounts.names import nearest
from matchmaker.accounts.sessions import is_over
from matchmaker.db import db


def user_by_email(email: str) -> User | None:
    """Return the account with this address, however it is written."""
    return db.session.scalar(db.select(User).where(User.email == fold_email(email)))


def open_sessions(user: User) -> list[UserSession]:
    """Return the sign-ins of a user that are not over, last used first."""
    query = db.select(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    found = db.session.scalars(query.order_by(UserSession.last_seen_at.desc(), UserSession.id.desc()))
    return [each for each in found if not is_over(each)]


def open_session(user: User, session_id: int) -> UserSession | None:
    """Return one of the user's own open sign-ins."""
    return db.session.scalar(
        db.select(UserSession).where(
            UserSession.id == session_id, UserSession.user_id == user.id, UserSession.ended_at.is_(None)
        )
    )


def is_first_sign_in(user: User) -> bool:
    """Whether the user has signed in only once so far."""
    query = db.select(func.count(UserSession.id)).where(UserSession.user_id == user.id)
    return (db.session.scalar(query) or 0) <= 1


def other_administrators(user: User) -> bool:
    """Whether somebody else administers the installation too."""
    query = db.select(User.id).where(User.is_admin.is_(True), User.disabled_at.is_(None), User.id != user.id)
    return db.session.scalar(query.limit(1)) is not None


def hold_administrators() -> None:
    """Make others that take somebody's rights as administrator away wait until this transaction ends."""
    query = db.select(User.id).where(User.is_admin.is_(True)).order_by(User.id)
    db.session.execute(query.with_for_update(key_share=True))


def administrators() -> list[User]:
    """Return everybody who administers the installation."""
    query = db.select(User).where(User.is_admin.is_(True), User.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(User.id)))


def owners_of(organisation_id: int) -> list[User]:
    """Return the owners of an organisation."""
    query = (
        db.select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == MembershipRole.OWNER,
            Membership.state == MembershipState.ACTIVE,
            User.disabled_at.is_(None),
        )
    )
    return list(db.session.scalars(query.order_by(Membership.created_at, Membership.id)))


def other_members(membership: Membership) -> list[Membership]:
    """Return the other active members of an organisation, longest standing first."""
    query = db.select(Membership).where(
        Membership.organisation_id == membership.organisation_id,
        Membership.state == MembershipState.ACTIVE,
        Membership.id != membership.id,
    )
    return list(db.session.scalars(query.order_by(Membership.created_at, Membership.id)))


def members_of(organisation: Organisation) -> list[Membership]:
    """Return everybody in an organisation with their accounts: who waits first, then owners, then members, by name."""
    query = (
        db.select(Membership)
        .join(Membership.user)
        .where(Membership.organisation_id == organisation.id)
        .options(contains_eager(Membership.user))
        .order_by(Membership.state.desc(), Membership.role.desc(), User.last_name, User.first_name, Membership.id)
    )
    return list(db.session.scalars(query))


def member_of(organisation: Organisation, membership_id: int) -> Membership | None:
    """Return one membership of an organisation."""
    return db.session.scalar(
        db.select(Membership).where(Membership.id == membership_id, Membership.organisation_id == organisation.id)
    )


def membership_of(user: User, organisation: Organisation) -> Membership | None:
    """Return the membership of a user in an organisation, pending or active."""
    return db.session.scalar(
        db.select(Membership).where(Membership.user_id == user.id, Membership.organisation_id == organisation.id)
    )


def memberships_of(user: User) -> list[Membership]:
    """Return the memberships of a user with their organisations, by name."""
    query = (
        db.select(Membership)
        .join(Membership.organisation)
        .where(Membership.user_id == user.id)
        .options(contains_eager(Membership.organisation))
        .order_by(Organisation.search_text, Membership.id)
    )
    return list(db.session.scalars(query))


def organisations_by_domain(user: User, limit: int = 5) -> list[Organisation]:
    """Return organisations that share the mail domain of a confirmed user and that the user doesn't belong to."""
    domains = domain_and_parents(organisation_domain(user.email)) if user.is_confirmed else []
    if not domains:
        return []
    mine = db.select(Membership.organisation_id).where(Membership.user_id == user.id)
    query = db.select(Organisation).where(Organisation.domain.in_(domains), Organisation.id.not_in(mine))
    return list(db.session.scalars(query.order_by(Organisation.search_text).limit(limit)))


def similar_organisations(name: str, limit: int = 5) -> list[Organisation]:
    """Return organisations with nearly this name, nearest first: another spelling, order of words or legal form."""
    rows = db.session.execute(db.select(Organisation.id, Organisation.search_text))
    ranked = nearest(name, ((row.id, row.search_text) for row in rows), limit)
    found = db.session.scalars(db.select(Organisation).where(Organisation.id.in_(ranked)))
    return sorted(found, key=lambda organisation: ranked.index(organisation.id))


def lock_organisation(organisation_id: int) -> None:
    """Make other transactions that change who owns an organisation wait until this one ends."""
    db.session.execute(
        db.select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    )


def active_names(emails: list[str]) -> dict[str, str]:
    """Return address -> name of those addresses that have a confirmed account which is not closed."""
    query = db.select(User).where(User.email.in_(emails), User.confirmed_at.is_not(None), User.disabled_at.is_(None))
    return {user.email: user.full_name for user in db.session.scalars(query)}
