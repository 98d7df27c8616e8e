"""Recommendations as rows of a table."""

from typing import Any

from flask_babel import gettext as _

from matchmaker.recommendations.fit import GETS, GIVES
from matchmaker.recommendations.models import Recommendation
from matchmaker.registrations.models import Participant
from matchmaker.web import Column


def recommendation_columns() -> list[Column]:
    """Return the columns of the list of all recommendations; chances in percent."""
    return [
        Column(_("Participant"), lambda row: row.participant.display_name),
        Column(_("Organisation"), lambda row: _organisation(row.participant)),
        Column(_("Rank"), lambda row: row.rank),
        Column(_("Partner"), lambda row: row.other.display_name),
        Column(_("Organisation of the partner"), lambda row: _organisation(row.other)),
        Column(
            _("Country of the partner"), lambda row: row.other.organisation.country if row.other.organisation else ""
        ),
        Column(_("Fit"), lambda row: row.band),
        Column(_("Chance that both gain, %"), lambda row: round(100 * row.score)),
        Column(_("Partner has what is needed, %"), lambda row: round(100 * row.gets)),
        Column(_("Partner needs what is offered, %"), lambda row: round(100 * row.gives)),
        Column(_("Need and their offer"), lambda row: _reason(row, GETS)),
        Column(_("Offer and their need"), lambda row: _reason(row, GIVES)),
    ]


def seeker_columns() -> list[Column]:
    """Return the columns of who looks for one's offers; rows are (offer, Seeker)."""
    return [
        Column(_("My offer"), lambda row: row[0] or row[1].pair.mine),
        Column(_("Their need"), lambda row: row[1].pair.theirs),
        Column(_("Participant"), lambda row: row[1].person.display_name),
        Column(_("Organisation"), lambda row: _organisation(row[1].person)),
        Column(_("Country"), lambda row: row[1].person.organisation.country if row[1].person.organisation else ""),
        Column(_("I have what they need, %"), lambda row: round(100 * row[1].gives)),
        Column(_("Request"), lambda row: row[1].request.state if row[1].request else ""),
    ]


def _organisation(person: Participant) -> str:
    return person.organisation.name if person.organisation else ""


def _reason(row: Recommendation, side: str) -> str:
    reason: dict[str, Any] | None = next((reason for reason in row.reasons if reason["side"] == side), None)
    return f"{reason['mine']} / {reason['theirs']}" if reason else ""
