"""Requests, the grid of slots, meetings and who sits where. Clashes are settled by constraints of the database."""

from importlib import import_module

from flask import Flask


def init_app(app: Flask) -> None:
    """Register pages and commands, and connect the signals of the floors below."""
    from matchmaker.meetings import organiser_views, receivers, views

    # These only add pages to the blueprints of the others, and the daily duty.
    import_module("matchmaker.meetings.meeting_views")
    import_module("matchmaker.meetings.organiser_list_views")
    import_module("matchmaker.meetings.runs")
    app.register_blueprint(views.blueprint)
    app.register_blueprint(organiser_views.blueprint)
    receivers.connect()
