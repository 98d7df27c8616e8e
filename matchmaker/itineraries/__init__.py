"""Everything one participant does at an event, in order: meetings and agenda sessions. No tables of its own."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of participants and organisers."""
    from matchmaker.itineraries import organiser_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(organiser_views.blueprint)
