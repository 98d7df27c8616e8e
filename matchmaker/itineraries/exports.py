"""An itinerary as a table in a file."""

from collections.abc import Sequence

from flask import Response
from flask_babel import gettext as _

from matchmaker.itineraries.queries import Entry, Kind
from matchmaker.registrations.models import Participant
from matchmaker.vocabulary import label
from matchmaker.web import Column, export_table
from matchmaker.web.times import local_date, local_time


def itinerary(participant: Participant, entries: Sequence[Entry], form: str) -> Response:
    """Return an itinerary as CSV or XLSX, in the zone of the event and in that of the participant, without join links."""
    columns = []
    for zone in dict.fromkeys((participant.event.timezone, participant.user.timezone)):
        columns += _times(zone)
    columns += [
        Column(_("Kind"), _kind),
        Column(_("Title"), lambda entry: entry.title),
        Column(_("Organisation"), _organisation),
        Column(_("Place"), lambda entry: entry.place),
    ]
    return export_table(columns, entries, form, f"{participant.event.slug}-itinerary")


def _times(zone: str) -> list[Column]:
    return [
        Column(_("Day (%(zone)s)", zone=zone), lambda entry: local_date(entry.starts_at, zone)),
        Column(_("Starts (%(zone)s)", zone=zone), lambda entry: local_time(entry.starts_at, zone)),
        Column(_("Ends (%(zone)s)", zone=zone), lambda entry: local_time(entry.ends_at, zone)),
    ]


def _kind(entry: Entry) -> str:
    if entry.item is None:
        return _("Meeting")
    kind = label("session_kinds", entry.item.kind)
    return _("%(kind)s, open to everybody", kind=kind) if entry.kind == Kind.OPEN else kind


def _organisation(entry: Entry) -> str:
    return entry.other.organisation.name if entry.other and entry.other.organisation else ""
