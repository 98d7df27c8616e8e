"""Editing and publishing an agenda, and signing up for its sessions."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from matchmaker import audit, jobs
from matchmaker.accounts.models import User
from matchmaker.agenda import queries
from matchmaker.agenda.errors import NameTaken, NotOpenForSignUp, SessionFull
from matchmaker.agenda.models import AgendaSession, AgendaVersion, Room, SessionSignUp, Speaker
from matchmaker.agenda.signals import session_changed, sign_up_changed
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events.models import Event
from matchmaker.registrations.models import Participant

CALENDAR_FIELDS = ("title", "starts_at", "ends_at", "room_id", "join_link")


@dataclass(frozen=True)
class SessionInput:
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


def new_uid() -> str:
    """Return a calendar UID: random, with the domain of this installation, without personal data."""
    host = urlsplit(current_app.config["SETTINGS"].base_url).hostname
    return f"session-{uuid.uuid4().hex[:16]}@{host}"[:60]


def add_session(event: Event, given: SessionInput, actor: User) -> AgendaSession:
    """Add a session to the draft agenda."""
    session = AgendaSession(event_id=event.id, uid=new_uid())
    _fill(session, given)
    db.session.add(session)
    db.session.flush()
    session.speakers = _speakers(event.id, given.speakers)
    audit.record(actor, "agenda.session_added", session.title, event.id)
    return session


def change_session(session: AgendaSession, given: SessionInput, actor: User) -> None:
    """Change a session; its calendar entry gets the next sequence number if time, place or title changes."""
    before = {name: getattr(session, name) for name in CALENDAR_FIELDS}
    _fill(session, given)
    session.speakers = _speakers(session.event_id, given.speakers)
    if before != {name: getattr(session, name) for name in CALENDAR_FIELDS}:
        session.sequence += 1
        session.changed_at = now()
        db.session.flush()
        session_changed.send(session)
    audit.record(actor, "agenda.session_changed", session.title, session.event_id)


def remove_session(session: AgendaSession, actor: User) -> None:
    """Remove a session with its sign-ups; seats they took are free again."""
    db.session.execute(delete(SessionSignUp).where(SessionSignUp.agenda_session_id == session.id))
    session_changed.send(session)
    audit.record(actor, "agenda.session_removed", session.title, session.event_id)
    db.session.delete(session)


def _fill(session: AgendaSession, given: SessionInput) -> None:
    for name in (
        "title",
        "kind",
        "starts_at",
        "ends_at",
        "description",
        "room_id",
        "join_link",
        "capacity",
        "has_sign_up",
    ):
        setattr(session, name, getattr(given, name))


def _speakers(event_id: int, given: Sequence[tuple[str, str]]) -> list[Speaker]:
    """Return the speakers with these names, known ones first, made where they are new to the event."""
    known = queries.speakers_named(event_id, [name for name, _organisation in given])
    for name, organisation in given:
        speaker = known.setdefault(name, Speaker(event_id=event_id, name=name))
        speaker.organisation = organisation or speaker.organisation or ""
        db.session.add(speaker)
    return list(known.values())


def add_room(event: Event, name: str, capacity: int | None, actor: User) -> Room:
    """Add a room. Raises ``NameTaken``."""
    room = Room(event_id=event.id, name=name, capacity=capacity, position=len(queries.rooms_of(event.id)))
    try:
        with db.session.begin_nested():
            db.session.add(room)
    except IntegrityError as error:
        raise NameTaken(_("There is a room of this name already."), field="name") from error
    audit.record(actor, "agenda.room_added", name, event.id)
    return room


def remove_room(room: Room, actor: User) -> None:
    """Remove a room; its sessions stay without one."""
    audit.record(actor, "agenda.room_removed", room.name, room.event_id)
    db.session.delete(room)


def start_from_usual(event: Event, sessions: Sequence[SessionInput], actor: User) -> int:
    """Fill an empty agenda with the usual sessions of the event's kind; return how many were added."""
    if queries.sessions_of(event.id):
        return 0
    for given in sessions:
        add_session(event, given, actor)
    return len(sessions)


def publish(event: Event, note: str, actor: User) -> AgendaVersion:
    """Make the draft what participants see, as the next version; those signed up for moved sessions are told."""
    from matchmaker.agenda import notices

    previous = queries.newest_version(event.id)
    content = [queries.as_data(queries.item_of(session)) for session in queries.sessions_of(event.id)]
    version = AgendaVersion(
        event_id=event.id,
        number=previous.number + 1 if previous else 1,
        note=note,
        content=content,
        published_by_id=actor.id,
    )
    db.session.add(version)
    db.session.flush()
    audit.record(actor, "agenda.published", f"version {version.number}", event.id, {"sessions": len(content)})
    if previous:
        jobs.enqueue(notices.agenda_changed, version.id)
    return version


def differences(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the titles of the sessions that were added, moved or removed between two versions."""
    old, new = ({entry["id"]: entry for entry in side} for side in (before, after))
    moved = [key for key in old.keys() & new.keys() if old[key]["sequence"] != new[key]["sequence"]]
    return {
        "added": [new[key]["title"] for key in sorted(new.keys() - old.keys())],
        "moved": [new[key]["title"] for key in sorted(moved)],
        "removed": [old[key]["title"] for key in sorted(old.keys() - new.keys())],
    }


def sign_up(session: AgendaSession, participant: Participant) -> SessionSignUp:
    """Sign a participant up. Raises ``SessionFull``, ``NotOpenForSignUp``, or a clash found by a receiver.

    The places 1..capacity are unique in the database, so two people never get the last one.
    """
    existing = queries.sign_up_of(session.id, participant.id)
    if existing:
        return existing
    if not session.has_sign_up or session.starts_at <= now():
        raise NotOpenForSignUp(_("Sign-up for this session is closed."))
    taken = {row.place for row in queries.sign_ups_of(session.id)}
    place = next(number for number in range(1, len(taken) + 2) if number not in taken)
    if session.capacity is not None and place > session.capacity:
        raise SessionFull(_("Every place of “%(title)s” is taken.", title=session.title))
    row = SessionSignUp(agenda_session_id=session.id, participant_id=participant.id, place=place)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise SessionFull(_("Somebody else was quicker. Please try again.")) from error
    sign_up_changed.send(session, participant=participant)
    return row


def leave(session: AgendaSession, participant: Participant) -> None:
    """Give the place in a session back."""
    row = queries.sign_up_of(session.id, participant.id)
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        sign_up_changed.send(session, participant=participant)
