"""Handing jobs over: inline, to a thread of this process, or to RQ on Redis. The only user of RQ and Redis."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy import update

from matchmaker.clock import now
from matchmaker.db import db, on_commit, transaction
from matchmaker.jobs.models import SILENCE, Job, JobState
from matchmaker.jobs.runner import end_badly, run_job
from matchmaker.jobs.tasks import REGISTER, Task

log = logging.getLogger(__name__)
QUEUE = "matchmaker"
SWEEP_SECONDS = 5.0
RESEND_AFTER = timedelta(minutes=1)


def enqueue(task: Task, *arguments: Any) -> Job:
    """Store a job in the present transaction; it starts after the commit. ``arguments`` are ids (JSON values)."""
    job = Job(task=task.name, arguments=list(arguments))
    db.session.add(job)
    db.session.flush()
    job_id = job.id
    on_commit(lambda: _hand_over(job_id))
    return job


def job_of(job_id: str) -> Job | None:
    """Return a job by id; whether the asker may see it is the caller's business."""
    return db.session.get(Job, job_id)


def may_retry(job: Job) -> bool:
    """Whether a job has ended badly and its task is safe to run again."""
    task = REGISTER.get(job.task)
    return job.state in (JobState.FAILED, JobState.INTERRUPTED) and task is not None and task.retries > 0


def retry(job: Job) -> None:
    """Queue a job that ``may_retry`` once more, inside the present transaction."""
    job_id = job.id
    job.state, job.due_at, job.attempts, job.finished_at = JobState.QUEUED, now(), 0, None
    on_commit(lambda: _hand_over(job_id))


def sweep() -> None:
    """Put right what a dead worker left behind: its jobs are tried again or end as interrupted."""
    moment = now()
    with transaction():
        silent = db.select(Job).where(Job.state == JobState.RUNNING, Job.heartbeat_at < moment - SILENCE)
        for job in db.session.scalars(silent).all():
            log.warning("job %s (%s) gave no sign of life", job.id, job.task)
            end_badly(job, REGISTER[job.task], JobState.INTERRUPTED, "The worker stopped in the middle of this job.")


def due_jobs() -> list[str]:
    """Return the ids of the jobs that wait and are due, oldest first."""
    query = db.select(Job.id).where(Job.state == JobState.QUEUED, Job.due_at <= now()).order_by(Job.created_at)
    ids = list(db.session.scalars(query))
    db.session.rollback()
    return ids


def _hand_over(job_id: str) -> None:
    hand_over: Callable[[str], None] = current_app.extensions["matchmaker_jobs"]
    hand_over(job_id)


def init_app(app: Flask) -> None:
    """Choose the backend by the setting ``jobs`` and add the command ``flask worker``."""
    backends: dict[str, Callable[[Flask], Callable[[str], None]]] = {
        "inline": lambda _app: run_job,
        "thread": lambda app: ThreadBackend(app).hand_over,
        "rq": lambda app: RqBackend(app).hand_over,
    }
    app.extensions["matchmaker_jobs"] = backends[app.config["SETTINGS"].jobs](app)
    app.cli.add_command(worker)


class ThreadBackend:
    """One worker thread in this process, started at the first job; it takes its work from the table."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def hand_over(self, _job_id: str) -> None:
        """Wake the worker thread."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._thread.start()
        self._wake.set()

    def _work(self) -> None:
        while True:
            self._wake.clear()
            with self._app.app_context():
                try:
                    sweep()
                    for job_id in due_jobs():
                        run_job(job_id)
                except Exception:  # the database may be away for a while; the jobs wait in the table
                    log.exception("the job thread goes on after a failure")
            self._wake.wait(SWEEP_SECONDS)


class RqBackend:
    """RQ carries the id of a job to any worker on any machine; JSON, so that Redis never holds code."""

    def __init__(self, app: Flask) -> None:
        from redis import Redis
        from rq import Queue

        self.redis = Redis.from_url(app.config["SETTINGS"].redis_url)
        self.queue = Queue(QUEUE, connection=self.redis, serializer="json")

    def hand_over(self, job_id: str) -> None:
        """Send the id. If Redis is away the job waits in the table until a worker sweeps."""
        try:
            self.queue.enqueue(run_in_worker, job_id, job_timeout=-1, result_ttl=0, failure_ttl=3600)
        except Exception:  # a booking must not fail because Redis is away
            log.exception("job %s could not be handed to Redis; it waits in the table", job_id)


_worker_apps: list[Flask] = []


def run_in_worker(job_id: str) -> None:
    """What RQ calls in a process started by ``flask worker``."""
    with _worker_apps[0].app_context():
        run_job(job_id)


@click.command("worker")
@click.option("--burst", is_flag=True, help="Stop when the queue is empty.")
def worker(*, burst: bool) -> None:
    """Run background jobs from Redis; start as many as you like, on any machine."""
    from rq import SimpleWorker

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way
    _worker_apps.append(app)
    backend = RqBackend(app)
    stopped = threading.Event()
    threading.Thread(target=_keep_sweeping, args=(app, backend, stopped), name="sweep", daemon=True).start()
    # One long-lived process: a forking worker would load the embedding model anew for every job.
    SimpleWorker([backend.queue], connection=backend.redis, serializer="json").work(burst=burst, with_scheduler=False)
    stopped.set()


def _keep_sweeping(app: Flask, backend: RqBackend, stopped: threading.Event) -> None:
    """Sweep every few seconds, and send again what has waited too long, such as retries or what Redis lost."""
    while not stopped.wait(SWEEP_SECONDS):
        with app.app_context():
            try:
                sweep()
                for job_id in due_jobs():
                    with transaction():
                        db.session.execute(update(Job).where(Job.id == job_id).values(due_at=now() + RESEND_AFTER))
                    backend.hand_over(job_id)
            except Exception:  # the database or Redis may be away for a while
                log.exception("sweeping failed; trying again")
