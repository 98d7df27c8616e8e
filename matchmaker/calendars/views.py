"""Calendar files of meetings, itineraries and agendas, and the page on which participants manage their feeds."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import ics
from matchmaker.agenda import queries as agenda
from matchmaker.calendars import links, queries, services
from matchmaker.calendars.entries import agenda_entries, itinerary_entries
from matchmaker.calendars.forms import FeedForm
from matchmaker.calendars.responses import conditional, download
from matchmaker.db import transaction
from matchmaker.errors import DomainError
from matchmaker.events.access import current_event
from matchmaker.events.models import Event, Visibility
from matchmaker.ics import CalendarEntry
from matchmaker.meetings import queries as meetings
from matchmaker.meetings.entries import entry_of
from matchmaker.registrations.access import current_participant, need_participant, see_event
from matchmaker.web import Access, guard
from matchmaker.web.links import absolute_url

blueprint = Blueprint("calendars", __name__, url_prefix="/events/<slug>/me")
guard(blueprint, Access.PARTICIPANT, need_participant)
agendas = Blueprint("event_calendars", __name__, url_prefix="/events/<slug>")
guard(agendas, Access.EVENT, see_event)


def _entry(meeting_id: int) -> CalendarEntry:
    """The entry of a live meeting of whoever asks; 404 for any other."""
    meeting = meetings.meeting_for(current_participant(), meeting_id)
    if meeting is None or not meeting.is_live or meeting.event_id != current_event().id:
        abort(404)
    return entry_of(meeting, current_participant())


@blueprint.get("/meetings/<int:meeting_id>/meeting.ics")
def meeting(slug: str, meeting_id: int) -> Response:
    """Download one meeting."""
    event = current_event()
    return download(ics.feed([_entry(meeting_id)], event.name, event.timezone), f"{slug}-meeting-{meeting_id}")


@blueprint.get("/meetings/<int:meeting_id>/google")
def google(slug: str, meeting_id: int) -> ResponseReturnValue:
    """Lead to Google Calendar with one meeting filled in."""
    return redirect(links.google_entry(_entry(meeting_id)), 303)


@blueprint.get("/meetings/<int:meeting_id>/outlook")
def outlook(slug: str, meeting_id: int) -> ResponseReturnValue:
    """Lead to Outlook with one meeting filled in; ``?at=work`` to that of Microsoft 365."""
    base = links.OFFICE if request.args.get("at") == "work" else links.OUTLOOK
    return redirect(links.outlook_entry(_entry(meeting_id), base), 303)


@blueprint.get("/itinerary.ics")
def itinerary(slug: str) -> Response:
    """Download everything a participant does."""
    event = current_event()
    entries = itinerary_entries(current_participant(), with_open=request.args.get("open") != "hide")
    return download(ics.feed(entries, event.name, event.timezone), f"{slug}-itinerary")


@agendas.get("/agenda.ics")
def show(slug: str) -> Response:
    """Return the published agenda as a calendar that programs may subscribe to where the event is public."""
    event = current_event()
    version = agenda.newest_version(event.id)
    items = agenda_entries(agenda.published_items(event.id), event)
    body = ics.feed(items, event.name, event.timezone)
    changed_at = event.cancelled_at or (version.published_at if version else None)
    return conditional(body, changed_at, _caching(event))


def _caching(event: Event) -> str:
    is_public = event.is_published and event.visibility == Visibility.PUBLIC
    return "public, max-age=300" if is_public else "private, no-store"


def _page(form: FeedForm, status: int = 200, new_url: str = "") -> ResponseReturnValue:
    me, event = current_participant(), current_event()
    page = render_template(
        "calendars/subscribe.html", form=form, feeds=queries.feeds_of(me), new_url=new_url, links=links,
        calendar_name=event.name, agenda_url=absolute_url("event_calendars.show", slug=event.slug),
        has_agenda=agenda.newest_version(event.id) is not None and event.visibility == Visibility.PUBLIC,
    )  # fmt: skip
    return page, status


@blueprint.get("/calendar")
def subscribe(slug: str) -> ResponseReturnValue:
    """Explain files and feeds, and list the feeds of this participant."""
    return _page(FeedForm(formdata=None))


@blueprint.post("/calendar")
def create(slug: str) -> ResponseReturnValue:
    """Make a feed. Its secret is in this answer and nowhere else, so there is no redirect."""
    form = FeedForm()
    try:
        with transaction():
            _feed, token = services.create_feed(current_participant())
    except DomainError as error:
        form.form_errors.append(error.message)
        return _page(form, error.status)
    choice = {} if form.with_open.data else {"open": "hide"}
    return _page(form, 201, absolute_url("calendar_feeds.show", token=token, **choice))


@blueprint.post("/calendar/<int:feed_id>/revoke")
def revoke(slug: str, feed_id: int) -> ResponseReturnValue:
    """Make a feed worthless."""
    with transaction():
        feed = queries.feed_for(current_participant(), feed_id) or abort(404)
        services.revoke_feed(feed)
    flash(_("The address is revoked. Calendars that use it get nothing from now on."), "success")
    return redirect(url_for("calendars.subscribe", slug=slug), 303)
