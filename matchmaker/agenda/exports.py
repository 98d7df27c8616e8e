"""The agenda, and who signed up for a session, as tables in files."""

from collections.abc import Sequence

from flask import Response
from flask_babel import gettext as _

from matchmaker.agenda.models import AgendaSession, SessionSignUp
from matchmaker.agenda.queries import AgendaItem
from matchmaker.events.models import Event
from matchmaker.vocabulary import label
from matchmaker.web import Column, export_table
from matchmaker.web.times import local_date, local_datetime, local_time


def agenda(event: Event, items: Sequence[AgendaItem], form: str) -> Response:
    """Return an agenda as CSV or XLSX, in the zone of the event; without join links, which are not for everybody."""
    zone = event.timezone
    columns = [
        Column(_("Day"), lambda item: local_date(item.starts_at, zone)),
        Column(_("Starts (%(zone)s)", zone=zone), lambda item: local_time(item.starts_at, zone)),
        Column(_("Ends (%(zone)s)", zone=zone), lambda item: local_time(item.ends_at, zone)),
        Column(_("Title"), lambda item: item.title),
        Column(_("Kind"), lambda item: label("session_kinds", item.kind)),
        Column(_("Room"), lambda item: item.room),
        Column(_("Speakers"), lambda item: [", ".join(filter(None, speaker)) for speaker in item.speakers]),
        Column(_("Places"), lambda item: item.capacity),
    ]
    return export_table(columns, items, form, f"{event.slug}-agenda")


def sign_ups(event: Event, session: AgendaSession, rows: Sequence[SessionSignUp], form: str) -> Response:
    """Return who has signed up for a session as CSV or XLSX, in the order in which they did."""
    columns = [
        Column(_("Place"), lambda row: row.place),
        Column(_("Name"), lambda row: row.participant.display_name),
        Column(_("Organisation"), lambda row: row.participant.organisation and row.participant.organisation.name),
        Column(_("E-mail"), lambda row: row.participant.user.email),
        Column(_("Signed up"), lambda row: local_datetime(row.signed_up_at, event.timezone)),
    ]
    return export_table(columns, rows, form, f"{event.slug}-session-{session.id}")
