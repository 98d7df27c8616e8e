"""The test bed: one schema per test session, one savepoint per test, and the cast that every test knows.

The database is SQLite in a temporary folder, or whatever ``TEST_DATABASE_URL`` names. Olga organises, Ana and Ben
participate, Carl is at another event and must see nothing.
"""

import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest
from flask import Flask, g, request_started
from flask.testing import FlaskClient
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.engine import Connection

from matchmaker.accounts.models import User
from matchmaker.accounts.sessions import start_session
from matchmaker.app import create_app
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.events.models import Event
from matchmaker.mail import MEMORY
from matchmaker.registrations.models import Participant
from matchmaker.schema import metadata
from tests import factories

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
pytest_plugins = ["tests.chromium", "tests.rendered"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where ``REQUIRE_SERVICES`` is set, a skipped test is a failed one: nothing may be missing there."""
    report = yield
    if report.skipped and os.environ.get("REQUIRE_SERVICES") and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped, but REQUIRE_SERVICES is set"
    return report


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, worker_database: str) -> Iterator[Flask]:
    """The application on a real database, with inline jobs and mails in memory."""
    instance = tmp_path_factory.mktemp("instance")
    app = create_app(
        instance_dir=str(instance),
        database_url=worker_database or f"sqlite:///{instance / 'test.sqlite'}",
        jobs="inline",
        mail="memory",
        rate_limits=False,
        base_url="http://localhost",
        embedding_model="lexical",
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        metadata.drop_all(db.engine)
        metadata.create_all(db.engine)
    with request_started.connected_to(_forget_the_request_before, app):
        yield app
    with app.app_context():
        db.engine.dispose()


def _forget_the_request_before(*_: Any, **__: Any) -> None:
    """Start each request with nothing in ``g``: the tests' own application context would carry the user over."""
    vars(g._get_current_object()).clear()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def worker_database() -> str:
    """Address of a PostgreSQL database of this test process, or empty for SQLite."""
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url:
        return ""
    return factories.fresh_database(url, os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture
def database(app: Flask) -> Iterator[None]:
    """An application context on one connection whose transaction is rolled back after the test."""
    with app.app_context():
        engine = db.engine
        connection: Connection = engine.connect()
        outer = connection.begin()
        db._app_engines[app][None] = connection
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield
        finally:
            db.session.remove()
            db.session.configure(join_transaction_mode="conditional_savepoint")
            outer.rollback()
            connection.close()
            db._app_engines[app][None] = engine


@pytest.fixture(autouse=True)
def frozen_clock() -> Iterator[None]:
    """The clock stands still at ``NOW`` unless a test moves it."""
    clock.freeze(NOW)
    MEMORY.clear()
    yield
    clock.freeze(None)


@dataclass
class Cast:
    """The people and the event of most tests. All of them are stored."""

    event: Event
    other_event: Event
    olga: User
    admin: User
    ana: Participant
    ben: Participant
    carl: Participant


@pytest.fixture
def cast(database: None) -> Cast:
    """Olga's published B2B event with Ana and Ben, and Carl at another event."""
    with transaction():
        return factories.make_cast(Cast)


@pytest.fixture
def as_user(app: Flask, database: None) -> Callable[[User | Participant | None], FlaskClient]:
    """Return a function that gives a test client signed in as somebody."""

    def client_for(person: User | Participant | None) -> FlaskClient:
        client = app.test_client()
        if person is None:
            return client
        user = person.user if isinstance(person, Participant) else person
        with transaction():
            token = start_session(user, "test")
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return client

    return client_for


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], "StatementCounter"]:
    """Return a context manager that counts the SELECTs inside it."""
    return StatementCounter


class StatementCounter:
    """Counts the SELECT statements of a block: ``with StatementCounter() as counter: ...; counter.count``."""

    def __enter__(self) -> Self:
        self.statements: list[str] = []
        self._target = db.engine
        sqlalchemy_event.listen(self._target, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sqlalchemy_event.remove(self._target, "before_cursor_execute", self._note)

    def _note(self, _c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            self.statements.append(statement)

    @property
    def count(self) -> int:
        """Number of SELECTs so far."""
        return len(self.statements)


@pytest.fixture
def instance_folder(tmp_path: Path) -> Path:
    """An empty instance folder for tests that need an application of their own."""
    return tmp_path / "instance"
