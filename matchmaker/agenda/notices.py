"""Mails about the agenda. Safe to run twice."""

from flask_babel import gettext as _

from matchmaker import jobs
from matchmaker.agenda import queries
from matchmaker.agenda.models import AgendaSession, AgendaVersion, SessionSignUp
from matchmaker.db import db, transaction
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
        for participant, titles in _affected(version).items():
            values = {
                "person": participant.user, "event": version.event, "titles": titles,
                "url": absolute_url("agenda.show", slug=version.event.slug),
            }  # fmt: skip
            text, html = render_mail("agenda/mail/agenda_changed", **values)
            subject = _("%(event)s: a session you signed up for has changed", event=version.event.name)
            key = f"agenda-{version.id}-{participant.id}"
            queue_mail(Mail(key, participant.user.email, subject, text, html, event_id=version.event_id))


def _affected(version: AgendaVersion) -> dict[Participant, list[str]]:
    """Return whom to tell about which sessions."""
    earlier = next((v for v in queries.versions_of(version.event_id) if v.number == version.number - 1), None)
    before = {entry["id"]: entry["sequence"] for entry in earlier.content} if earlier else {}
    moved = [e["id"] for e in version.content if e["id"] in before and e["sequence"] != before[e["id"]]]
    query = (
        db.select(Participant, AgendaSession.title)
        .join(SessionSignUp, SessionSignUp.participant_id == Participant.id)
        .join(AgendaSession, SessionSignUp.agenda_session_id == AgendaSession.id)
        .where(AgendaSession.id.in_(moved), Participant.state.in_(ACTIVE_STATES))
    )
    found: dict[Participant, list[str]] = {}
    for participant, title in db.session.execute(query.order_by(AgendaSession.starts_at)):
        found.setdefault(participant, []).append(title)
    return found
