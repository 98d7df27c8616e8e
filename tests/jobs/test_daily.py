"""Duties of every day: queued once, whoever asks, and what they forget."""

from datetime import timedelta

import pytest

from matchmaker.clock import clock, now
from matchmaker.db import db, transaction
from matchmaker.jobs import Job
from matchmaker.jobs.daily import DUTIES, STARTED, _queue, queue_daily
from matchmaker.mail import Message
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def new_process(app):
    """A process that knows nothing of today."""
    app.extensions.pop(STARTED, None)
    yield
    app.extensions.pop(STARTED, None)


def queued():
    return sorted(db.session.scalars(db.select(Job.task)))


def store(**values):
    with transaction():
        db.session.add(Job(task="some.task", **values))


def store_mail(key, **values):
    with transaction():
        db.session.add(Message(key=key, recipient="ana@example.org", subject="", raw=b"", **values))


def test_every_duty_is_queued_once_a_day(app, database):
    queue_daily()
    queue_daily()
    assert queued() == sorted(duty.name for duty in DUTIES)

    clock.freeze(NOW + timedelta(days=1))
    queue_daily()
    assert len(queued()) == 2 * len(DUTIES)


def test_a_second_process_queues_nothing_more(app, database):
    queue_daily()
    app.extensions.pop(STARTED)

    queue_daily()

    assert len(queued()) == len(DUTIES)


def test_of_two_processes_at_once_the_slower_one_gives_way(app, database, monkeypatch):
    queue_daily()
    monkeypatch.setattr(type(db.session()), "get", lambda *_, **__: None)  # it looked before the other had written

    _queue(DUTIES[0], now().date())

    assert len(queued()) == len(DUTIES)


def test_jobs_that_ended_long_ago_are_forgotten(app, database):
    old, new = NOW - timedelta(days=91), NOW - timedelta(days=89)
    store(id="old", state="done", finished_at=old)
    store(id="old failure", state="failed", finished_at=old)
    store(id="new", state="done", finished_at=new)
    store(id="waits", state="queued", created_at=old)

    daily_duty("forget_jobs")()

    assert sorted(db.session.scalars(db.select(Job.id))) == ["new", "waits"]


def test_mails_that_were_sent_long_ago_are_forgotten(app, database):
    old = NOW - timedelta(days=91)
    store_mail("old", state="sent", created_at=old, sent_at=old)
    store_mail("failed", state="failed", created_at=old)
    store_mail("new", state="sent", sent_at=NOW)

    daily_duty("forget_mails")()

    assert sorted(db.session.scalars(db.select(Message.key))) == ["failed", "new"]


def test_the_command_does_all_duties_at_once(app, database):
    result = app.test_cli_runner().invoke(args=["daily"])

    assert result.output.splitlines() == [f"done: {duty.name}" for duty in DUTIES]


def test_a_duty_is_a_task_that_is_tried_again():
    assert {duty.retries for duty in DUTIES} == {3}


def daily_duty(name):
    return next(duty for duty in DUTIES if duty.name.endswith(name))
