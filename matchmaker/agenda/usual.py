"""The usual agenda of each kind of event, from the vocabulary, laid onto the days of one event."""

from datetime import datetime, time, timedelta

from matchmaker.agenda.services import SessionInput
from matchmaker.errors import Invalid
from matchmaker.events.models import Event
from matchmaker.events.wall_clock import to_utc
from matchmaker.vocabulary import terms


def sessions(event: Event) -> list[SessionInput]:
    """Return the sessions that an event of this kind usually has, as far as they fit its days."""
    found = []
    for entry in terms("event_kinds")[event.kind]["defaults"].get("agenda", []):
        day = event.first_day + timedelta(days=int(entry["day"]))
        if day > event.last_day:
            continue
        try:
            starts_at = to_utc(day, time.fromisoformat(entry["start"]), event.timezone)
        except Invalid:  # the clocks change at this very time
            continue
        found.append(_session(entry["title"], entry["kind"], starts_at, int(entry["minutes"])))
    return found


def _session(title: str, kind: str, starts_at: datetime, minutes: int) -> SessionInput:
    return SessionInput(title=title, kind=kind, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes))
