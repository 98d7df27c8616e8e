"""The migrations make exactly the tables of the models, on every database, and can be taken back."""

import os

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from matchmaker.app import create_app
from matchmaker.db import db
from matchmaker.schema import metadata
from matchmaker.settings import ROOT
from tests import factories

POSTGRESQL = os.environ.get("POSTGRESQL_URL") or os.environ.get("TEST_DATABASE_URL", "")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def flask(request, instance_folder):
    """Run commands of an application whose database is empty."""
    address = ""
    if request.param == "postgresql":
        if not POSTGRESQL:
            pytest.skip("POSTGRESQL_URL and TEST_DATABASE_URL are not set")
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        address = factories.fresh_database(POSTGRESQL, f"migrations_{worker}")
    app = create_app(instance_dir=str(instance_folder), database_url=address, mail="memory", jobs="inline")
    runner = app.test_cli_runner()

    def run(*command):
        result = runner.invoke(args=["db", *command])
        assert result.exit_code == 0, result.output
        return result.output

    run.app = app
    yield run
    with app.app_context():
        db.engine.dispose()


def tables(app):
    with app.app_context():
        return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_there_is_one_head():
    assert len(ScriptDirectory(str(ROOT / "matchmaker" / "migrations")).get_heads()) == 1


def test_the_migrations_make_the_tables_of_the_models(flask):
    flask("upgrade")

    assert tables(flask.app) == set(metadata.tables)
    flask("check")  # ends with an error when models and tables differ


def test_every_step_can_be_taken_back_and_done_again(flask):
    flask("upgrade")
    flask("downgrade", "base")
    assert tables(flask.app) == set()

    flask("upgrade")
    assert tables(flask.app) == set(metadata.tables)


def test_foreign_keys_hold_again_after_a_migration(flask):
    flask("upgrade")

    with flask.app.app_context():
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA foreign_keys")) == 1
