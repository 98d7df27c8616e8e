"""Pages that belong to no capability: landing page, health; and the catalogue of messages."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the blueprint and the command ``flask catalogue``."""
    from matchmaker.public.commands import catalogue
    from matchmaker.public.views import blueprint

    app.register_blueprint(blueprint)
    app.cli.add_command(catalogue)
