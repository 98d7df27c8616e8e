"""What administrators may do to accounts. They never see or set a password: the person gets a link."""

import secrets

from matchmaker import audit, jobs
from matchmaker.accounts import notices, queries
from matchmaker.accounts.errors import LastAdministrator
from matchmaker.accounts.models import User
from matchmaker.accounts.services.account import ERASED_DOMAIN
from matchmaker.accounts.sessions import end_sessions
from matchmaker.clock import now
from matchmaker.errors import Conflict


def disable(actor: User, user: User) -> None:
    """Close an account: every sign-in ends, every mailed link dies. Raises ``LastAdministrator``."""
    _need_other_administrator(user)
    user.disabled_at = user.disabled_at or now()
    user.token_counter += 1
    end_sessions(user.id)
    _record(actor, "user.disabled", user)


def enable(actor: User, user: User) -> None:
    """Open a closed account again. Raises ``Conflict`` for one that its person deleted."""
    if user.email.endswith(f"@{ERASED_DOMAIN}"):
        raise Conflict("This account was deleted by its person; there is nothing to open.")
    user.disabled_at = None
    _record(actor, "user.enabled", user)


def make_administrator(actor: User, user: User) -> None:
    """Let somebody administer the installation."""
    user.is_admin = True
    _record(actor, "user.made_admin", user)


def remove_administrator(actor: User, user: User) -> None:
    """Somebody no longer administers the installation. Raises ``LastAdministrator``."""
    _need_other_administrator(user)
    user.is_admin = False
    _record(actor, "user.removed_admin", user)


def allow_events(actor: User, user: User) -> None:
    """Let somebody create events."""
    user.may_create_events = True
    _record(actor, "user.may_create_events", user)


def forbid_events(actor: User, user: User) -> None:
    """Somebody may no longer create events; those they organise stay theirs."""
    user.may_create_events = False
    _record(actor, "user.may_not_create_events", user)


def sign_out_everywhere(actor: User, user: User) -> None:
    """End every sign-in of somebody."""
    end_sessions(user.id)
    _record(actor, "user.signed_out", user)


def send_password_link(actor: User, user: User) -> None:
    """Mail somebody a link to set a new password."""
    jobs.enqueue(notices.reset_password, user.id, secrets.token_hex(6))
    _record(actor, "user.password_link_sent", user)


def _need_other_administrator(user: User) -> None:
    queries.hold_administrators()  # two may take each other's rights away at the same moment
    if user.is_admin and not queries.other_administrators(user):
        raise LastAdministrator


def _record(actor: User, action: str, user: User) -> None:
    audit.record(actor, action, f"user {user.id}")
