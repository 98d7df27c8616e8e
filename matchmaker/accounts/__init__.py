"""People and organisations: accounts, sign-in, membership."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Connect sign-in."""
    from matchmaker.accounts import sessions

    sessions.init_app(app)
