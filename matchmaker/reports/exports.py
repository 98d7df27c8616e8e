"""Reports as files."""

from collections.abc import Iterable

from flask import Response
from flask_babel import gettext as _

from matchmaker.accounts.models import Organisation
from matchmaker.audit import AuditEntry
from matchmaker.events.models import Event
from matchmaker.mail import Message
from matchmaker.reports import queries, trail
from matchmaker.vocabulary import label
from matchmaker.web import Column, export_table


def figures(event: Event, form: str) -> Response:
    """Return every figure of the report as one table: group, what, number."""
    columns = [
        Column(_("Group"), lambda row: row[0]),
        Column(_("What"), lambda row: row[1]),
        Column(_("Number"), lambda row: row[2]),
    ]
    return export_table(columns, _rows(event), form, f"{event.slug}-figures")


def _rows(event: Event) -> Iterable[tuple[str, str, float]]:
    found, ratings = queries.figures(event.id), queries.ratings(event.id)
    groups = [(_("Registrations"), found["registrations"]), (_("Requests"), found["requests"])]
    groups += [(_("Meetings"), found["meetings"]), (_("Stars"), ratings.stars)]
    groups.append((_("Participants by country"), queries.by_organisation(event.id, Organisation.country)))
    helix = queries.by_organisation(event.id, Organisation.helix_type)
    groups.append((_("Participants by type"), {label("helix_types", code): n for code, n in helix.items()}))
    groups.append((_("Outcomes"), {label("outcomes", code): n for code, n in ratings.outcomes.items()}))
    yield _("Organisations"), _("different organisations"), found["organisations"]
    for group, numbers in groups:
        for what, number in numbers.items():
            yield group, str(what), number


def mails(event: Event, rows: Iterable[Message], form: str) -> Response:
    """Return the mails of an event."""
    columns = [
        Column(_("Created (UTC)"), lambda row: row.created_at),
        Column(_("To"), lambda row: row.recipient),
        Column(_("Subject"), lambda row: row.subject),
        Column(_("State"), lambda row: row.state),
        Column(_("Attempts"), lambda row: row.attempts),
        Column(_("Error"), lambda row: row.error),
    ]
    return export_table(columns, rows, form, f"{event.slug}-mails")


def activity(event: Event, rows: Iterable[AuditEntry], form: str) -> Response:
    """Return the audit trail of an event in words, with the code of each act."""
    columns = [
        Column(_("When (UTC)"), lambda row: row.entry.created_at),
        Column(_("Who"), lambda row: row.entry.actor_name),
        Column(_("What"), lambda row: row.what),
        Column(_("About"), lambda row: row.about),
        Column(_("Details"), lambda row: row.details),
        Column(_("Code"), lambda row: row.entry.action),
    ]
    return export_table(columns, trail.lines(event, rows), form, f"{event.slug}-activity")
