"""Profiles as rows of a table."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from matchmaker import vocabulary
from matchmaker.db import db
from matchmaker.profiles import queries
from matchmaker.profiles.content import Content
from matchmaker.registrations.models import Participant
from matchmaker.web import Column

Row = tuple[Participant, Content]


def profile_rows(event_id: int) -> list[Row]:
    """Return the active participants of an event with what their profiles say, in the order of registration."""
    contents = queries.contents_of_event(event_id)
    people = db.session.scalars(queries.participants_with_profile(event_id).order_by(Participant.id))
    return [(person, contents.get(person.id, Content())) for person in people]


def profile_columns() -> list[Column]:
    """Return the columns: person, organisation, texts and facets by name."""
    return [
        Column(_("Name"), lambda row: row[0].display_name),
        Column(_("Organisation"), _organisation("name")),
        Column(_("Country"), _organisation("country")),
        Column(_("Kind"), _organisation("kind")),
        Column(_("Visible"), lambda row: _("yes") if row[1].is_visible else _("no")),
        Column(_("Description"), lambda row: row[1].description),
        Column(_("Offers"), lambda row: "\n".join(row[1].offers)),
        Column(_("Needs"), lambda row: "\n".join(row[1].needs)),
        Column(_("Topics"), lambda row: vocabulary.labels("topics", list(row[1].topics))),
        Column(_("Sectors"), lambda row: vocabulary.labels("sectors", list(row[1].sectors))),
        Column(_("Wanted sectors"), lambda row: vocabulary.labels("sectors", list(row[1].wanted_sectors))),
        Column(_("Cooperation"), lambda row: vocabulary.labels("cooperation_types", list(row[1].cooperation))),
        Column(_("Tags offered"), lambda row: list(row[1].tags_offered)),
        Column(_("Tags needed"), lambda row: list(row[1].tags_needed)),
        Column(_("Languages"), lambda row: vocabulary.labels("languages", list(row[1].languages))),
    ]


def _organisation(field: str) -> Callable[[Row], Any]:
    return lambda row: getattr(row[0].organisation, field) if row[0].organisation else ""
