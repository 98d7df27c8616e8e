"""The audit trail of an event for people: names for numbers, times in the zone of the event. Reads only."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from matchmaker.audit import AuditEntry, wording
from matchmaker.db import db
from matchmaker.events.models import Event
from matchmaker.meetings.models import Meeting, Place, Slot
from matchmaker.registrations.models import Participant
from matchmaker.web.times import local_datetime

LISTS = {"addresses", "names", "fields"}  # every other list is a pair: before and after
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
NOWHERE = "–"


class Line(NamedTuple):
    """One entry as it is shown; ``details`` may be empty."""

    entry: AuditEntry
    what: str
    about: str
    details: str


def lines(event: Event, entries: Iterable[AuditEntry]) -> list[Line]:
    """Return entries of one event in words, with five statements however many there are."""
    found = list(entries)
    names = _names(event, found)
    return [
        Line(entry, wording.sentence(entry.action), _about(entry, names), _details(entry, event, names))
        for entry in found
    ]


def _about(entry: AuditEntry, names: dict[tuple[str, int], str]) -> str:
    kind, _space, rest = entry.subject.partition(" ")
    if rest.isdecimal() and kind in ("participant", "meeting", "place", "invitation"):
        return names.get((kind, int(rest)), "")
    if rest.isdecimal() and kind in ("run", "version"):
        return _("Run %(number)s", number=rest) if kind == "run" else _("Version %(number)s", number=rest)
    if kind == "event" and not rest.count(" "):
        return ""  # the page is about this event
    return rest if kind == "team" else entry.subject


def _details(entry: AuditEntry, event: Event, names: dict[tuple[str, int], str]) -> str:
    if entry.action == "matching.started":
        return ""
    parts = []
    for name, value in entry.changes.items():
        if name in LISTS:
            parts.append(", ".join(wording.plain(str(each)) if name == "fields" else str(each) for each in value))
            continue
        pair = value if isinstance(value, list) and len(value) == 2 else [value]
        shown = " → ".join(_value(name, each, event, names) for each in pair)
        parts.append(shown if name == "address" else f"{wording.field_name(name)}: {shown}")
    return "; ".join(parts)


def _value(name: str, value: Any, event: Event, names: dict[tuple[str, int], str]) -> str:
    if value is None or value == "":
        return NOWHERE
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in ("slot", "place") and isinstance(value, int):
        return names.get((name, value), NOWHERE)
    text = str(value)
    if MOMENT.match(text):
        moment = datetime.fromisoformat(text)
        return local_datetime(moment, event.timezone) if moment.tzinfo else text.replace("T", " ")
    return wording.plain(text) if CODE.fullmatch(text) else text


def _names(event: Event, entries: Sequence[AuditEntry]) -> dict[tuple[str, int], str]:
    """Return names for what entries mention by number: (kind, id) -> name."""
    wanted: dict[str, set[int]] = {"participant": set(), "meeting": set(), "slot": set(), "place": set()}
    for entry in entries:
        kind, _space, rest = entry.subject.partition(" ")
        if kind in wanted and rest.isdecimal():
            wanted[kind].add(int(rest))
        for field in ("slot", "place"):
            wanted[field].update(_numbers(entry.changes.get(field)))
    return {
        **_named("participant", Participant, event, wanted, lambda row: row.display_name),
        **_named("meeting", Meeting, event, wanted, lambda row: f"{row.first.display_name} – {row.second.display_name}"),
        **_named("slot", Slot, event, wanted, lambda row: local_datetime(row.starts_at, event.timezone)),
        **_named("place", Place, event, wanted, lambda row: row.name),
    }  # fmt: skip


def _numbers(value: Any) -> list[int]:
    return [each for each in value if isinstance(each, int)] if isinstance(value, list) else []


def _named(
    kind: str, model: Any, event: Event, wanted: dict[str, set[int]], name: Callable[[Any], str]
) -> dict[tuple[str, int], str]:
    if not wanted[kind]:
        return {}
    query = db.select(model).where(model.event_id == event.id, model.id.in_(wanted[kind]))
    if model is Participant:
        query = query.options(joinedload(Participant.user))
    if model is Meeting:
        sides = (Meeting.first, Meeting.second)
        query = query.options(*[joinedload(side).joinedload(Participant.user) for side in sides])
    return {(kind, row.id): name(row) for row in db.session.scalars(query)}
