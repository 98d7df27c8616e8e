"""Scheduling runs on several workers at once: real processes, a real Redis, real solving."""

import random
import signal
from datetime import timedelta
from itertools import combinations

import pytest
from sqlalchemy import update

from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.jobs import Job
from matchmaker.meetings.models import MeetingRequest
from matchmaker.scheduling import queries, runs, services
from matchmaker.scheduling.models import ScheduleRun
from matchmaker.scheduling.options import Options
from tests import factories
from tests.jobs.conftest import REDIS
from tests.jobs.work import eventually

pytestmark = [pytest.mark.redis, pytest.mark.skipif(not REDIS, reason="TEST_REDIS_URL is not set")]
# Far more than a stop or a proof takes; breaks and waiting of a tight event are not proven in that time.
LIMIT, PATIENCE = 600, 120
LONG = Options(seconds=LIMIT, objective=("placed", "fair", "breaks", "waiting"), workers=1)


@pytest.fixture
def app(make_app, redis_url):
    app = make_app(jobs="rq", redis_url=redis_url)
    with app.app_context():
        yield app


@pytest.fixture
def olga(app):
    with transaction():
        return factories.make_user("Olga Organiser")


def tight_event(people=40, wishes=220, slots=14, places=16):
    """An event next week with more accepted requests than room."""
    event = factories.make_event(starts_at=now() + timedelta(days=7))
    factories.make_slots(event, slots)
    factories.make_places(event, places)
    guests = [factories.make_participant(event) for _ in range(people)]
    for one, other in random.Random(event.id).sample(list(combinations(guests, 2)), wishes):
        factories.make_request(one, other, state="accepted")
    return event


def start(olga, options=LONG, **size):
    """A run of an event of its own, waiting for a worker."""
    with transaction():
        event = tight_event(**size)
        return runs.start(event, options, olga).id


def run_of(run_id):
    """The run as it is now."""
    db.session.rollback()
    return stored(run_id)


def stored(run_id):
    """The run, inside a transaction."""
    return db.session.get_one(ScheduleRun, run_id, populate_existing=True)


def change(act, *arguments):
    """Do something in a transaction of its own."""
    db.session.rollback()
    with transaction():
        return act(*arguments)


def fall_silent(run_id):
    """As if the last sign of life of its worker were long ago."""
    moment = now() - timedelta(minutes=1)
    db.session.execute(update(Job).where(Job.id == stored(run_id).job_id).values(heartbeat_at=moment))


def start_again(run_id, olga):
    """The same run with less time."""
    run = stored(run_id)
    run.options = Options(seconds=2, workers=1).to_dict()
    return runs.restart(run, olga).id


def is_solving(run_id):
    """Whether a worker has begun, and the solver has told of a plan."""
    run = run_of(run_id)
    return run.state == "running" and bool(run.trace)


def test_runs_of_two_events_are_solved_at_once_by_two_workers_and_stop_when_asked(olga, start_worker):
    ids = [start(olga), start(olga)]
    for _ in ids:
        start_worker()
    eventually(lambda: all(is_solving(run_id) for run_id in ids), PATIENCE)

    for run_id in ids:
        change(lambda run_id=run_id: services.stop(stored(run_id)))
    eventually(lambda: [run_of(run_id).state for run_id in ids] == ["draft", "draft"], PATIENCE)

    for run_id in ids:
        run = run_of(run_id)
        assert run.figures["seconds"] < LIMIT / 2
        assert len(queries.draft_of(run)) == run.figures["placed"] > 0
        assert run.figures["memory"]["peak"] > 0


def test_the_run_of_a_killed_worker_is_interrupted_without_half_a_plan_and_starts_again(olga, start_worker):
    run_id = start(olga)
    worker = start_worker()
    eventually(lambda: is_solving(run_id), PATIENCE)

    worker.send_signal(signal.SIGKILL)
    worker.wait()
    change(fall_silent, run_id)
    assert start_worker("--burst").wait(PATIENCE) == 0

    assert run_of(run_id).state == "interrupted"
    assert (queries.draft_of(run_of(run_id)), run_of(run_id).solution) == ([], {})

    again = change(start_again, run_id, olga)
    assert start_worker("--burst").wait(PATIENCE) == 0

    assert run_of(again).state == "draft"
    assert db.session.scalar(db.select(db.func.count(MeetingRequest.id))) == 220
