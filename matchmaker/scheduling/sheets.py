"""A run and its plan as files: tables with what is proven, and the open format."""

import json
from collections.abc import Callable

from flask import Response
from flask_babel import gettext as _

from matchmaker.registrations.models import Participant
from matchmaker.scheduling import certificate, queries, review
from matchmaker.scheduling.compare import Comparison, Contender
from matchmaker.scheduling.grid import PEOPLE, Grid, Row
from matchmaker.scheduling.maps import Hours, Matrix, Own
from matchmaker.scheduling.models import DraftMeeting, ScheduleRun
from matchmaker.web import About, Column, export_table
from matchmaker.web.times import local_datetime


def draft(run: ScheduleRun, form: str) -> Response:
    """Return the meetings of a draft as CSV or XLSX, with the certificate."""
    zone = run.event.timezone

    def organisation(row: DraftMeeting, side: str) -> str:
        found = getattr(row.request, side).organisation
        return found.name if found else ""

    columns = [
        Column(_("Start (%(zone)s)", zone=zone), lambda row: local_datetime(row.slot.starts_at, zone)),
        Column(_("Start (UTC)"), lambda row: row.slot.starts_at),
        Column(_("Place"), lambda row: row.place.name if row.place else ""),
        Column(_("Participant"), lambda row: row.request.sender.display_name),
        Column(_("Organisation"), lambda row: organisation(row, "sender")),
        Column(_("Meets"), lambda row: row.request.receiver.display_name),
        Column(_("Organisation of the other"), lambda row: organisation(row, "receiver")),
        Column(_("Stars"), lambda row: row.request.stars),
    ]
    about = About(_("Certificate"), certificate.rows(run)) if review.has_plan(run) else None
    return export_table(columns, queries.draft_of(run), form, f"{run.event.slug}-draft-{run.id}", about)


def grid(found: Grid, form: str) -> Response:
    """Return the grid as it is narrowed: a row for each participant or place, a column for each slot."""
    heading = _("Participant") if found.sight.view == PEOPLE else _("Place")
    columns = [Column(heading, lambda row: row.name), Column(_("Organisation"), lambda row: row.note)]
    slots = [slot for day in found.days.values() for slot in day]
    for number, slot in enumerate(slots):
        columns.append(Column(local_datetime(slot.starts_at, found.zone), _cell(number)))
    run = found.plan.run
    return export_table(columns, map(found.row, found.subjects), form, f"{run.event.slug}-grid-{run.id}")


def _cell(number: int) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        return ", ".join(filter(None, (row.cells[number].text, row.cells[number].note)))

    return text


def matrix(run: ScheduleRun, found: Matrix, form: str) -> Response:
    """Return a row for each pair of groups between which a meeting is wished."""
    pairs = [
        (name, found.names[at], cell)
        for number, (name, cells) in enumerate(found.rows)
        for at, cell in enumerate(cells)
        if at >= number and cell.wished
    ]
    columns = [
        Column(_("One"), lambda row: row[0]),
        Column(_("Other"), lambda row: row[1]),
        Column(_("Meetings"), lambda row: row[2].meetings),
        Column(_("Accepted requests"), lambda row: row[2].wished),
        Column(_("Share"), lambda row: round(row[2].share, 3)),
    ]
    return export_table(columns, pairs, form, f"{run.event.slug}-{found.by}-{run.id}")


def hours(run: ScheduleRun, found: Hours | None, form: str) -> Response:
    """Return a row for each person, with the meetings by hour of the own day."""
    columns = [
        Column(_("Participant"), lambda row: row.person.display_name),
        Column(_("Time zone"), lambda row: row.person.user.timezone),
        Column(_("Outside of 7:00 to 21:00"), lambda row: row.outside),
    ]
    for number, hour in enumerate(found.columns if found else ()):
        columns.append(Column(f"{hour}:00", _count(number)))
    return export_table(columns, found.rows if found else (), form, f"{run.event.slug}-hours-{run.id}")


def _count(number: int) -> Callable[[Own], int]:
    return lambda row: row.counts[number]


def comparison(found: Comparison, slug: str, form: str) -> Response:
    """Return how many meetings everybody has in each plan, with the figures of the plans before it."""
    columns = [
        Column(_("Participant"), lambda person: person.display_name),
        Column(_("Organisation"), lambda person: person.organisation.name if person.organisation else ""),
        *(Column(plan.label, _meetings(plan)) for plan in found.contenders),
    ]
    labels = ["", *(plan.label for plan in found.contenders)]
    about = About(_("Comparison"), [labels, *([name, *texts] for name, texts in found.rows)])
    return export_table(columns, found.people, form, f"{slug}-comparison", about)


def _meetings(plan: Contender) -> Callable[[Participant], int]:
    return lambda person: plan.meetings_of[person.id]


def document(run: ScheduleRun, name: str) -> Response:
    """Return the stored ``problem`` or ``solution`` as JSON."""
    text = json.dumps(getattr(run, name), ensure_ascii=False, indent=1)
    filename = f"{run.event.slug}-{name}-{run.id}.json"
    return Response(
        text, mimetype="application/json", headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )
