"""Recommendations as rows of a table."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from matchmaker import vocabulary
from matchmaker.profiles.models import Side
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


def unmet_columns() -> list[Column]:
    """Return the columns of needs that nobody answers and offers that nobody needs; rows are (side, Lonely)."""
    return [
        Column(_("Need or offer"), lambda row: _side(row[0])),
        Column(_("Text"), lambda row: row[1].text),
        Column(_("Chance that the best counterpart is one, %"), lambda row: round(100 * row[1].chance)),
        *_person_columns(lambda row: row[1].person),
    ]


def little_columns() -> list[Column]:
    """Return the columns of people with few recommendations; rows are Little."""
    return [
        *_person_columns(lambda row: row.person),
        Column(_("Partners"), lambda row: row.partners),
        Column(_("In lists"), lambda row: row.lists),
        Column(_("Partners the rules leave"), lambda row: row.left),
    ]


def map_columns() -> list[Column]:
    """Return the columns of all sentences of the map; rows are (Group, Item)."""
    return [
        Column(_("Group"), lambda row: row[0].number + 1),
        Column(_("Words of the group"), lambda row: row[0].name),
        Column(_("Need or offer"), lambda row: _side(row[1].side)),
        Column(_("Text"), lambda row: row[1].text),
        Column(_("Chance that the best counterpart is one, %"), lambda row: round(100 * row[1].chance)),
        *_person_columns(lambda row: row[1].person),
    ]


def _person_columns(person_of: Callable[[Any], Participant]) -> list[Column]:
    def fact(name: str) -> Callable[[Any], str]:
        return lambda row: str(getattr(person_of(row).organisation, name, "") or "")

    return [
        Column(_("Participant"), lambda row: person_of(row).display_name),
        Column(_("Organisation"), fact("name")),
        Column(_("Helix type"), lambda row: vocabulary.label("helix_types", fact("helix_type")(row))),
        Column(_("Country"), fact("country")),
        Column(_("Region"), fact("region")),
    ]


def _side(side: str) -> str:
    return _("Need") if side == Side.NEED else _("Offer")


def _organisation(person: Participant) -> str:
    return person.organisation.name if person.organisation else ""


def _reason(row: Recommendation, side: str) -> str:
    reason: dict[str, Any] | None = next((reason for reason in row.reasons if reason["side"] == side), None)
    return f"{reason['mine']} / {reason['theirs']}" if reason else ""
