"""Mails to participants and invited people. Each is stored once however often its job runs: the key has a stamp.

The sentences stand here and go through gettext in the language of the recipient; one template lays all of them out.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from matchmaker import jobs
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.events.models import Event
from matchmaker.mail import Mail, queue_mail, render_mail
from matchmaker.registrations.models import ACTIVE_STATES, Invitation, Participant, ParticipantState
from matchmaker.web.links import absolute_url
from matchmaker.web.times import local_datetime, zone_label

RETRIES = 5
BATCH = 100


class Letter(NamedTuple):
    """The words of one mail: subject, paragraphs, and the label of the link to the page ``endpoint`` of the event."""

    subject: str
    paragraphs: list[str]
    label: str
    endpoint: str = "registrations.show"


def stamp() -> str:
    """Return what makes the key of a mail its own: the moment of the act it tells about."""
    return now().isoformat()


@jobs.task(retries=RETRIES)
def tell(participant_id: int, notice: str, moment: str) -> None:
    """Tell one participant what became of its registration; ``notice`` is a key of ``LETTERS``."""
    with transaction():
        query = db.select(Participant).where(Participant.id == participant_id)
        participant = db.session.scalar(query.options(joinedload(Participant.user), joinedload(Participant.event)))
        if participant is not None:
            _queue(participant, notice, moment, [])


@jobs.task(retries=RETRIES)
def tell_all(event_id: int, notice: str, moment: str, fields: list[str]) -> None:
    """Tell everybody concerned that the event changed (active participants) or was cancelled (all that hoped)."""
    states: tuple[ParticipantState, ...] = ACTIVE_STATES
    if notice == "event_cancelled":
        states = (*ACTIVE_STATES, ParticipantState.PENDING, ParticipantState.WAITING)
    query = db.select(Participant.id).where(Participant.event_id == event_id, Participant.state.in_(states))
    ids = list(db.session.scalars(query.order_by(Participant.id)))
    for first in range(0, len(ids), BATCH):
        with transaction():  # one batch at a time, so that nobody waits long for the database
            batch = db.select(Participant).where(Participant.id.in_(ids[first : first + BATCH]))
            related = (joinedload(Participant.user), joinedload(Participant.event))
            for participant in db.session.scalars(batch.options(*related)).all():
                _queue(participant, notice, moment, fields)


@jobs.task(retries=RETRIES)
def invited(invitation_id: int, moment: str) -> None:
    """Invite an address, which may have no account yet."""
    with transaction():
        query = db.select(Invitation).where(Invitation.id == invitation_id)
        invitation = db.session.scalar(query.options(joinedload(Invitation.event)))
        if invitation is None:
            return
        event, email = invitation.event, invitation.email
        letter = Letter(
            _("Invitation: %(event)s", event=event.name),
            [
                _("You are invited to %(event)s.", event=event.name),
                event.summary,
                _("Sign in or sign up with this address (%(email)s), then register.", email=email),
            ],
            _("Register"),
            "registrations.register",
        )
        _send(letter, event, email, f"invitation-{invitation_id}-{moment}", when(event))


def _queue(participant: Participant, notice: str, moment: str, fields: list[str]) -> None:
    user, event = participant.user, participant.event
    with force_locale(user.locale or "en"):
        letter = LETTERS[notice](event, participant, fields)
        facts = when(event, user)
        if participant.is_active and notice != "event_cancelled":
            facts += [(_("Join link"), event.join_link)]
        _send(letter, event, user.email, f"participant-{participant.id}-{notice}-{moment}", facts, user.full_name)


def _send(letter: Letter, event: Event, to: str, key: str, facts: list[tuple[str, str]], name: str = "") -> None:
    url = absolute_url(letter.endpoint, slug=event.slug)
    paragraphs = [text for text in letter.paragraphs if text]
    text, html = render_mail(
        "registrations/mail/letter", name=name, paragraphs=paragraphs, facts=[f for f in facts if f[1]], url=url,
        label=letter.label, subject=letter.subject,
    )  # fmt: skip
    queue_mail(Mail(key=key, to=to, subject=letter.subject, text=text, html=html, event_id=event.id))


def when(event: Event, user: User | None = None) -> list[tuple[str, str]]:
    """Return when and where an event is, on its own clock and, where that differs, on the reader's."""

    def span(zone: str) -> str:
        start, end = local_datetime(event.starts_at, zone), local_datetime(event.ends_at, zone)
        return _("%(start)s to %(end)s, %(zone)s", start=start, end=end, zone=zone_label(zone, event.starts_at))

    facts = [(_("Event"), event.name), (_("When"), span(event.timezone))]
    if user is not None and local_datetime(event.starts_at, user.timezone) != local_datetime(
        event.starts_at, event.timezone
    ):
        facts.append((_("Your time"), span(user.timezone)))
    return [*facts, (_("Where"), event.venue or event.mode_label)]


def _received(event: Event, _p: Participant, _fields: list[str]) -> Letter:
    text = _("We have your registration. An organiser will decide about it; you get a mail either way.")
    return Letter(_("Registration received: %(event)s", event=event.name), [text], _("See your registration"))


def _registered(event: Event, _p: Participant, _fields: list[str]) -> Letter:
    text = _("You are registered. Your place is confirmed.")
    return Letter(_("You are registered: %(event)s", event=event.name), [text], _("Open the event"))


def _approved(event: Event, _p: Participant, _fields: list[str]) -> Letter:
    text = _("An organiser has approved your registration. Your place is confirmed.")
    return Letter(_("You are in: %(event)s", event=event.name), [text], _("Open the event"))


def _declined(event: Event, p: Participant, _fields: list[str]) -> Letter:
    text = _("An organiser has declined your registration.")
    reason = _("Reason: %(reason)s", reason=p.decision_reason) if p.decision_reason else ""
    return Letter(_("Registration declined: %(event)s", event=event.name), [text, reason], _("Open the event"))


def _waiting(event: Event, _p: Participant, _fields: list[str]) -> Letter:
    text = _("You are on the waiting list. When a place becomes free for you, it is yours at once and you get a mail.")
    return Letter(_("Waiting list: %(event)s", event=event.name), [text], _("See your place in the list"))


def _promoted(event: Event, _p: Participant, _fields: list[str]) -> Letter:
    text = _("A place has become free, and it is yours. If you can't come any more, please cancel for those who wait.")
    return Letter(_("You have a place: %(event)s", event=event.name), [text], _("Open the event"))


def _cancelled(event: Event, _p: Participant, _fields: list[str]) -> Letter:
    text = _("Your registration is cancelled, as you asked. You can register again while registration is open.")
    return Letter(_("Registration cancelled: %(event)s", event=event.name), [text], _("Open the event"))


def _event_changed(event: Event, _p: Participant, fields: list[str]) -> Letter:
    names = {
        "starts_at": _("time"), "ends_at": _("time"), "timezone": _("time zone"), "venue": _("place"),
        "mode": _("on site or online"), "join_link": _("join link"),
    }  # fmt: skip
    changed = ", ".join(dict.fromkeys(names[field] for field in fields if field in names))
    text = _("The organiser has changed this event: %(changed)s. This is how it is now:", changed=changed)
    return Letter(_("Changed: %(event)s", event=event.name), [text], _("Open the event"))


def _event_cancelled(event: Event, _p: Participant, _fields: list[str]) -> Letter:
    text = _("The organiser has cancelled this event. You don't have to do anything.")
    return Letter(_("Event cancelled: %(event)s", event=event.name), [text], _("Open the event"))


LETTERS: dict[str, Callable[[Event, Participant, list[Any]], Letter]] = {
    "received": _received,
    "registered": _registered,
    "approved": _approved,
    "declined": _declined,
    "waiting": _waiting,
    "promoted": _promoted,
    "cancelled": _cancelled,
    "event_changed": _event_changed,
    "event_cancelled": _event_cancelled,
}
