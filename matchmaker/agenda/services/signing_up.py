"""Taking and giving back places in sessions with sign-up."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matchmaker.agenda import queries
from matchmaker.agenda.errors import NotOpenForSignUp, SessionFull
from matchmaker.agenda.models import AgendaSession, SessionSignUp
from matchmaker.agenda.signals import sign_up_changed
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.registrations.models import Participant

TRIES = 5  # places lost to somebody quicker before we give up


def sign_up(session: AgendaSession, participant: Participant) -> SessionSignUp:
    """Sign a participant up. Raises ``SessionFull``, ``NotOpenForSignUp``, or a clash found by a receiver.

    The places 1..capacity are unique in the database, so two people never get the last one.
    """
    existing = queries.sign_up_of(session.id, participant.id)
    if existing:
        return existing
    _check_open(session)
    row = _take_place(session, participant)
    sign_up_changed.send(session, participant=participant)
    return row


def leave(session: AgendaSession, participant: Participant) -> None:
    """Give the place in a session back."""
    row = queries.sign_up_of(session.id, participant.id)
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        sign_up_changed.send(session, participant=participant)


def leave_all(participant: Participant) -> None:
    """Give back the places in sessions that have not begun yet, of somebody who no longer takes part."""
    for row in queries.sign_ups_by(participant.id):
        if row.agenda_session.starts_at > now():
            leave(row.agenda_session, participant)


def _check_open(session: AgendaSession) -> None:
    published = {item.id: item for item in queries.published_items(session.event_id)}.get(session.id)
    if published is None or not published.has_sign_up or not session.has_sign_up or session.starts_at <= now():
        raise NotOpenForSignUp(_("Sign-up for this session is closed."))


def _take_place(session: AgendaSession, participant: Participant) -> SessionSignUp:
    for _attempt in range(TRIES):
        if own := queries.sign_up_of(session.id, participant.id):  # a double click
            return own
        taken = {row.place for row in queries.sign_ups_of(session.id)}
        place = next(number for number in range(1, len(taken) + 2) if number not in taken)
        if session.capacity is not None and place > session.capacity:
            raise SessionFull(_("Every place of “%(title)s” is taken.", title=session.title))
        row = SessionSignUp(agenda_session_id=session.id, participant_id=participant.id, place=place)
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError:  # somebody else was quicker: the next place, if there is one
            continue
        return row
    raise SessionFull(_("Somebody else was quicker. Please try again."))
