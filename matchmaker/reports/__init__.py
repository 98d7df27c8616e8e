"""Figures and lists for organisers. Reads everything; writes nothing but the retry of a mail."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the organisers' pages."""
    from matchmaker.reports.organiser_views import blueprint

    app.register_blueprint(blueprint)
