"""Events: the list, creating and editing them, their team, and the programme of cooperation projects.

Not here: who takes part (registrations), what happens at an event (agenda, meetings).
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the blueprints."""
    from matchmaker.events import programme_views, settings_views, views

    for module in (programme_views, views, settings_views):
        app.register_blueprint(module.blueprint)
