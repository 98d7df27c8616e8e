"""One job: claimed once, its end stored once, tried again when that is safe, whoever runs it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from matchmaker import jobs
from matchmaker.clock import clock, now
from matchmaker.db import db, transaction
from matchmaker.jobs import Job, JobState
from matchmaker.jobs.queue import due_jobs
from matchmaker.jobs.runner import _claim, _fail
from tests.conftest import NOW
from tests.jobs import work


@pytest.fixture
def diary(tmp_path):
    return tmp_path / "diary"


@pytest.fixture
def away(app, monkeypatch):
    """Jobs are handed to nobody."""
    handed = []
    monkeypatch.setitem(app.extensions, "matchmaker_jobs", handed.append)
    return handed


def enqueue(task, *arguments):
    with transaction():
        return jobs.enqueue(task, *[str(each) for each in arguments]).id


def job_of(job_id):
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def silence(job_id):
    """As if nobody had heard of the job for a minute."""
    with transaction():
        db.session.execute(update(Job).where(Job.id == job_id).values(heartbeat_at=now() - timedelta(minutes=1)))


def test_a_job_starts_after_the_commit_and_is_done(database, diary):
    with transaction():
        job_id = jobs.enqueue(work.write, str(diary), "hello").id
        assert work.lines(diary) == []

    job = job_of(job_id)
    assert work.lines(diary) == ["hello"]
    assert (job.state, job.progress, job.attempts, job.finished_at) == ("done", 100, 1, NOW)
    assert job.is_finished


def test_a_job_of_a_transaction_that_fails_never_was(database, diary):
    with pytest.raises(ZeroDivisionError), transaction():
        jobs.enqueue(work.write, str(diary), "hello")
        raise ZeroDivisionError

    assert (work.lines(diary), db.session.scalars(db.select(Job)).all()) == ([], [])


def test_a_job_may_enqueue_another(database, diary):
    enqueue(work.chain, diary)

    assert sorted(work.lines(diary)) == ["first", "second"]


def test_a_failure_is_stored_and_its_task_told(database, diary):
    job = job_of(enqueue(work.fail, diary))

    assert (job.state, job.finished_at) == ("failed", NOW)
    assert "ZeroDivisionError: on purpose" in job.error
    assert work.lines(diary) == ["fail", "told"]


def test_the_log_of_a_failure_keeps_the_arguments_to_itself(database, diary, caplog):
    enqueue(work.fail, diary)

    assert "tests.jobs.work.fail" in caplog.messages[-1]
    assert str(diary) not in caplog.messages[-1]


def test_a_failure_is_tried_again_when_it_is_due(database, diary):
    job_id = enqueue(work.fail_once, diary)
    job = job_of(job_id)
    assert (job.state, job.due_at, job.is_finished) == ("queued", NOW + timedelta(seconds=30), False)

    jobs.run_job(job_id)
    assert (work.lines(diary), due_jobs()) == (["try"], [])

    clock.freeze(NOW + timedelta(seconds=30))
    assert due_jobs() == [job_id]
    jobs.run_job(job_id)
    job = job_of(job_id)
    assert (job.state, job.attempts, job.error, work.lines(diary)) == ("done", 2, "", ["try", "try"])


def test_after_the_last_retry_the_task_is_told(database, diary):
    job_id = enqueue(work.fail_always, diary)
    clock.freeze(NOW + timedelta(minutes=1))
    jobs.run_job(job_id)

    assert (job_of(job_id).state, work.lines(diary)) == ("failed", ["try", "try", "told"])


def test_a_job_runs_once_however_often_it_is_handed_over(database, diary):
    job_id = enqueue(work.write, diary, "hello")

    jobs.run_job(job_id)
    jobs.run_job(job_id)

    assert work.lines(diary) == ["hello"]


def test_an_unknown_job_is_left_alone(database):
    jobs.run_job("gone")


def test_a_task_that_this_version_no_longer_has_fails(database, away):
    with transaction():
        db.session.add(job := Job(task="matchmaker.old.task", arguments=[]))
    jobs.run_job(job.id)

    assert job_of(job.id).state == "failed"
    assert "no task matchmaker.old.task" in job.error
    assert jobs.may_retry(job) is False


def test_a_silent_job_ends_as_interrupted_and_its_task_is_told(database, diary, away):
    job_id = enqueue(work.wait, diary)
    _claim(job_id)
    jobs.sweep()
    assert job_of(job_id).state == "running"

    silence(job_id)
    assert job_of(job_id).is_silent(now())
    jobs.sweep()

    job = job_of(job_id)
    assert (job.state, job.error) == ("interrupted", "The worker stopped in the middle of this job.")
    assert work.lines(diary) == ["told"]
    assert jobs.may_retry(job) is False


def test_a_silent_job_that_is_safe_to_repeat_is_queued_again(database, diary, away):
    job_id = enqueue(work.wait_again, diary)
    _claim(job_id)
    silence(job_id)

    jobs.sweep()

    assert (job_of(job_id).state, job_of(job_id).due_at) == ("queued", NOW + timedelta(seconds=30))


def test_one_job_that_cannot_be_put_right_does_not_hold_up_the_others(database, diary, away):
    broken, other = enqueue(work.fail_badly), enqueue(work.wait, diary)
    with transaction():
        db.session.add(unknown := Job(task="matchmaker.old.task", arguments=[]))
    for job_id in (broken, unknown.id, other):
        _claim(job_id)
        silence(job_id)

    jobs.sweep()

    assert [job_of(job_id).state for job_id in (broken, unknown.id, other)] == ["interrupted"] * 3
    assert work.lines(diary) == ["told"]


@pytest.mark.parametrize("end", ["done", "failed"])
def test_a_worker_that_was_thought_dead_changes_nothing_any_more(database, diary, away, end):
    job_id = enqueue(work.wait_again, diary)
    first = _claim(job_id)
    silence(job_id)
    jobs.sweep()
    clock.freeze(NOW + timedelta(minutes=1))
    second = _claim(job_id)
    assert (first.number, second.number) == (1, 2)

    if end == "done":
        with transaction():
            db.session.execute(first.change(state=JobState.DONE))
    else:
        _fail(first, "late")

    assert (job_of(job_id).state, job_of(job_id).error) == ("running", "")


def test_whoever_lost_the_job_is_told_to_stop(database, diary, app, away):
    job_id = enqueue(work.wait_again, diary)
    handle = jobs.JobHandle(app, _claim(job_id))
    assert handle.should_stop() is False

    silence(job_id)
    jobs.sweep()

    assert handle.should_stop() is True


def test_progress_and_stop_requests(database, diary, app, away):
    job_id = enqueue(work.wait, diary)
    handle = jobs.JobHandle(app, _claim(job_id))

    handle.report(140, "x" * 300)
    with transaction():
        jobs.request_stop(job_id)

    job = job_of(job_id)
    assert (job.progress, len(job.label), handle.should_stop()) == (100, 200, True)


def test_outside_of_a_job_progress_goes_nowhere(database):
    handle = jobs.current_job()

    handle.report(50, "half")

    assert (handle.attempt, handle.should_stop()) == (None, False)


def test_a_job_that_ended_badly_is_queued_again_with_all_its_retries(database, diary, away):
    job_id = enqueue(work.fail_always, diary)
    for minutes in (0, 1):
        clock.freeze(NOW + timedelta(minutes=minutes))
        jobs.run_job(job_id)
    with transaction():
        jobs.request_stop(job_id)
    job = job_of(job_id)
    assert jobs.may_retry(job) is True

    with transaction():
        jobs.retry(job)

    job = job_of(job_id)
    assert (job.state, job.attempts, job.error, job.stop_requested) == ("queued", 0, "", False)
    assert away == [job_id, job_id]


def test_those_who_waited_longest_come_first(database, diary, away):
    later = enqueue(work.write, diary, "later")
    with transaction():
        earlier = jobs.enqueue(work.write, str(diary), "earlier")
        earlier.due_at = NOW - timedelta(minutes=1)

    assert due_jobs() == [earlier.id, later]
    assert due_jobs(most=1) == [earlier.id]
