"""Jobs through a real Redis, run by real worker processes."""

import signal
from datetime import timedelta
from time import monotonic

import pytest
from redis import Redis
from sqlalchemy import update

from matchmaker import jobs
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.jobs import Job
from tests.jobs import work
from tests.jobs.conftest import REDIS
from tests.jobs.work import eventually

pytestmark = [pytest.mark.redis, pytest.mark.skipif(not REDIS, reason="TEST_REDIS_URL is not set")]
NOBODY = "redis://127.0.0.1:1/0"  # nothing listens there


@pytest.fixture
def app(make_app, redis_url):
    app = make_app(jobs="rq", redis_url=redis_url)
    with app.app_context():
        yield app


@pytest.fixture
def work_off(start_worker):
    """Return a function that lets workers do what is due, and waits for their end."""

    def run(workers=1):
        assert [process.wait(60) for process in [start_worker("--burst") for _ in range(workers)]] == [0] * workers

    return run


@pytest.fixture
def diary(tmp_path):
    return tmp_path / "diary"


def enqueue(task, *arguments):
    with transaction():
        return jobs.enqueue(task, *[str(each) for each in arguments]).id


def job_of(job_id):
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def change(job_id, **values):
    with transaction():
        db.session.execute(update(Job).where(Job.id == job_id).values(**values))


def test_a_worker_runs_jobs_and_stores_how_they_ended(app, diary, work_off):
    done, failed, retried = enqueue(work.chain, diary), enqueue(work.fail, diary), enqueue(work.fail_once, diary)

    work_off()

    assert sorted(work.lines(diary)) == ["fail", "first", "second", "told", "try"]
    assert [job_of(each).state for each in (done, failed, retried)] == ["done", "failed", "queued"]
    assert "ZeroDivisionError: on purpose" in job_of(failed).error
    assert timedelta(seconds=10) < job_of(retried).due_at - now() <= timedelta(seconds=30)

    change(retried, due_at=now())
    work_off()

    assert (job_of(retried).state, job_of(retried).attempts) == ("done", 2)


def test_two_workers_and_duplicates_in_redis_run_every_job_once(app, diary, work_off):
    ids = [enqueue(work.write, diary, number) for number in range(20)]
    for job_id in ids * 2:
        app.extensions["matchmaker_jobs"](job_id)

    work_off(workers=2)

    assert sorted(work.lines(diary), key=int) == [str(number) for number in range(20)]
    assert {job_of(each).state for each in ids} == {"done"}


def test_a_job_can_be_watched_and_stopped(app, diary, start_worker):
    job_id = enqueue(work.wait, diary)
    start_worker()
    eventually(lambda: job_of(job_id).progress == 40)

    with transaction():
        jobs.request_stop(job_id)

    eventually(lambda: job_of(job_id).state == "done")
    assert work.lines(diary) == ["began", "stopped"]


def test_what_a_killed_worker_left_is_put_right_by_another(app, diary, start_worker, work_off, tmp_path):
    """kill -9 in the middle: what may not run twice ends as interrupted, what may is tried again."""
    other = tmp_path / "other"
    cut_off, repeated = enqueue(work.wait, diary), enqueue(work.wait_again, other)
    workers = [start_worker(), start_worker()]
    eventually(lambda: [job_of(each).progress for each in (cut_off, repeated)] == [40, 40])

    for worker in workers:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    for job_id in (cut_off, repeated):
        assert job_of(job_id).state == "running"
        change(job_id, heartbeat_at=now() - timedelta(minutes=1))
    work_off()

    assert (job_of(cut_off).state, work.lines(diary)) == ("interrupted", ["began", "told"])
    assert (job_of(repeated).state, work.lines(other)) == ("queued", ["began"])


def test_a_redis_that_is_away_fails_nothing_and_the_job_waits_in_the_table(make_app, diary, caplog):
    app = make_app(jobs="rq", redis_url=NOBODY)
    with app.app_context():
        began = monotonic()
        ids = [enqueue(work.write, diary, number) for number in range(10)]

        assert monotonic() - began < 5
        assert {job_of(each).state for each in ids} == {"queued"}
    assert [record.getMessage() for record in caplog.records if "Redis is away" in record.getMessage()] == [
        f"Redis is away; job {ids[0]} and those after it wait in the table"
    ]


def test_what_never_reached_redis_is_found_in_the_table(app, diary, work_off, redis_url):
    job_id = enqueue(work.write, diary, "hello")
    Redis.from_url(redis_url).delete("rq:queue:matchmaker")

    work_off()

    assert (job_of(job_id).state, work.lines(diary)) == ("done", ["hello"])


def test_the_worker_in_this_process(app, diary, monkeypatch):
    """The same command, where the measuring of coverage sees it."""
    from matchmaker.jobs import queue

    monkeypatch.setattr(queue, "SWEEP_SECONDS", 0.05)
    enqueue(work.write, diary, "hello")

    result = app.test_cli_runner().invoke(args=["worker", "--burst"])

    assert (result.exit_code, work.lines(diary)) == (0, ["hello"])


def test_sweeping_outlives_a_redis_that_is_away(make_app, caplog):
    from threading import Event, Thread

    from matchmaker.jobs import queue

    app = make_app(jobs="rq", redis_url=NOBODY)
    stopped = Event()
    queue.SWEEP_SECONDS, before = 0.05, queue.SWEEP_SECONDS
    thread = Thread(target=queue._keep_sweeping, args=(app, queue.RqBackend(app), stopped))
    try:
        thread.start()
        eventually(lambda: caplog.text.count("sweeping failed; trying again") > 1)
    finally:
        stopped.set()
        thread.join(10)
        queue.SWEEP_SECONDS = before
