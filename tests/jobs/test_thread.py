"""Jobs in threads of the process that serves."""

import threading
from datetime import timedelta
from time import monotonic, sleep

import pytest
from sqlalchemy import update

from matchmaker import jobs
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.jobs import Job, queue, runner
from tests.jobs import work


@pytest.fixture
def app(make_app, monkeypatch):
    monkeypatch.setattr(queue, "SWEEP_SECONDS", 0.1)
    monkeypatch.setattr(runner, "HEARTBEAT", timedelta(seconds=0.05))
    app = make_app(jobs="thread")
    with app.app_context():
        yield app
    app.extensions["matchmaker_jobs"].__self__.stop()


def serve(app):
    assert app.test_client().get("/health/live").status_code == 200


def threads():
    return sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("jobs-"))


def eventually(condition):
    end = monotonic() + 10
    while not condition() and monotonic() < end:
        sleep(0.02)
    assert condition()


def state_of(job_id):
    db.session.rollback()
    return db.session.scalar(db.select(Job.state).where(Job.id == job_id))


def enqueue(task, *arguments):
    with transaction():
        return jobs.enqueue(task, *[str(each) for each in arguments]).id


def test_commands_start_no_thread_and_the_first_request_runs_what_they_left(app, tmp_path):
    job_id = enqueue(work.write, tmp_path / "diary", "hello")
    assert threads() == []

    serve(app)
    serve(app)

    eventually(lambda: state_of(job_id) == "done")
    assert threads() == ["jobs-0", "jobs-1"]
    assert work.lines(tmp_path / "diary") == ["hello"]


def test_a_long_job_does_not_hold_up_a_short_one(app, tmp_path):
    serve(app)
    long = enqueue(work.wait, tmp_path / "long")
    eventually(lambda: state_of(long) == "running")

    short = enqueue(work.write, tmp_path / "short", "hello")

    eventually(lambda: state_of(short) == "done")
    assert state_of(long) == "running"
    with transaction():
        jobs.request_stop(long)
    eventually(lambda: state_of(long) == "done")


def test_a_running_job_gives_signs_of_life_and_its_progress(app, tmp_path):
    serve(app)
    job_id = enqueue(work.wait, tmp_path / "diary")
    eventually(lambda: work.lines(tmp_path / "diary") == ["began"])
    before = now()

    def alive():
        db.session.rollback()
        job = db.session.get_one(Job, job_id, populate_existing=True)
        return job.heartbeat_at > before and (job.progress, job.label) == (40, "Waiting")

    eventually(alive)
    with transaction():
        jobs.request_stop(job_id)
    eventually(lambda: state_of(job_id) == "done")


def test_what_a_restart_cut_off_is_put_right_by_the_next_process(app, tmp_path):
    job_id = enqueue(work.wait, tmp_path / "diary")
    runner._claim(job_id)
    with transaction():
        db.session.execute(update(Job).values(heartbeat_at=now() - timedelta(minutes=1)))

    serve(app)

    eventually(lambda: state_of(job_id) == "interrupted")
    assert work.lines(tmp_path / "diary") == ["told"]


def test_after_a_fork_the_threads_start_again(app):
    backend = app.extensions["matchmaker_jobs"].__self__
    finished = threading.Thread(target=lambda: None)
    finished.start()
    finished.join()
    backend._threads = [finished]  # what a forked process finds: the thread, but not running

    serve(app)

    assert threads() == ["jobs-0", "jobs-1"]


def test_the_threads_outlive_a_database_that_is_away(app, tmp_path, monkeypatch, caplog):
    def away():
        raise ConnectionError("no database")

    monkeypatch.setattr(queue, "sweep", away)
    serve(app)
    eventually(lambda: "the job thread goes on after a failure" in caplog.text)
    monkeypatch.setattr(queue, "sweep", list)

    assert threads() == ["jobs-0", "jobs-1"]


def test_a_heartbeat_that_fails_is_tried_again(app, tmp_path, monkeypatch, caplog):
    serve(app)
    job_id = enqueue(work.wait, tmp_path / "diary")
    eventually(lambda: work.lines(tmp_path / "diary") == ["began"])
    original = runner.Attempt.change

    def busy(self, **values):
        if set(values) == {"heartbeat_at"}:
            raise ConnectionError("busy")
        return original(self, **values)

    monkeypatch.setattr(runner.Attempt, "change", busy)
    eventually(lambda: "no sign of life could be given" in caplog.text)
    with transaction():
        jobs.request_stop(job_id)

    eventually(lambda: state_of(job_id) == "done")
