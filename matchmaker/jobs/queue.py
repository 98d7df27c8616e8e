"""Handing jobs over: inline, to a thread of this process, or to RQ on Redis. The only user of RQ and Redis."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

import click
from flask import Flask, current_app

from matchmaker.clock import now
from matchmaker.db import db, on_commit, transaction
from matchmaker.jobs.daily import queue_daily, run_daily
from matchmaker.jobs.models import SILENCE, Job, JobState
from matchmaker.jobs.runner import end_badly, run_job
from matchmaker.jobs.tasks import REGISTER, Task

log = logging.getLogger(__name__)
QUEUE = "matchmaker"
SWEEP_SECONDS = 5.0
AWAY_SECONDS = 10.0  # for which a Redis that did not answer is not asked again
THREADS = 2  # so that a long run of the solver does not hold up mails


def enqueue(task: Task, *arguments: Any, delay: timedelta | None = None) -> Job:
    """Store a job in the present transaction; it starts after the commit. ``arguments`` are ids (JSON values).

    With ``delay`` it waits in the table at least so long, until whoever sweeps finds it due.
    """
    job = Job(task=task.name, arguments=list(arguments), due_at=now() + (delay or timedelta()))
    db.session.add(job)
    db.session.flush()
    job_id = job.id
    if not delay:
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
    """Queue a job that ``may_retry`` once more, with all its retries, inside the present transaction."""
    job_id = job.id
    job.state, job.due_at, job.attempts, job.finished_at = JobState.QUEUED, now(), 0, None
    job.error, job.stop_requested = "", False
    on_commit(lambda: _hand_over(job_id))


def sweep() -> None:
    """Put right what a dead worker left behind: its jobs are tried again or end as interrupted."""
    silent = (Job.state == JobState.RUNNING, Job.heartbeat_at < now() - SILENCE)
    ids = db.session.scalars(db.select(Job.id).where(*silent)).all()
    db.session.rollback()
    for job_id in ids:
        with transaction():  # one each: a job that can't be put right must not hold up the others
            # Locked and asked again: another worker may be sweeping too, or the job may just have ended.
            found = db.select(Job).where(Job.id == job_id, *silent).with_for_update(skip_locked=True)
            job = db.session.scalar(found)
            if job is not None:
                log.warning("job %s (%s) gave no sign of life", job.id, job.task)
                end_badly(job, JobState.INTERRUPTED, "The worker stopped in the middle of this job.")


def due_jobs(most: int | None = None) -> list[str]:
    """Return the ids of the jobs that wait and are due, those that have waited longest first."""
    query = db.select(Job.id).where(Job.state == JobState.QUEUED, Job.due_at <= now())
    ids = list(db.session.scalars(query.order_by(Job.due_at, Job.created_at).limit(most)))
    db.session.rollback()
    return ids


def _hand_over(job_id: str) -> None:
    hand_over: Callable[[str], None] = current_app.extensions["matchmaker_jobs"]
    hand_over(job_id)


def init_app(app: Flask) -> None:
    """Choose the backend by the setting ``jobs`` and add the commands ``flask worker`` and ``flask daily``."""
    backends: dict[str, Callable[[Flask], Callable[[str], None]]] = {
        "inline": lambda _app: run_job,
        "thread": lambda app: ThreadBackend(app).hand_over,
        "rq": lambda app: RqBackend(app).hand_over,
    }
    app.extensions["matchmaker_jobs"] = backends[app.config["SETTINGS"].jobs](app)
    app.cli.add_command(worker)
    app.cli.add_command(run_daily)


class ThreadBackend:
    """Worker threads in the process that serves, started by its first request; they take their work from the table.

    Commands start none: they would be cut off at the end of the command. What they enqueue waits for the server.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        app.before_request(self.start)

    def start(self) -> None:
        """Start the threads unless they run: also after a fork, which copies no threads, and for what a restart left."""
        if any(thread.is_alive() for thread in self._threads):
            return
        with self._lock:
            if any(thread.is_alive() for thread in self._threads):
                return
            self._threads = [
                threading.Thread(target=self._work, name=f"jobs-{number}", daemon=True) for number in range(THREADS)
            ]
            for thread in self._threads:
                thread.start()

    def hand_over(self, _job_id: str) -> None:
        """Wake the threads."""
        self._wake.set()

    def stop(self) -> None:
        """End the threads after the jobs they are running."""
        self._stopped.set()
        self._wake.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while not self._stopped.is_set():
            self._wake.clear()
            try:
                while self._run_next() and not self._stopped.is_set():
                    pass
            except Exception:  # the database may be away for a while; the jobs wait in the table
                log.exception("the job thread goes on after a failure")
            self._wake.wait(SWEEP_SECONDS)

    def _run_next(self) -> bool:
        with self._app.app_context():
            sweep()
            queue_daily()
            for job_id in due_jobs(most=1):
                run_job(job_id)
                return True
        return False


class RqBackend:
    """RQ carries the id of a job to any worker on any machine; JSON, so that Redis never holds code."""

    def __init__(self, app: Flask) -> None:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
        from rq import Queue

        url = app.config["SETTINGS"].redis_url
        # People wait for what enqueues, so a Redis that is away has to be noticed at once.
        patience = {"socket_connect_timeout": 1, "socket_timeout": 3, "retry": Retry(NoBackoff(), 0)}
        self.queue = Queue(QUEUE, connection=Redis.from_url(url, **patience), serializer="json")
        self._away_until = 0.0

    def hand_over(self, job_id: str) -> None:
        """Send the id. If Redis is away the job waits in the table until a worker sweeps."""
        if monotonic() < self._away_until:
            return
        try:
            self.queue.enqueue(run_in_worker, job_id, job_timeout=-1, result_ttl=0, failure_ttl=3600)
        except Exception:  # a booking must not fail because Redis is away
            self._away_until = monotonic() + AWAY_SECONDS
            log.exception("Redis is away; job %s and those after it wait in the table", job_id)


_worker_apps: list[Flask] = []


def run_in_worker(job_id: str) -> None:
    """What RQ calls in a process started by ``flask worker``."""
    with _worker_apps[0].app_context():
        run_job(job_id)


@click.command("worker")
@click.option("--burst", is_flag=True, help="Stop when the queue is empty.")
def worker(*, burst: bool) -> None:
    """Run background jobs from Redis; start as many as you like, on any machine."""
    from redis import Redis
    from rq import Queue, SimpleWorker

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way
    _worker_apps[:] = [app]
    backend = RqBackend(app)
    _pick_up(backend)
    stopped = threading.Event()
    threading.Thread(target=_keep_sweeping, args=(app, backend, stopped), name="sweep", daemon=True).start()
    # Its own connection, which may wait for work as long as it takes.
    queue = Queue(QUEUE, connection=Redis.from_url(app.config["SETTINGS"].redis_url), serializer="json")
    # One long-lived process: a forking worker would load the embedding model anew for every job.
    SimpleWorker([queue], connection=queue.connection, serializer="json").work(burst=burst, with_scheduler=False)
    stopped.set()


def _pick_up(backend: RqBackend) -> None:
    """Sweep, and send again what is due although nothing waits in Redis: retries, and what Redis lost."""
    try:
        sweep()
        queue_daily()
        for job_id in due_jobs() if backend.queue.is_empty() else ():
            backend.hand_over(job_id)
    except Exception:  # the database or Redis may be away for a while
        log.exception("sweeping failed; trying again")


def _keep_sweeping(app: Flask, backend: RqBackend, stopped: threading.Event) -> None:
    while not stopped.wait(SWEEP_SECONDS):
        with app.app_context():
            _pick_up(backend)
