"""Comparisons of scenarios as files."""

from flask import Response
from flask_babel import gettext as _

from matchmaker.scheduling import what_if as effects_of
from matchmaker.scheduling.models import WhatIf
from matchmaker.web import Column, export_table


def effects(what_if: WhatIf, form: str) -> Response:
    """Return the table of effects as CSV or XLSX."""
    columns = [
        Column(_("Scenario"), lambda row: row.name),
        Column(_("Meetings placed"), lambda row: row.meetings),
        Column(_("Proven: no plan has more than"), lambda row: row.most),
        Column(_("Against the event as it is"), lambda row: row.gain),
        Column(_("People left without a meeting"), lambda row: row.without),
        Column(_("Fewest meetings of anybody"), lambda row: row.fewest),
        Column(_("Breaks"), lambda row: row.breaks),
    ]
    return export_table(columns, effects_of.table(what_if), form, f"{what_if.event.slug}-what-if-{what_if.id}")
