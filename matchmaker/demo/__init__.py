"""The demo: a cooperation project with all its events, one of them alive, and sign-in with one click in demo mode."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the sign-in of the demo, and the commands ``flask demo load`` and ``flask demo accounts``."""
    from matchmaker.demo import accounts
    from matchmaker.demo.commands import demo

    accounts.init_app(app)
    app.cli.add_command(demo)
