"""Keeping the wall clock of an agenda when its event gets another zone."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from matchmaker.agenda import queries
from matchmaker.agenda.services.publishing import add_version
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events.models import Event


def keep_wall_clock(event: Event, old_zone: ZoneInfo) -> int:
    """Shift every session so that the clocks of the event's new zone show what those of ``old_zone`` showed.

    What is published moves with the draft, as a version of its own, since slots and meetings move at once too; what of
    the draft is not published stays so. Lengths stay. Return the number of sessions of the draft.
    """
    moment = now()
    sessions = queries.sessions_of(event.id)
    for session in sessions:
        length = session.ends_at - session.starts_at
        session.starts_at = _same_clock(session.starts_at, old_zone, event.zone)
        session.ends_at = session.starts_at + length
        session.sequence += 1
        session.changed_at = moment
    db.session.flush()
    previous = queries.newest_version(event.id)
    if previous and previous.content:
        content = [_shifted(entry, old_zone, event.zone, moment) for entry in previous.content]
        note = _("Time zone changed to %(zone)s; the clock times stay.", zone=event.timezone)
        add_version(event, sorted(content, key=lambda entry: (entry["starts_at"], entry["id"])), note, previous, None)
    return len(sessions)


def _shifted(entry: dict[str, Any], old_zone: ZoneInfo, new_zone: ZoneInfo, moment: datetime) -> dict[str, Any]:
    starts_at, ends_at = (datetime.fromisoformat(entry[name]) for name in ("starts_at", "ends_at"))
    start = _same_clock(starts_at, old_zone, new_zone)
    return {
        **entry,
        "starts_at": start.isoformat(),
        "ends_at": (start + (ends_at - starts_at)).isoformat(),
        "sequence": entry["sequence"] + 1,
        "changed_at": moment.isoformat(),
    }


def _same_clock(moment: datetime, old_zone: ZoneInfo, new_zone: ZoneInfo) -> datetime:
    return moment.astimezone(old_zone).replace(tzinfo=new_zone).astimezone(UTC)
