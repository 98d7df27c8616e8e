"""Calendar entries as iCalendar: one meeting or session by mail, or all of them as a feed. The only user of icalendar.

The rules (RFC 5545, 5546, 7986), each of which some client insists on:

- times are UTC, so that no VTIMEZONE is needed; UID, SEQUENCE and DTSTAMP are stored values, so that the same entry
  always gives the same bytes;
- an invitation (REQUEST) and its CANCEL name exactly one attendee: whoever the mail goes to. Nobody has to reply,
  because answers are given on the site;
- a feed or file (PUBLISH) has an organiser and no attendees, and leaves cancelled entries out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Matchmaker//Matchmaker//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH_EVERY = timedelta(hours=1)
_NOT_IN_NAMES = str.maketrans('";:,', "    ")


class Person(NamedTuple):
    """Somebody named in an entry: a name and a mail address."""

    name: str
    email: str


@dataclass(frozen=True)
class CalendarEntry:
    """One entry. Times are aware; ``changed_at`` is the moment of its last change, ``sequence`` rises with each."""

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    organiser: Person
    description: str = ""
    location: str = ""
    url: str = ""
    attendees: tuple[Person, ...] = ()
    cancelled: bool = False


def invitation(entry: CalendarEntry, attendee: Person) -> bytes:
    """Return the entry as METHOD:REQUEST for one attendee; sent again with a higher sequence it replaces itself."""
    return _mailed(entry, attendee, "REQUEST")


def cancellation(entry: CalendarEntry, attendee: Person) -> bytes:
    """Return METHOD:CANCEL, which removes the entry from the attendee's calendar."""
    return _mailed(entry, attendee, "CANCEL")


def feed(entries: Iterable[CalendarEntry], name: str, zone: str) -> bytes:
    """Return the live entries as METHOD:PUBLISH; ``zone`` (IANA name) tells clients where the event is."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", _text(one_line(name)))
    calendar.add("x-wr-calname", _text(one_line(name)))
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        if not entry.cancelled:
            calendar.add_component(_event(entry))
    return calendar.to_ical()


def one_line(text: str) -> str:
    """Return ``text`` without control characters and line breaks, which some clients show or choke on."""
    return " ".join(_clean(text).split())


def several_lines(text: str) -> str:
    r"""Return ``text`` with ``\n`` between lines and without other control characters."""
    return "\n".join(_clean(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _clean(text: str) -> str:
    """Control characters, line and paragraph separators become spaces; halves of surrogate pairs vanish."""
    return "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if unicodedata.category(c) != "Cs"
    )


def _mailed(entry: CalendarEntry, attendee: Person, method: str) -> bytes:
    calendar = _calendar(method)
    event = _event(entry, cancelled=method == "CANCEL")
    from icalendar import vText

    address = _address(attendee)
    address.params.update({"ROLE": vText("REQ-PARTICIPANT"), "PARTSTAT": vText("ACCEPTED"), "RSVP": vText("FALSE")})
    event.add("attendee", address, encode=False)
    calendar.add_component(event)
    return calendar.to_ical()


def _calendar(method: str) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(entry: CalendarEntry, *, cancelled: bool = False) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", one_line(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", _text(one_line(entry.title)))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", _address(entry.organiser), encode=False)
    for name, text in (("description", several_lines(entry.description)), ("location", one_line(entry.location))):
        if text.strip():
            event.add(name, _text(text))
    if entry.url:
        event.add("url", one_line(entry.url).replace(" ", ""))
    return event


def _text(text: str) -> vText:
    """Return a text as RFC 5545, 3.3.11 has it written; icalendar itself takes a backslash before an N for a line break."""
    return _text_type()(text)


@cache
def _text_type() -> type[vText]:
    from icalendar import vText

    class Text(vText):
        def to_ical(self) -> bytes:
            escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
            return escaped.encode()

    return Text


def _address(person: Person) -> vCalAddress:
    from icalendar import vCalAddress, vText

    address = vCalAddress("mailto:" + "".join(one_line(person.email).split()))
    name = " ".join(one_line(person.name).translate(_NOT_IN_NAMES).split())
    if name:
        address.params["CN"] = vText(name)
    return address
