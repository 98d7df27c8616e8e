"""Pages that belong to no capability: landing page, health, privacy of the installation."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    from matchmaker.public.views import blueprint

    app.register_blueprint(blueprint)
