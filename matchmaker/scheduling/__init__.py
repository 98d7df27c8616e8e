"""Scheduling runs: a draft is solved in the background, reviewed by an organiser, then published."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    from matchmaker.scheduling import (
        compare_views,  # noqa: F401 - adds its pages to the blueprint
        hand_views,
        organiser_views,
        review_views,  # noqa: F401 - adds the sections of a run to the blueprint
        scenario_views,
        views,
        why,
    )

    app.register_blueprint(hand_views.blueprint)
    app.register_blueprint(organiser_views.blueprint)
    app.register_blueprint(scenario_views.blueprint)
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["reasons_are_open"] = why.is_open
