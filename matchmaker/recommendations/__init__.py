"""Matching: runs, recommended partners with reasons, and the directory. The numbers come from the library ``matching``."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and connect the signals of the floors below."""
    from matchmaker.recommendations import coverage_views, organiser_views, receivers, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(organiser_views.blueprint)
    app.register_blueprint(coverage_views.blueprint)
    receivers.connect()
