"""Profiles of participants: what they bring and seek, how complete that is. Matching and the directory read them."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and connect the signals of the floor below."""
    from matchmaker.profiles import organiser_views, receivers, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(organiser_views.blueprint)
    receivers.connect()
