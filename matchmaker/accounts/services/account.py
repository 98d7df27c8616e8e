"""One's own account: what it says, its password and address, its sign-ins, and its end."""

import secrets
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from matchmaker import jobs
from matchmaker.accounts import notices, queries, signals
from matchmaker.accounts.errors import AddressTaken, LastAdministrator
from matchmaker.accounts.models import Membership, MembershipRole, MembershipState, User, UserSession
from matchmaker.accounts.queries import other_members
from matchmaker.accounts.sessions import end_sessions
from matchmaker.accounts.tokens import Purpose, read_token
from matchmaker.clock import now
from matchmaker.db import db

ERASED_DOMAIN = "erased.invalid"  # RFC 2606: never a mail domain


class AccountFacts(NamedTuple):
    """What a person says about themselves."""

    first_name: str
    last_name: str
    job_title: str
    timezone: str
    locale: str


def change_facts(user: User, facts: AccountFacts) -> None:
    """Store name, job title, time zone and language."""
    user.first_name, user.last_name, user.job_title = facts.first_name, facts.last_name, facts.job_title
    user.timezone, user.locale = facts.timezone, facts.locale


def change_password(user: User, password_hash: str, *, keep_token: str) -> None:
    """Store a new password; every other sign-in ends and every mailed link dies."""
    user.password_hash = password_hash
    user.token_counter += 1
    end_sessions(user.id, except_token=keep_token)
    jobs.enqueue(notices.password_changed, user.id, secrets.token_hex(6))


def ask_new_email(user: User, email: str) -> None:
    """Send a link to the new address. Whether another account has it is told by nothing but the mail that doesn't come."""
    if queries.user_by_email(email) is None:
        jobs.enqueue(notices.confirm_new_email, user.id, secrets.token_hex(6), email)


def confirm_new_email(token: str) -> User:
    """Move the account to the address that a mailed link belongs to.

    The old address is told; links sent there die. Raises ``DeadLink``, or ``AddressTaken`` if an account was made
    with the address meanwhile.
    """
    user, facts = read_token(Purpose.EMAIL, token)
    old = user.email
    try:
        with db.session.begin_nested():
            user.email = facts["email"]
            user.token_counter += 1
            db.session.flush()
    except IntegrityError as error:
        raise AddressTaken from error
    jobs.enqueue(notices.email_changed, user.id, secrets.token_hex(6), old)
    return user


def end_session(session: UserSession) -> None:
    """End one sign-in."""
    session.ended_at = now()


def erase(user: User) -> None:
    """Remove everything personal; the row stays, without a name, so that figures of past events stay right.

    Where the person was the only owner of an organisation, the member of longest standing becomes one.
    Raises ``LastAdministrator``.
    """
    if user.is_admin:
        queries.hold_administrators()
        if not queries.other_administrators(user):
            raise LastAdministrator
    signals.account_erased.send(user)
    _hand_over_organisations(user)
    db.session.execute(delete(Membership).where(Membership.user_id == user.id))
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id))
    _delete_notices(user.id)
    user.email = f"{user.id}@{ERASED_DOMAIN}"
    user.first_name, user.last_name, user.job_title = "Deleted", "account", ""
    user.password_hash, user.timezone, user.locale = "", "UTC", "en"
    user.is_admin = user.may_create_events = False
    user.token_counter += 1
    user.disabled_at = now()
    user.confirmed_at = None


def _hand_over_organisations(user: User) -> None:
    mine = db.select(Membership).where(
        Membership.user_id == user.id,
        Membership.role == MembershipRole.OWNER,
        Membership.state == MembershipState.ACTIVE,
    )
    for membership in db.session.scalars(mine).all():
        others = other_members(membership)
        if others and all(other.role != MembershipRole.OWNER for other in others):
            others[0].role = MembershipRole.OWNER


def _delete_notices(user_id: int) -> None:
    """Jobs of mails to this person may carry an address."""
    finished = db.select(jobs.Job).where(jobs.Job.task.startswith(f"{notices.__name__}."))
    for job in db.session.scalars(finished).all():
        if job.is_finished and job.arguments and job.arguments[0] == user_id:
            db.session.delete(job)
