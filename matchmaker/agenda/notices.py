"""Mails about the agenda. Safe to run twice."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from matchmaker import jobs
from matchmaker.agenda import queries
from matchmaker.agenda.models import AgendaVersion, SessionSignUp
from matchmaker.db import db, transaction
from matchmaker.events.models import Event
from matchmaker.mail import Mail, queue_mail, render_mail
from matchmaker.registrations.models import ACTIVE_STATES, Participant
from matchmaker.web.links import absolute_url


@jobs.task(retries=3)
def agenda_changed(version_id: int) -> None:
    """Tell those who signed up for a session that the new version moved or renamed."""
    with transaction():
        version = db.session.get(AgendaVersion, version_id)
        if version is None:
            return
        subject = _("%(event)s: a session you signed up for has changed", event=version.event.name)
        for participant, titles in _affected(version).items():
            _send(participant, "agenda_changed", f"agenda-{version.id}-{participant.id}", subject, titles)


@jobs.task(retries=3)
def session_removed(event_id: int, uid: str, title: str, participant_ids: list[int]) -> None:
    """Tell those who had signed up that a session does not take place; ``uid`` is that of its calendar entry."""
    with transaction():
        event = db.session.get(Event, event_id)
        if event is None:
            return
        subject = _("%(event)s: “%(title)s” does not take place", event=event.name, title=title)
        for participant in _participants(participant_ids):
            _send(participant, "session_removed", f"{uid.partition('@')[0]}-gone-{participant.id}", subject, [title])


def _send(participant: Participant, notice: str, key: str, subject: str, titles: list[str]) -> None:
    event = participant.event
    text, html = render_mail(
        f"agenda/mail/{notice}", person=participant.user, event=event, titles=titles,
        url=absolute_url("agenda.show", slug=event.slug),
    )  # fmt: skip
    queue_mail(Mail(key, participant.user.email, subject, text, html, event_id=event.id))


def _affected(version: AgendaVersion) -> dict[Participant, list[str]]:
    """Return whom to tell about which sessions, by their published titles."""
    earlier = next((v for v in queries.versions_of(version.event_id) if v.number == version.number - 1), None)
    before = {entry["id"]: entry["sequence"] for entry in earlier.content} if earlier else {}
    moved = {
        entry["id"]: entry["title"]
        for entry in version.content
        if entry["id"] in before and entry["sequence"] != before[entry["id"]]
    }
    query = db.select(SessionSignUp).where(SessionSignUp.agenda_session_id.in_(moved))
    titles: dict[int, list[str]] = {}
    rows = db.session.scalars(query).all()
    for session_id, title in moved.items():
        for row in rows:
            if row.agenda_session_id == session_id:
                titles.setdefault(row.participant_id, []).append(title)
    return {participant: titles[participant.id] for participant in _participants(titles)}


def _participants(ids: Collection[int]) -> list[Participant]:
    query = db.select(Participant).where(Participant.id.in_(list(ids)), Participant.state.in_(ACTIVE_STATES))
    related = (joinedload(Participant.user), joinedload(Participant.event))
    return list(db.session.scalars(query.options(*related).order_by(Participant.id)))
