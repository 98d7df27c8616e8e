"""Requests, the grid of slots, meetings and who sits where. Clashes are settled by constraints of the database."""

from importlib import import_module

from flask import Flask


def init_app(app: Flask) -> None:
    """Register pages and commands, and connect the signals of the floors below."""
    from matchmaker.meetings import commands, organiser_views, receivers, views

    # These two only add pages to the blueprints of the others.
    import_module("matchmaker.meetings.meeting_views")
    import_module("matchmaker.meetings.organiser_list_views")
    app.register_blueprint(views.blueprint)
    app.register_blueprint(organiser_views.blueprint)
    app.cli.add_command(commands.expire_requests)
    receivers.connect()
