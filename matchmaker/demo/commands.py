"""The commands of the demo."""

from datetime import timedelta
from random import Random
from time import perf_counter

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import delete, update

from matchmaker.accounts.models import User
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
from matchmaker.meetings.models import Meeting
from matchmaker.registrations.models import Participant

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
        clock.freeze(present - timedelta(weeks=3))
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
    """Run the notices about meetings of the demo accounts and deliver their mails; drop the rest, which nobody reads."""
    mine = db.select(Participant.id).join(User).where(User.email.in_(addresses))
    meetings = set(
        db.session.scalars(db.select(Meeting.id).where(Meeting.first_id.in_(mine) | Meeting.second_id.in_(mine)))
    )
    with transaction():
        db.session.execute(update(Job).values(due_at=now()))
        for job in _waiting():
            if job.arguments[0] not in meetings:
                db.session.delete(job)
    for job_id in [job.id for job in _waiting()]:
        run_job(job_id)
    with transaction():
        others = set(db.session.scalars(db.select(Message.id).where(Message.recipient.not_in(addresses))))
        for job in _waiting():
            if job.arguments[0] in others:
                db.session.delete(job)
        db.session.execute(delete(Message).where(Message.id.in_(others)))
    for job_id in [job.id for job in _waiting()]:
        run_job(job_id)


def _waiting() -> list[Job]:
    query = db.select(Job).where(Job.state == JobState.QUEUED).order_by(Job.created_at, Job.id)
    return list(db.session.scalars(query))


@demo.command("accounts")
def accounts() -> None:
    """Print the demo accounts."""
    click.echo("Sign in with one click on the sign-in page, as:")
    for row in read("accounts")["accounts"]:
        if row["one_click"]:
            click.echo(f"  {row['first_name']} {row['last_name']:<12} {row['label']}")
