"""Alembic's environment: runs the migrations on the application's own engine."""

from alembic import context

from matchmaker.db import db
from matchmaker.schema import metadata


def run() -> None:
    """Migrate the database of the application that is running."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Before BEGIN, where alone it works: batch mode drops and renames tables, which must not cascade.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


run()
