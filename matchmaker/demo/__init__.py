"""The demo: a cooperation project with all its events, one of them alive. Only loads data; has no rules of its own."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the commands ``flask demo load`` and ``flask demo accounts``."""
    from matchmaker.demo.commands import demo

    app.cli.add_command(demo)
