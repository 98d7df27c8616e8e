"""A participant's own itinerary."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from matchmaker.clock import now
from matchmaker.events.access import current_event
from matchmaker.itineraries import exports, queries
from matchmaker.itineraries.days import days
from matchmaker.itineraries.queries import Entry
from matchmaker.registrations.access import current_participant, need_participant
from matchmaker.registrations.models import Participant
from matchmaker.web import Access, guard

blueprint = Blueprint("itineraries", __name__, url_prefix="/events/<slug>/me/itinerary")
guard(blueprint, Access.PARTICIPANT, need_participant)


def chosen_entries(participant: Participant) -> list[Entry]:
    """Return the itinerary as the filter of the page asks for it: ``?open=hide`` leaves out what is open to everybody."""
    entries = queries.itinerary_of(participant)
    return queries.without_open(entries) if request.args.get("open") == "hide" else entries


@blueprint.get("")
def show(slug: str) -> ResponseReturnValue:  # noqa: ARG001 - the guard has read it
    """Show the days of the participant who asks."""
    moment, me = now(), current_participant()
    found = days(chosen_entries(me), current_event().timezone, moment)
    return render_template("itineraries/show.html", days=found, moment=moment, whose=me, own=True)


@blueprint.get("/itinerary.<form>")
def export(slug: str, form: str) -> ResponseReturnValue:  # noqa: ARG001
    """Download the itinerary as a table."""
    me = current_participant()
    return exports.itinerary(me, chosen_entries(me), form)
