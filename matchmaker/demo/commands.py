"""The commands of the demo."""

from random import Random
from time import perf_counter

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import delete, update

from matchmaker.clock import clock, now
from matchmaker.db import db, transaction
from matchmaker.demo.content import Shift, read
from matchmaker.demo.fair import SLUG, load_fair, register_outsider
from matchmaker.demo.life import Life
from matchmaker.demo.people import load_people
from matchmaker.demo.programme import load_programme
from matchmaker.events.queries import event_by_slug
from matchmaker.jobs import Job, JobState, run_job
from matchmaker.mail import Message

demo = AppGroup("demo", help="The demo: a cooperation project with an event that is alive.")
SEED = 2026


@demo.command("load")
def load() -> None:
    """Load the demo into an empty database; a database that has it already is left alone."""
    if event_by_slug(SLUG) is not None:
        click.echo("The demo is loaded already.")
        return
    started = perf_counter()

    def say(step: str) -> None:
        click.echo(f"  {perf_counter() - started:5.1f} s  {step}")

    # Jobs wait until it is decided which of them run: a demo shall not fill the outbox with a thousand mails.
    current_app.extensions["matchmaker_jobs"] = lambda _job_id: None
    present, random = now(), Random(SEED)  # noqa: S311 - the same demo each time
    shift = Shift.to(present.date())
    try:
        say("project, people and events")
        with transaction():
            people = load_people()
            events = load_programme(people, shift)
            register_outsider(events["webinar-2"], people)
        say("participants, profiles and slots")
        with transaction():
            fair = load_fair(events[SLUG], people, shift, random)
        Life(fair, people.accounts["olga"], random, say).run(present)
    finally:
        clock.freeze(None)
    say("mails to the demo accounts")
    _send_some([row["email"] for row in read("accounts")["accounts"] if row["one_click"]])
    say("done")


def _send_some(addresses: list[str]) -> None:
    """Run the notices; deliver what goes to the demo accounts; drop the other mails, which nobody could read."""
    waiting = db.select(Job.id).where(Job.state == JobState.QUEUED).order_by(Job.created_at, Job.id)
    with transaction():
        db.session.execute(update(Job).values(due_at=now()))
    for job_id in db.session.scalars(waiting.where(~Job.task.endswith(".deliver"))).all():
        run_job(job_id)
    with transaction():
        dropped = db.session.scalars(db.select(Message.id).where(Message.recipient.not_in(addresses))).all()
        db.session.execute(delete(Message).where(Message.id.in_(dropped)))
        for job in db.session.scalars(
            db.select(Job).where(Job.task.endswith(".deliver"), Job.state == JobState.QUEUED)
        ):
            if job.arguments[0] in set(dropped):
                db.session.delete(job)
    for job_id in db.session.scalars(waiting).all():
        run_job(job_id)


@demo.command("accounts")
def accounts() -> None:
    """Print the demo accounts."""
    click.echo("Sign in with one click on the sign-in page, as:")
    for row in read("accounts")["accounts"]:
        if row["one_click"]:
            click.echo(f"  {row['first_name']} {row['last_name']:<12} {row['label']}")
