"""Landing page and health."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from matchmaker.app import create_app
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.jobs import Job
from matchmaker.mail import Message
from tests import factories


@pytest.fixture
def own_app(instance_folder):
    app = create_app(
        instance_dir=str(instance_folder), jobs="inline", mail="memory", rate_limits=False, base_url="http://localhost"
    )
    yield app
    with app.app_context():
        db.engine.dispose()


def test_the_front_page_shows_public_events_that_are_to_come(as_user, cast):
    with transaction():
        factories.make_event(name="Hidden fair", published_at=None)
        factories.make_event(name="Closed fair", visibility="closed")
        factories.make_event(name="Cancelled fair", cancelled_at=now())
        factories.make_event(name="Past fair", starts_at=now() - timedelta(days=2), ends_at=now() - timedelta(days=1))

    page = as_user(None).get("/").text

    assert [name for name in ("Other fair", "Hidden", "Closed", "Cancelled", "Past") if name in page] == ["Other fair"]


def test_the_front_page_works_without_events(as_user):
    assert as_user(None).get("/").status_code == 200


def test_the_process_is_alive(as_user):
    assert as_user(None).get("/health/live").json == {"status": "ok"}


def test_an_installation_without_tables_has_to_be_migrated(own_app):
    answer = own_app.test_client().get("/health/ready")

    assert (answer.status_code, answer.json["migrations"], answer.json["database"]) == (503, "behind", "ok")


def test_a_migrated_installation_is_ready_and_says_how_long_things_wait(own_app):
    own_app.test_cli_runner().invoke(args=["db", "upgrade"])
    client = own_app.test_client()
    assert client.get("/health/ready").json == {
        "status": "ok", "database": "ok", "migrations": "ok", "oldest_job_seconds": 0, "oldest_mail_seconds": 0,
    }  # fmt: skip

    with own_app.app_context(), transaction():
        db.session.add(Job(task="later", due_at=now() + timedelta(hours=1)))
        db.session.add(Job(task="due", due_at=now() - timedelta(seconds=90)))
        long_ago = now() - timedelta(seconds=30)
        db.session.add(Message(key="k", recipient="a@b.example", subject="s", raw=b"", created_at=long_ago))

    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json["oldest_job_seconds"], answer.json["oldest_mail_seconds"]) == (200, 90, 30)


def test_a_database_that_is_away_is_said(as_user, database, monkeypatch):
    def away(*_args, **_values):
        raise OperationalError("select", {}, Exception("connection refused"))

    monkeypatch.setattr(db.session, "connection", away)

    answer = as_user(None).get("/health/ready")

    assert (answer.status_code, answer.json) == (503, {"status": "unavailable", "database": "unavailable"})
