"""Scheduling runs: a draft is solved in the background, reviewed by an organiser, then published."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the organisers' pages."""
    from matchmaker.scheduling import review_views  # noqa: F401  # adds the sections of a run to the blueprint
    from matchmaker.scheduling import organiser_views, scenario_views

    app.register_blueprint(organiser_views.blueprint)
    app.register_blueprint(scenario_views.blueprint)
