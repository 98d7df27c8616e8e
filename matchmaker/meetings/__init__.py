"""Requests, the grid of slots, meetings and who sits where. Clashes are settled by constraints of the database."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Connect the signals of the floors below."""
    from matchmaker.meetings import receivers

    receivers.connect()
