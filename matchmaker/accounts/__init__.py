"""People and organisations: accounts, sign-in, membership."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Connect sign-in, register the pages and the commands."""
    from matchmaker.accounts import account_views, organisation_views, sessions, views
    from matchmaker.accounts.commands import accounts

    sessions.init_app(app)
    for module in (views, account_views, organisation_views):
        app.register_blueprint(module.blueprint)
    app.cli.add_command(accounts)
