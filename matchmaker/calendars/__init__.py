"""Calendars outside: files of one meeting, an itinerary or an agenda, and private feeds to subscribe to."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of participants, the agenda as a calendar, and the feeds."""
    from matchmaker.calendars import feed_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.agendas)
    app.register_blueprint(feed_views.blueprint)
