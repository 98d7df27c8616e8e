"""The command ``flask db``: Flask-Migrate and Alembic, imported only when it is called."""

from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo

from matchmaker.db import db
from matchmaker.settings import ROOT

FOLDER = ROOT / "matchmaker" / "migrations"


class LateGroup(click.Command):
    """Stands for the group of commands of Flask-Migrate, and gives way to it as soon as it is called."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> click.Context:
        """Continue with the real group."""
        from flask_migrate import Migrate
        from flask_migrate.cli import db as group

        app = parent.ensure_object(ScriptInfo).load_app()
        Migrate(app, db, directory=str(FOLDER), render_as_batch=True, compare_type=True)
        return group.make_context(info_name, args, parent, **extra)


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(LateGroup("db", help="Migrate the database."))
