"""Running one job: claim, heartbeat, progress, result, retry. The same for every backend."""

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import update

from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.jobs.models import HEARTBEAT, Job, JobState
from matchmaker.jobs.tasks import REGISTER, RETRY_AFTER, Task

log = logging.getLogger(__name__)
_current: ContextVar[str | None] = ContextVar("current_job", default=None)


def run_job(job_id: str) -> None:
    """Run a queued job once; return at once when another worker has claimed it. Needs an application context."""
    if not _claim(job_id):
        return
    job = db.session.get_one(Job, job_id)
    task, arguments = REGISTER[job.task], list(job.arguments)
    db.session.rollback()
    token = _current.set(job_id)
    try:
        with _heartbeat(job_id):
            task(*arguments)
    except Exception:  # whatever a task raises is stored with the job and shown
        log.exception("job %s (%s%r) failed", job_id, task.name, arguments)
        db.session.rollback()
        with transaction():
            end_badly(db.session.get_one(Job, job_id), task, JobState.FAILED, traceback.format_exc(limit=20))
    else:
        with transaction():
            _store(job_id, state=JobState.DONE, progress=100, finished_at=now())
    finally:
        _current.reset(token)


@dataclass(frozen=True)
class JobHandle:
    """The job that runs now, for use from any thread (solvers call back from their own)."""

    app: Flask
    job_id: str | None

    def report(self, percent: int, label: str = "") -> None:
        """Store how far the job has come (0-100) and what it is doing."""
        if self.job_id is not None:
            with self.app.app_context(), transaction():
                _store(self.job_id, progress=max(0, min(100, percent)), label=label[:200], heartbeat_at=now())

    def should_stop(self) -> bool:
        """Whether somebody asked the job to stop early."""
        if self.job_id is None:
            return False
        with self.app.app_context():
            return bool(db.session.scalar(db.select(Job.stop_requested).where(Job.id == self.job_id)))


def current_job() -> JobHandle:
    """Return the job that runs now; outside of one, a handle that reports nowhere and never stops."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way
    return JobHandle(app, _current.get())


def request_stop(job_id: str) -> None:
    """Ask a job to stop early and keep what it has, inside the present transaction."""
    _store(job_id, stop_requested=True)


def end_badly(job: Job, task: Task, state: JobState, error: str) -> None:
    """Queue a failed or interrupted job again while it has retries left, else end it and tell its task."""
    job.error = error
    if job.attempts <= task.retries:
        job.state = JobState.QUEUED
        job.due_at = now() + RETRY_AFTER[min(job.attempts, len(RETRY_AFTER)) - 1]
        return
    job.state, job.finished_at = state, now()
    if task.interrupted is not None:
        task.interrupted(*job.arguments)


def _claim(job_id: str) -> bool:
    """Compare and swap: only one worker gets a queued job."""
    with transaction():
        moment = now()
        claimed = db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == JobState.QUEUED)
            .values(state=JobState.RUNNING, started_at=moment, heartbeat_at=moment, attempts=Job.attempts + 1, error="")
        )
    return bool(claimed.rowcount)  # type: ignore[attr-defined]


def _store(job_id: str, **values: object) -> None:
    db.session.execute(update(Job).where(Job.id == job_id).values(**values))


@contextmanager
def _heartbeat(job_id: str) -> Iterator[None]:
    """Give a sign of life every few seconds while the task runs, from a thread of its own."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way
    if app.config["SETTINGS"].jobs == "inline":  # nobody else could take the job over
        yield
        return
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(HEARTBEAT.total_seconds()):
            with app.app_context(), transaction():
                _store(job_id, heartbeat_at=now())

    thread = threading.Thread(target=beat, name=f"heartbeat-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
