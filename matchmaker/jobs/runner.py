"""Running one job: claim, heartbeat, progress, result, retry. The same for every backend."""

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from flask import Flask, current_app
from sqlalchemy import Update, update

from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.jobs.models import HEARTBEAT, Job, JobState
from matchmaker.jobs.tasks import REGISTER, RETRY_AFTER

log = logging.getLogger(__name__)


class Attempt(NamedTuple):
    """One claimed run of a job. Whoever was thought dead and is not may no longer write: the number has moved on."""

    job_id: str
    number: int
    task: str
    arguments: tuple[Any, ...]

    def change(self, **values: object) -> Update:
        """Return the statement that changes the job, as long as this run is the one that counts."""
        mine = update(Job).where(Job.id == self.job_id, Job.state == JobState.RUNNING, Job.attempts == self.number)
        return mine.values(**values).execution_options(synchronize_session=False)


_current: ContextVar[Attempt | None] = ContextVar("current_job", default=None)


def run_job(job_id: str) -> None:
    """Run a due job once; return at once when another worker has claimed it. Needs an application context."""
    attempt = _claim(job_id)
    if attempt is None:
        return
    token = _current.set(attempt)
    try:
        with _heartbeat(attempt):
            _task_of(attempt)(*attempt.arguments)
    except Exception:  # whatever a task raises is stored with the job and shown
        # Without the arguments, which may be addresses.
        log.exception("job %s (%s) failed in attempt %s", job_id, attempt.task, attempt.number)
        _fail(attempt, traceback.format_exc(limit=20))
    else:
        with transaction():
            db.session.execute(attempt.change(state=JobState.DONE, progress=100, finished_at=now()))
    finally:
        _current.reset(token)


class JobHandle(NamedTuple):
    """The job that runs now, for use from any thread (solvers call back from their own)."""

    app: Flask
    attempt: Attempt | None

    def report(self, percent: int, label: str = "") -> None:
        """Store how far the job has come (0-100) and what it is doing. Not to be called inside ``transaction()``."""
        if self.attempt is not None:
            values = {"progress": max(0, min(100, percent)), "label": label[:200], "heartbeat_at": now()}
            with self.app.app_context(), transaction():
                db.session.execute(self.attempt.change(**values))

    def should_stop(self) -> bool:
        """Whether somebody asked the job to stop early, or another worker has taken it over."""
        if self.attempt is None:
            return False
        with self.app.app_context():
            query = db.select(Job.stop_requested).where(
                Job.id == self.attempt.job_id, Job.state == JobState.RUNNING, Job.attempts == self.attempt.number
            )
            asked = db.session.scalar(query)
        return asked is None or asked


def current_job() -> JobHandle:
    """Return the job that runs now; outside of one, a handle that reports nowhere and never stops."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way
    return JobHandle(app, _current.get())


def request_stop(job_id: str) -> None:
    """Ask a job to stop early and keep what it has, inside the present transaction."""
    db.session.execute(update(Job).where(Job.id == job_id).values(stop_requested=True))


def end_badly(job: Job, state: JobState, error: str) -> None:
    """Queue a failed or interrupted job again while it has retries left, else end it and tell its task.

    A task that this version no longer knows ends at once. What goes wrong while telling it is logged and stops nothing.
    """
    task = REGISTER.get(job.task)
    job.error = error
    if task is not None and job.attempts <= task.retries:
        job.state = JobState.QUEUED
        job.due_at = now() + RETRY_AFTER[min(job.attempts, len(RETRY_AFTER)) - 1]
        return
    job.state, job.finished_at = state, now()
    if task is None or task.interrupted is None:
        return
    try:
        with db.session.begin_nested():
            task.interrupted(*job.arguments)
    except Exception:  # else this job would be swept again and again, and keep the others from it
        log.exception("job %s (%s) ended badly, and its task could not be told", job.id, job.task)


def _claim(job_id: str) -> Attempt | None:
    """Compare and swap: only one worker gets a job that is queued and due."""
    with transaction():
        moment = now()
        row = db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == JobState.QUEUED, Job.due_at <= moment)
            .values(state=JobState.RUNNING, started_at=moment, heartbeat_at=moment, attempts=Job.attempts + 1)
            .values(progress=0, label="", error="")
            .returning(Job.attempts, Job.task, Job.arguments)
            .execution_options(synchronize_session=False)
        ).one_or_none()
    return Attempt(job_id, row.attempts, row.task, tuple(row.arguments)) if row else None


def _task_of(attempt: Attempt) -> Any:
    if attempt.task not in REGISTER:
        raise LookupError(f"there is no task {attempt.task} in this version")
    return REGISTER[attempt.task]


def _fail(attempt: Attempt, error: str) -> None:
    db.session.rollback()
    with transaction():
        mine = db.select(Job).where(
            Job.id == attempt.job_id, Job.state == JobState.RUNNING, Job.attempts == attempt.number
        )
        job = db.session.scalar(mine.with_for_update())
        if job is not None:
            end_badly(job, JobState.FAILED, error)


@contextmanager
def _heartbeat(attempt: Attempt) -> Iterator[None]:
    """Give a sign of life every few seconds while the task runs, from a thread of its own."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way
    if app.config["SETTINGS"].jobs == "inline":  # nobody else could take the job over
        yield
        return
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(HEARTBEAT.total_seconds()):
            try:
                with app.app_context(), transaction():
                    db.session.execute(attempt.change(heartbeat_at=now()))
            except Exception:  # the database may be busy or away for a moment; the next beat may come through
                log.warning("job %s: no sign of life could be given", attempt.job_id, exc_info=True)

    thread = threading.Thread(target=beat, name=f"heartbeat-{attempt.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
