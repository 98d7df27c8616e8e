"""Requests, the grid of slots, meetings and who sits where. Clashes are settled by constraints of the database."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register pages and commands, and connect the signals of the floors below."""
    from matchmaker.meetings import commands, meeting_views, organiser_lists, receivers

    app.register_blueprint(meeting_views.blueprint)
    app.register_blueprint(organiser_lists.blueprint)
    app.cli.add_command(commands.expire_requests)
    receivers.connect()
