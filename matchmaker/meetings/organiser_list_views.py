"""The organiser's lists of meetings and requests, and what an organiser does with one meeting."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.accounts.access import signed_in_user
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.events.access import current_event
from matchmaker.meetings import lists, queries, services
from matchmaker.meetings.entries import where
from matchmaker.meetings.forms import CancelForm, MoveForm
from matchmaker.meetings.models import Meeting, MeetingState, RequestState
from matchmaker.meetings.organiser_views import blueprint
from matchmaker.meetings.queries import MeetingFilter, RequestFilter
from matchmaker.web import export_table, paginate, whole_number
from matchmaker.web.times import local, local_date, local_datetime


def _meeting_filter() -> MeetingFilter:
    arguments = request.args
    day = arguments.get("day", "")
    try:
        date.fromisoformat(day)
    except ValueError:
        day = ""
    state = arguments.get("state", "")
    return MeetingFilter(
        words=arguments.get("q", "")[:200],
        state=state if state in set(MeetingState) else "",
        day=day,
        participant_id=arguments.get("participant", type=whole_number),
    )


def _request_filter() -> RequestFilter:
    state = request.args.get("state", "")
    return RequestFilter(
        words=request.args.get("q", "")[:200],
        state=state if state in set(RequestState) else "",
        participant_id=request.args.get("participant", type=whole_number),
    )


@blueprint.get("/list")
def meetings(slug: str) -> ResponseReturnValue:
    """All meetings of the event."""
    event, wanted = current_event(), _meeting_filter()
    days = sorted({local(slot.starts_at, event.timezone).date() for slot in queries.slots_of(event.id)})
    return render_template(
        "meeting_setup/meetings.html",
        page=paginate(queries.event_meetings(event, wanted)),
        wanted=wanted,
        days=[(day.isoformat(), local_date(day)) for day in days],
        states=list(MeetingState),
        someone=_someone(wanted.participant_id),
    )


@blueprint.get("/list.<form>")
def export_meetings(slug: str, form: str) -> ResponseReturnValue:
    """The meetings that match, as a file."""
    event = current_event()
    rows = db.session.scalars(queries.event_meetings(event, _meeting_filter()))
    return export_table(lists.meeting_columns(event), rows, form, f"meetings-{slug}")


@blueprint.get("/requests")
def all_requests(slug: str) -> ResponseReturnValue:
    """All requests of the event."""
    event, wanted = current_event(), _request_filter()
    return render_template(
        "meeting_setup/requests.html",
        page=paginate(queries.event_requests(event, wanted)),
        wanted=wanted,
        counts=queries.request_counts(event.id),
        states=list(RequestState),
        someone=_someone(wanted.participant_id),
    )


@blueprint.get("/requests.<form>")
def export_requests(slug: str, form: str) -> ResponseReturnValue:
    """The requests that match, as a file."""
    event = current_event()
    rows = db.session.scalars(queries.event_requests(event, _request_filter()))
    return export_table(lists.request_columns(event), rows, form, f"requests-{slug}")


@blueprint.post("/requests/expire")
def expire(slug: str) -> ResponseReturnValue:
    """Close all requests that nobody answered."""
    with transaction():
        count = services.expire(current_event(), signed_in_user())
    flash(ngettext("%(num)s request is closed.", "%(num)s requests are closed.", count), "success")
    return redirect(url_for(".all_requests", slug=slug), 303)


def _someone(participant_id: int | None) -> str:
    """Name of the participant whom a list is narrowed to."""
    found = queries.participant_in_event(current_event().id, participant_id) if participant_id else None
    return found.display_name if found else ""


def _meeting(meeting_id: int) -> Meeting:
    return queries.meeting_in_event(current_event().id, meeting_id) or abort(404)


@blueprint.get("/list/<int:meeting_id>")
def show(slug: str, meeting_id: int) -> ResponseReturnValue:
    """One meeting with everything an organiser may do about it."""
    meeting = _meeting(meeting_id)
    return _page(meeting, _move_form(meeting, bound=False), CancelForm(formdata=None))


def _move_form(meeting: Meeting, *, bound: bool) -> MoveForm:
    """Offer the present slot and those in which both are free, and all places."""
    event = current_event()
    slots = [meeting.slot, *queries.free_slots(meeting.first, meeting.second)]
    slots = sorted({slot.id: slot for slot in slots}.values(), key=lambda slot: slot.starts_at)
    form = MoveForm() if bound else MoveForm(formdata=None, data={"slot": meeting.slot_id})
    form.slot.choices = [(slot.id, local_datetime(slot.starts_at, event.timezone)) for slot in slots]
    places = [(str(place.id), place.name) for place in queries.places_of(event.id)]
    form.place.choices = [("", _("The same if free, else the first free one")), *places]
    return form


def _page(meeting: Meeting, moving: MoveForm, cancelling: CancelForm) -> str:
    return render_template(
        "meeting_setup/meeting.html",
        meeting=meeting,
        where=where(meeting),
        moving=moving,
        cancelling=cancelling,
        can_change=meeting.state == MeetingState.SCHEDULED and meeting.slot.starts_at > now(),
        ratings={rating.participant_id: rating for rating in queries.ratings_of_meeting(meeting)},
    )


@blueprint.post("/list/<int:meeting_id>/move")
def move(slug: str, meeting_id: int) -> ResponseReturnValue:
    """Bring a meeting to another slot or place; the unique indexes have the last word."""
    form = _move_form(_meeting(meeting_id), bound=True)
    if not form.validate():
        return _page(_meeting(meeting_id), form, CancelForm(formdata=None)), 422
    try:
        with transaction():
            event_id = current_event().id
            slot = queries.slot_in_event(event_id, form.slot.data) or abort(404)
            place = queries.place_in_event(event_id, int(form.place.data)) if form.place.data else None
            services.move(_meeting(meeting_id), slot, place, actor=signed_in_user())
    except DomainError as error:
        form.form_errors.append(error.message)
        return _page(_meeting(meeting_id), form, CancelForm(formdata=None)), error.status
    return _done(meeting_id, _("The meeting has moved. Both people get a mail."))


@blueprint.post("/list/<int:meeting_id>/cancel")
def cancel(slug: str, meeting_id: int) -> ResponseReturnValue:
    """Cancel a meeting with a reason."""
    form = CancelForm()
    if not form.validate():
        meeting = _meeting(meeting_id)
        return _page(meeting, _move_form(meeting, bound=False), form), 422
    with transaction():
        reason, keep = form.reason.data or "", form.keep_request.data
        services.cancel(_meeting(meeting_id), actor=signed_in_user(), reason=reason, keep_request=keep)
    return _done(meeting_id, _("The meeting is cancelled. Both people get a mail."))


@blueprint.post("/list/<int:meeting_id>/lock")
def lock(slug: str, meeting_id: int) -> ResponseReturnValue:
    """Fix a meeting where it is, or set it free."""
    locked = request.form.get("locked") == "1"
    with transaction():
        services.set_locked(_meeting(meeting_id), locked=locked, actor=signed_in_user())
    return _done(meeting_id, _("The meeting is locked.") if locked else _("The meeting is no longer locked."))


def _done(meeting_id: int, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("meeting_setup.show", slug=current_event().slug, meeting_id=meeting_id), 303)
