"""Duties that an installation does by itself once a day. Whoever sweeps starts them; the table of jobs settles who.

A capability declares a duty by ``@jobs.daily``: an ordinary function without arguments that is safe to run twice.
"""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

import click
from flask import current_app
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.tasks import Task, task

DUTIES: list[Task] = []
STARTED = "matchmaker_daily"  # extension: the day for which this process knows the duties to be queued


def daily(function: Callable[[], None]) -> Task:
    """Register a function as a task that runs once a day."""
    duty = task(retries=3)(function)
    DUTIES.append(duty)
    return duty


def queue_daily() -> None:
    """Queue the duties of today (UTC) unless somebody did; no transaction may be open."""
    today = now().date()
    if current_app.extensions.get(STARTED) == today:
        return
    for duty in DUTIES:
        _queue(duty, today)
    current_app.extensions[STARTED] = today


def kept_since() -> datetime:
    """Return the moment before which finished jobs and sent mails are forgotten (setting ``keep_days``)."""
    return now() - timedelta(days=current_app.config["SETTINGS"].keep_days)


def _queue(duty: Task, day: date) -> None:
    """Queue a duty under an id made of its name and the day: whoever comes second finds it there."""
    job_id = uuid.uuid5(uuid.NAMESPACE_OID, f"{duty.name} {day}").hex
    known = db.session.get(Job, job_id)
    db.session.rollback()
    if known is not None:
        return
    try:
        with transaction():
            db.session.add(Job(id=job_id, task=duty.name))
    except IntegrityError:
        return  # another process was quicker


@daily
def forget_jobs() -> None:
    """Remove jobs that ended long ago."""
    with transaction():
        ended = Job.state.in_((JobState.DONE, JobState.FAILED, JobState.INTERRUPTED))
        old = delete(Job).where(ended, Job.finished_at < kept_since())
        db.session.execute(old.execution_options(synchronize_session=False))


@click.command("daily")
def run_daily() -> None:
    """Do the daily duties now. The server and the workers do them by themselves."""
    for duty in DUTIES:
        duty()
        click.echo(f"done: {duty.name}")
