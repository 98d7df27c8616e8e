"""Reading an itinerary: live meetings, sessions signed up for, and sessions open to everybody."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from flask_babel import gettext as _

from matchmaker.agenda import queries as agenda
from matchmaker.agenda.queries import AgendaItem
from matchmaker.db import db
from matchmaker.meetings import queries as meetings
from matchmaker.meetings.entries import where
from matchmaker.meetings.models import Meeting
from matchmaker.registrations.models import Participant


class Kind(StrEnum):
    """What an entry is: a meeting, a session signed up for, or a session that has no sign-up."""

    MEETING = "meeting"
    SESSION = "session"
    OPEN = "open"


class Entry(NamedTuple):
    """One thing to do. ``meeting`` and ``other`` are there for meetings, ``item`` for sessions as published."""

    kind: Kind
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    meeting: Meeting | None = None
    other: Participant | None = None
    item: AgendaItem | None = None


def itinerary_of(participant: Participant) -> list[Entry]:
    """Return everything a participant does in order of time: three statements, however much it is."""
    signed_up = agenda.sessions_signed_up(participant.id)
    entries = [_meeting(meeting, participant) for meeting in meetings.meetings_of(participant)]
    for item in agenda.published_items(participant.event_id):
        if item.id in signed_up:
            entries.append(_session(Kind.SESSION, item))
        elif not item.has_sign_up:
            entries.append(_session(Kind.OPEN, item))
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.ends_at, entry.title))


def without_open(entries: list[Entry]) -> list[Entry]:
    """Return the entries that this participant chose: meetings and sessions signed up for."""
    return [entry for entry in entries if entry.kind != Kind.OPEN]


def participant_in_event(event_id: int, participant_id: int) -> Participant | None:
    """Return a participant of this event, in whatever state."""
    query = db.select(Participant).where(Participant.event_id == event_id, Participant.id == participant_id)
    return db.session.scalar(query)


def _meeting(meeting: Meeting, participant: Participant) -> Entry:
    other = meeting.other(participant.id)
    return Entry(
        Kind.MEETING, meeting.slot.starts_at, meeting.slot.ends_at,
        _("Meeting with %(name)s", name=other.display_name), where(meeting), meeting=meeting, other=other,
    )  # fmt: skip


def _session(kind: Kind, item: AgendaItem) -> Entry:
    return Entry(kind, item.starts_at, item.ends_at, item.title, item.room, item=item)
