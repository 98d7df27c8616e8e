"""Matching: runs, recommended partners with reasons, and the directory. The numbers come from the library ``matching``."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    from matchmaker.recommendations import organiser_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(organiser_views.blueprint)
