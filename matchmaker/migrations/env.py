"""Alembic's environment: runs the migrations on the application's own engine."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection

from matchmaker.db import db
from matchmaker.schema import metadata


def run() -> None:
    """Migrate the database of the application that is running."""
    with db.engine.connect() as connection, _without_foreign_keys(connection):
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """On SQLite, batch mode drops and renames tables, which must not cascade. Only outside of BEGIN does this work."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


run()
