"""Guards of pages that need an account or an administrator."""

from typing import cast

from flask import abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from matchmaker.accounts.models import User
from matchmaker.accounts.sessions import ask_to_sign_in


def signed_in_user() -> User:
    """Return the account of whoever is signed in; call it only behind a guard."""
    return cast("User", current_user.user)


def optional_user() -> User | None:
    """Return the account of whoever is signed in, or ``None``."""
    return signed_in_user() if current_user.is_authenticated else None


def need_account() -> ResponseReturnValue | None:
    """Let signed-in users pass; others are led to the sign-in page."""
    return None if current_user.is_authenticated else ask_to_sign_in()


def need_administrator() -> ResponseReturnValue | None:
    """Let administrators pass; other users see 403, the rest the sign-in page."""
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if not signed_in_user().is_admin:
        abort(403)
    return None
