"""Itineraries and agendas as calendar entries. A meeting's entry is that of ``meetings.entries``: the same everywhere."""

from collections.abc import Iterable

from flask_babel import gettext as _

from matchmaker.agenda.queries import AgendaItem
from matchmaker.events.models import Event
from matchmaker.ics import CalendarEntry, Person
from matchmaker.itineraries import queries as itineraries
from matchmaker.mail import sender_address
from matchmaker.meetings.entries import entry_of
from matchmaker.registrations.models import Participant
from matchmaker.web.links import absolute_url


def session_entry(item: AgendaItem, event: Event) -> CalendarEntry:
    """Return the entry of a session as published. The link to join is on the page that it names, not in it."""
    url = absolute_url("agenda.show", slug=event.slug) + f"#session-{item.id}"
    people = ", ".join(f"{name} ({organisation})" if organisation else name for name, organisation in item.speakers)
    lines = [event.name, _("Speakers: %(people)s", people=people) if people else "", url]
    return CalendarEntry(
        uid=item.uid,
        sequence=item.sequence,
        changed_at=item.changed_at,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        title=item.title,
        description="\n".join(filter(None, lines)),
        location=", ".join(filter(None, (item.room, event.venue))),
        url=url,
        organiser=Person(event.name, sender_address()),
        cancelled=event.cancelled_at is not None,
    )


def itinerary_entries(participant: Participant, *, with_open: bool = True) -> list[CalendarEntry]:
    """Return what a participant does as calendar entries; nothing once the participation or the event is cancelled."""
    if not participant.is_active or participant.event.cancelled_at is not None:
        return []
    found = itineraries.itinerary_of(participant)
    if not with_open:
        found = itineraries.without_open(found)
    entries = []
    for entry in found:
        if entry.meeting:
            entries.append(entry_of(entry.meeting, participant))
        elif entry.item:
            entries.append(session_entry(entry.item, participant.event))
    return entries


def agenda_entries(items: Iterable[AgendaItem], event: Event) -> list[CalendarEntry]:
    """Return a published agenda as calendar entries."""
    return [session_entry(item, event) for item in items]
