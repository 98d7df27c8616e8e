"""Editing the draft of an agenda: sessions and rooms. Participants see nothing of it before it is published."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from matchmaker import audit, jobs
from matchmaker.accounts.models import User
from matchmaker.agenda import notices, queries
from matchmaker.agenda.errors import NameTaken
from matchmaker.agenda.models import AgendaSession, Room, SessionSignUp, Speaker
from matchmaker.agenda.signals import session_changed
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import NotFound
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event

FIELDS = (
    "title", "kind", "starts_at", "ends_at", "description", "room_id", "join_link", "capacity", "has_sign_up",
)  # fmt: skip
CALENDAR_FIELDS = ("title", "starts_at", "ends_at", "room_id", "join_link")


class SessionInput(NamedTuple):
    """What the form of a session gives; ``speakers`` are (name, organisation)."""

    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    description: str = ""
    room_id: int | None = None
    join_link: str = ""
    capacity: int | None = None
    has_sign_up: bool = False
    speakers: Sequence[tuple[str, str]] = ()


def add_session(event: Event, given: SessionInput, actor: User) -> AgendaSession:
    """Add a session to the draft agenda."""
    event_queries.locked(event.id)
    session = AgendaSession(event_id=event.id, uid=_new_uid())
    _fill(session, given)
    db.session.add(session)
    db.session.flush()
    session.speakers = _speakers(event.id, given.speakers)
    audit.record(actor, "agenda.session_added", session.title, event.id)
    return session


def change_session(session: AgendaSession, given: SessionInput, actor: User) -> None:
    """Change a session; its calendar entry gets the next sequence number if time, place or title changes.

    Raises what a receiver of ``session_changed`` refuses with, such as a meeting in the way.
    """
    event_queries.locked(session.event_id)  # the same new speaker must not be stored twice
    before = _facts(session)
    _fill(session, given)
    session.speakers = _speakers(session.event_id, given.speakers)
    after = _facts(session)
    changed = [name for name in before if before[name] != after[name]]
    if changed:
        session.changed_at = now()
    if set(changed) & set(CALENDAR_FIELDS):
        session.sequence += 1
        db.session.flush()
        session_changed.send(session)
    audit.record(actor, "agenda.session_changed", session.title, session.event_id, {"fields": changed})


def remove_session(session: AgendaSession, actor: User) -> None:
    """Remove a session with its sign-ups: seats they took are free again, and those people are told."""
    _hold(session)
    people = [row.participant_id for row in queries.sign_ups_of(session.id)]
    if people:
        jobs.enqueue(notices.session_removed, session.event_id, session.uid, session.title, people)
    gone = delete(SessionSignUp).where(SessionSignUp.agenda_session_id == session.id)
    db.session.execute(gone.execution_options(synchronize_session="fetch"))
    session_changed.send(session)
    audit.record(actor, "agenda.session_removed", session.title, session.event_id, {"sign_ups": len(people)})
    db.session.delete(session)


def add_room(event: Event, name: str, capacity: int | None, actor: User) -> Room:
    """Add a room. Raises ``NameTaken``."""
    event_queries.locked(event.id)
    room = Room(event_id=event.id, name=name, capacity=capacity, position=len(queries.rooms_of(event.id)))
    try:
        with db.session.begin_nested():
            db.session.add(room)
    except IntegrityError as error:
        raise NameTaken(_("There is a room of this name already."), field="name") from error
    audit.record(actor, "agenda.room_added", name, event.id)
    return room


def remove_room(room: Room, actor: User) -> None:
    """Remove a room; its sessions stay without one, which changes their calendar entries."""
    _hold(room)
    for session in queries.sessions_in(room.id):
        session.room = None
        session.sequence += 1
        session.changed_at = now()
    audit.record(actor, "agenda.room_removed", room.name, room.event_id)
    db.session.flush()
    db.session.delete(room)


def start_from_usual(event: Event, sessions: Sequence[SessionInput], actor: User) -> int:
    """Fill an empty agenda with the usual sessions of the event's kind; return how many were added."""
    event_queries.locked(event.id)
    if queries.sessions_of(event.id):
        return 0
    for given in sessions:
        add_session(event, given, actor)
    return len(sessions)


def _hold(row: AgendaSession | Room) -> None:
    """Hold the event, so that one organiser at a time edits its agenda. Raises ``NotFound`` if the row is gone by now."""
    event_queries.locked(row.event_id)
    if db.session.get(type(row), row.id, populate_existing=True) is None:
        raise NotFound(_("Somebody else removed this meanwhile."))


def _new_uid() -> str:
    """A calendar UID: random, with the domain of this installation, without personal data."""
    host = urlsplit(current_app.config["SETTINGS"].base_url).hostname
    return f"session-{uuid.uuid4().hex[:16]}@{host}"[:60]


def _fill(session: AgendaSession, given: SessionInput) -> None:
    for name in FIELDS:
        setattr(session, name, getattr(given, name))


def _facts(session: AgendaSession) -> dict[str, Any]:
    speakers = sorted((speaker.name, speaker.organisation) for speaker in session.speakers)
    return {**{name: getattr(session, name) for name in FIELDS}, "speakers": speakers}


def _speakers(event_id: int, given: Sequence[tuple[str, str]]) -> list[Speaker]:
    """Return the speakers with these names, known ones first, made where they are new to the event."""
    known = queries.speakers_named(event_id, [name for name, _organisation in given])
    for name, organisation in given:
        if name not in known:
            known[name] = Speaker(event_id=event_id, name=name, organisation="")
            db.session.add(known[name])
        known[name].organisation = organisation or known[name].organisation
    return list(known.values())
