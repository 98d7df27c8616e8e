"""Getting in: sign-up, confirmation, sign-in, forgotten passwords. What is said never tells whether an address is known."""

import secrets
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from matchmaker import audit, jobs
from matchmaker.accounts import notices, passwords, queries
from matchmaker.accounts.addresses import fold_email, is_address
from matchmaker.accounts.errors import Disabled, NotConfirmed, WrongCredentials
from matchmaker.accounts.models import User
from matchmaker.accounts.sessions import end_sessions
from matchmaker.accounts.tokens import Purpose, read_token
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import Invalid


class Newcomer(NamedTuple):
    """Who signs up. ``is_repeat``: the same address and password signed up before, such as by a double click."""

    email: str
    first_name: str
    last_name: str
    timezone: str
    password_hash: str
    is_repeat: bool = False


def newcomer(email: str, first_name: str, last_name: str, timezone: str, password: str) -> Newcomer:
    """Return a newcomer, with the slow work on the password done. Takes as long for known addresses as for new ones."""
    email = fold_email(email)
    known = queries.user_by_email(email)
    return Newcomer(
        email=email,
        first_name=first_name,
        last_name=last_name,
        timezone=timezone,
        password_hash=passwords.hash_password(password),
        is_repeat=passwords.password_matches(known.password_hash if known else "", password),
    )


def sign_up(person: Newcomer, then: str = "") -> None:
    """Make an account that waits for confirmation by mail; ``then``: path of the page to go on with afterwards.

    An address that is known gets a mail that says so. Where it was never confirmed, neither the first nor the second
    password counts any more: only who reads the mail sets one, so nobody can prepare an account for somebody else.
    """
    user = _stored(person) or queries.user_by_email(person.email)
    if user is None or user.disabled_at is not None:
        return
    if user.is_confirmed:
        jobs.enqueue(notices.account_exists, user.id, _nonce())
    elif user.password_hash == person.password_hash or person.is_repeat:
        jobs.enqueue(notices.confirm_address, user.id, _nonce(), then)
    else:
        user.password_hash = ""
        user.token_counter += 1
        jobs.enqueue(notices.set_password, user.id, _nonce(), then)


def _stored(person: Newcomer) -> User | None:
    user = User(
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        timezone=person.timezone,
        password_hash=person.password_hash,
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
            db.session.flush()
    except IntegrityError:  # somebody has this address, perhaps since a moment ago
        return None
    return user


def ask_confirmation(email: str) -> None:
    """Send the confirmation link once more, if the address waits for it."""
    user = queries.user_by_email(email)
    waits = user is not None and not user.is_confirmed and user.disabled_at is None
    notice = notices.confirm_address if user is None or user.password_hash else notices.set_password
    jobs.enqueue(notice, user.id if user and waits else 0, _nonce(), "")


def confirm(token: str) -> User:
    """Confirm the address that a mailed link belongs to. Raises ``DeadLink``; the link is dead afterwards."""
    user, _facts = read_token(Purpose.CONFIRM, token)
    user.confirmed_at = user.confirmed_at or now()
    user.token_counter += 1
    return user


def authenticate(email: str, password: str) -> User:
    """Return who signs in with these. Takes the same time for unknown addresses; call it outside of ``transaction()``.

    Raises ``WrongCredentials``; only with the right password ``NotConfirmed`` or ``Disabled``.
    """
    user = queries.user_by_email(email)
    right = passwords.password_matches(user.password_hash if user else "", password)
    if user is None or not right:
        raise WrongCredentials
    if user.disabled_at is not None:
        raise Disabled
    if not user.is_confirmed:
        raise NotConfirmed
    return user


def fresh_hash(user: User, password: str) -> str:
    """Return a new hash of a password that was just checked if the stored one has old parameters, else nothing."""
    return passwords.hash_password(password) if passwords.needs_rehash(user.password_hash) else ""


def forget_password(email: str) -> None:
    """Send a link to set a new password, if there is such an account."""
    user = queries.user_by_email(email)
    known = user is not None and user.disabled_at is None
    jobs.enqueue(notices.reset_password, user.id if user and known else 0, _nonce())


def reset_password(token: str, password_hash: str) -> User:
    """Set the password by a mailed link, which is dead afterwards; every sign-in ends.

    Reading the mail also proves the address. Raises ``DeadLink``.
    """
    user, _facts = read_token(Purpose.RESET, token)
    user.password_hash = password_hash
    user.confirmed_at = user.confirmed_at or now()
    user.token_counter += 1
    end_sessions(user.id)
    jobs.enqueue(notices.password_changed, user.id, _nonce())
    return user


def _nonce() -> str:
    """What tells two mails about the same thing apart; a notice that runs twice has the same one."""
    return secrets.token_hex(6)


def make_administrator(email: str) -> User:
    """Make the account with this address an administrator; without one, make it, still without a password.

    Raises ``Invalid`` when this is no mail address.
    """
    email = fold_email(email)
    if not is_address(email):
        raise Invalid(f"{email} is not a mail address.")
    user = queries.user_by_email(email)
    if user is None:
        user = User(email=email, first_name="", last_name="")
        db.session.add(user)
        db.session.flush()
    user.is_admin = user.may_create_events = True
    user.disabled_at = None
    user.token_counter += 1
    audit.record(None, "user.made_admin", f"user {user.id}")
    return user
