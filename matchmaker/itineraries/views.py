"""A participant's own itinerary."""

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from matchmaker.clock import now
from matchmaker.events.access import current_event
from matchmaker.itineraries import exports
from matchmaker.itineraries.choices import chosen_entries
from matchmaker.itineraries.days import days
from matchmaker.itineraries.queries import Entry
from matchmaker.meetings.meeting_views import may_join
from matchmaker.registrations.access import current_participant, need_participant
from matchmaker.web import Access, guard

blueprint = Blueprint("itineraries", __name__, url_prefix="/events/<slug>/me/itinerary")
guard(blueprint, Access.PARTICIPANT, need_participant)


def join_link(entry: Entry, moment: datetime) -> str:
    """Return the link to join online, as long as it is of use; that of a meeting when its page shows it too."""
    if entry.meeting:
        return entry.meeting.join_link if may_join(entry.meeting, moment) else ""
    return entry.item.join_link if entry.item and moment < entry.ends_at else ""


@blueprint.get("")
def show(slug: str) -> ResponseReturnValue:
    """Show the days of the participant who asks."""
    moment, me = now(), current_participant()
    found = days(chosen_entries(me), current_event().timezone, moment)
    return render_template("itineraries/show.html", days=found, moment=moment, whose=me, own=True, join_link=join_link)


@blueprint.get("/itinerary.<form>")
def export(slug: str, form: str) -> ResponseReturnValue:
    """Download the itinerary as a table."""
    me = current_participant()
    return exports.itinerary(me, chosen_entries(me), form)
