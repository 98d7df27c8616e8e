"""The demo: made-up people and events, and signing in as one of them with one click."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the one-click sign-in, which answers only in demo mode."""
    from matchmaker.demo import accounts

    accounts.init_app(app)
