"""The itinerary of any participant, for organisers."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from matchmaker.clock import now
from matchmaker.events.access import current_event, need_organiser
from matchmaker.itineraries import exports, queries
from matchmaker.itineraries.choices import chosen_entries
from matchmaker.itineraries.days import days
from matchmaker.registrations.models import Participant
from matchmaker.web import Access, guard

blueprint = Blueprint(
    "participant_itineraries", __name__, url_prefix="/events/<slug>/manage/participants/<int:participant_id>/itinerary"
)
guard(blueprint, Access.ORGANISER, need_organiser)


def _participant(participant_id: int) -> Participant:
    return queries.participant_in_event(current_event().id, participant_id) or abort(404)


@blueprint.get("")
def show(slug: str, participant_id: int) -> ResponseReturnValue:
    """Show the days of one participant."""
    moment, whose = now(), _participant(participant_id)
    found = days(chosen_entries(whose), current_event().timezone, moment)
    return render_template("itineraries/show.html", days=found, moment=moment, whose=whose, own=False)


@blueprint.get("/itinerary.<form>")
def export(slug: str, participant_id: int, form: str) -> ResponseReturnValue:
    """Download the itinerary of one participant as a table."""
    whose = _participant(participant_id)
    return exports.itinerary(whose, chosen_entries(whose), form)
