"""Sign-ins: the cookie holds a random token, the table its hash, so that any sign-in can be ended from the server."""

import hashlib
import secrets
from datetime import timedelta

from flask import Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlalchemy import update

from matchmaker.accounts.models import User, UserSession
from matchmaker.clock import now
from matchmaker.db import db, on_commit, transaction

SEEN_EVERY = timedelta(minutes=10)  # how precisely last_seen_at is kept
login_manager = LoginManager()


class SignedIn(UserMixin):
    """The current user as Flask-Login wants it: an account together with the token of this sign-in."""

    def __init__(self, user: User, token: str) -> None:
        self.user = user
        self._token = token

    def get_id(self) -> str:
        """Return the token, which is what the cookie holds."""
        return self._token

    def __getattr__(self, name: str) -> object:
        return getattr(self.user, name)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a random token, as stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_session(user: User, device: str) -> str:
    """Store a new sign-in of ``user`` and return its token, inside the present transaction."""
    token = secrets.token_urlsafe(32)
    db.session.add(UserSession(user_id=user.id, token_hash=hash_token(token), device=device[:200]))
    return token


def end_sessions(user_id: int, *, except_token: str = "") -> None:
    """End every sign-in of a user but one, inside the present transaction."""
    db.session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.token_hash != hash_token(except_token),
        )
        .values(ended_at=now())
    )


def sign_in(user: User) -> None:
    """Start a sign-in and put it into the cookie once the present transaction is committed."""
    token = start_session(user, request.user_agent.string)

    def put_into_cookie() -> None:
        session.clear()  # nothing that was in the cookie before, perhaps put there by somebody else, lives on
        login_user(SignedIn(user, token))

    on_commit(put_into_cookie)


def sign_out(token: str) -> None:
    """End the sign-in of ``token``, inside the present transaction, and clear the cookie."""
    db.session.execute(update(UserSession).where(UserSession.token_hash == hash_token(token)).values(ended_at=now()))
    forget()


def forget() -> None:
    """Clear the cookie."""
    logout_user()
    session.clear()


def is_over(found: UserSession) -> bool:
    """Whether a sign-in was ended, was not used for long, or is too old (settings ``session_hours``, ``session_days``)."""
    settings, moment = current_app.config["SETTINGS"], now()
    stale = moment - found.last_seen_at > timedelta(hours=settings.session_hours)
    return found.ended_at is not None or stale or moment - found.created_at > timedelta(days=settings.session_days)


@login_manager.user_loader
def load(token: str) -> SignedIn | None:
    """Return who a cookie belongs to; nobody when the sign-in is over or the account disabled."""
    found = db.session.scalar(db.select(UserSession).where(UserSession.token_hash == hash_token(token)))
    if found is None or is_over(found) or found.user.disabled_at is not None:
        return None
    if now() - found.last_seen_at > SEEN_EVERY:
        session_id = found.id
        with transaction():
            db.session.execute(update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now()))
    return SignedIn(found.user, token)


@login_manager.unauthorized_handler
def ask_to_sign_in() -> ResponseReturnValue:
    """Lead to the sign-in page, and back afterwards."""
    back = request.full_path.rstrip("?") if request.method == "GET" else url_for("public.landing")
    return redirect(url_for("accounts.sign_in", next=back), 303)


def init_app(app: Flask) -> None:
    """Connect Flask-Login."""
    login_manager.init_app(app)
