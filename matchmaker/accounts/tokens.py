"""Links that are sent by mail: signed, for one purpose, for one person, for some time, and only until they are used.

Every link carries the person's ``token_counter``. Whoever raises the counter makes all links sent before worthless.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask import current_app
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from matchmaker.accounts.errors import DeadLink
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db


class Purpose(StrEnum):
    """What a link is for; a link for one purpose is refused for any other."""

    CONFIRM = "confirm"
    RESET = "reset"
    EMAIL = "email"


LIFETIME = {Purpose.CONFIRM: timedelta(days=3), Purpose.RESET: timedelta(hours=2), Purpose.EMAIL: timedelta(days=1)}
FIRST_PASSWORD = timedelta(days=7)  # the link for an account that somebody else made


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(now().timestamp())


def make_token(purpose: Purpose, user: User, **facts: Any) -> str:
    """Return the secret part of a link for ``user``; ``facts`` are readable by whoever has the link."""
    return _serializer(purpose).dumps({"user": user.id, "counter": user.token_counter, **facts})


def read_token(purpose: Purpose, token: str) -> tuple[User, dict[str, Any]]:
    """Return whose link this is and what it carries.

    Raises ``DeadLink`` when it is forged, too old, for another purpose, used, or the account is gone.
    """
    try:
        facts: dict[str, Any] = _serializer(purpose).loads(token, max_age=int(FIRST_PASSWORD.total_seconds()))
        _facts, signed_at = _serializer(purpose).loads(token, return_timestamp=True)
    except BadData as error:
        raise DeadLink from error
    lifetime = FIRST_PASSWORD if facts.get("first") else LIFETIME[purpose]
    user = db.session.get(User, facts["user"])
    if user is None or user.disabled_at or user.token_counter != facts["counter"] or now() - signed_at > lifetime:
        raise DeadLink
    return user, facts


def _serializer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_app.config["SECRET_KEY"], salt=f"matchmaker.accounts.{purpose}", signer=_Signer
    )
