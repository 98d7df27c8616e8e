"""The agenda of an event: sessions, rooms, speakers, clashes, published versions, sign-up."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of visitors, participants and organisers, and connect the signals of the floors below."""
    from matchmaker.agenda import organiser_views, receivers, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.sign_ups)
    app.register_blueprint(organiser_views.blueprint)
    receivers.connect()
