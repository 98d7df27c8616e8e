"""Clashes of an agenda: rooms and speakers in two places at once, sessions outside the event, rooms too small."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import combinations
from typing import Any, NamedTuple

from flask_babel import gettext as _

from matchmaker.agenda.models import AgendaSession
from matchmaker.events.models import Event


class Level(StrEnum):
    """How bad it is: a block can't be true of a real day, a warning may be meant."""

    BLOCK = "block"
    WARN = "warn"


class Clash(NamedTuple):
    """One thing that is wrong, with the ids of the sessions it concerns and a sentence about it."""

    level: Level
    sessions: tuple[int, ...]
    text: str


def clashes(event: Event, sessions: Sequence[AgendaSession]) -> list[Clash]:
    """Return every clash of an agenda, the blocking ones first. Sessions that only touch do not clash."""
    found = [*_outside(event, sessions), *_too_small(sessions)]
    for first, second in combinations(sorted(sessions, key=lambda session: session.starts_at), 2):
        if first.overlaps(second.starts_at, second.ends_at):
            found += _pair(first, second)
    return sorted(found, key=lambda clash: clash.level != Level.BLOCK)


def _pair(first: AgendaSession, second: AgendaSession) -> Iterable[Clash]:
    ids, titles = (first.id, second.id), {"first": first.title, "second": second.title}
    if first.room_id is not None and first.room_id == second.room_id:
        text = _("%(room)s is used by “%(first)s” and “%(second)s” at the same time.", room=_room(first), **titles)
        yield Clash(Level.BLOCK, ids, text)
    for speaker in {speaker.id: speaker for speaker in first.speakers}.values():
        if speaker.id in {other.id for other in second.speakers}:
            text = _("%(name)s speaks in “%(first)s” and “%(second)s” at the same time.", name=speaker.name, **titles)
            yield Clash(Level.BLOCK, ids, text)


def _outside(event: Event, sessions: Sequence[AgendaSession]) -> Iterable[Clash]:
    for session in sessions:
        if session.starts_at < event.starts_at or session.ends_at > event.ends_at:
            text = _("“%(title)s” lies outside the dates of the event.", title=session.title)
            yield Clash(Level.BLOCK, (session.id,), text)


def _too_small(sessions: Sequence[AgendaSession]) -> Iterable[Clash]:
    for session in sessions:
        room: Any = session.room
        if room and room.capacity and session.capacity and session.capacity > room.capacity:
            text = _(
                "“%(title)s” admits %(count)s people, %(room)s holds %(capacity)s.",
                title=session.title, count=session.capacity, room=room.name, capacity=room.capacity,
            )  # fmt: skip
            yield Clash(Level.WARN, (session.id,), text)


def _room(session: AgendaSession) -> str:
    return session.room.name if session.room else ""
