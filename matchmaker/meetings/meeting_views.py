"""Pages of participants about single meetings: choosing a slot, who, when and where, moving, cancelling, rating."""

from datetime import datetime, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.clock import now
from matchmaker.db import transaction
from matchmaker.errors import DomainError
from matchmaker.meetings import grids, queries, services
from matchmaker.meetings.entries import where
from matchmaker.meetings.errors import SlotTaken
from matchmaker.meetings.forms import CancelForm, RatingForm
from matchmaker.meetings.models import Meeting, MeetingState, Slot
from matchmaker.meetings.views import blueprint, own_request
from matchmaker.profiles.queries import content_of
from matchmaker.registrations.access import current_participant
from matchmaker.registrations.models import Participant
from matchmaker.web import whole_number
from matchmaker.web.times import local_datetime

JOIN_BEFORE = timedelta(minutes=15)
JOIN_AFTER = timedelta(minutes=15)


def _own_meeting(meeting_id: int) -> Meeting:
    return queries.meeting_for(current_participant(), meeting_id) or abort(404)


def _chosen_slot() -> Slot:
    chosen = request.form.get("slot", 0, type=whole_number)
    return queries.slot_in_event(current_participant().event_id, chosen) or abort(404)


@blueprint.route("/requests/<int:request_id>/book", methods=["GET", "POST"])
def book(slug: str, request_id: int) -> ResponseReturnValue:
    """Choose one of the slots in which both are free."""
    asked = own_request(request_id)
    other = asked.other(current_participant().id)
    existing = queries.live_meeting_of(request_id)
    if existing and request.method == "GET":
        return redirect(url_for(".show", slug=slug, meeting_id=existing.id), 303)
    if request.method == "GET":
        return _choose(other)
    try:
        with transaction():
            slot = _chosen_slot()
            meeting_id = services.book(own_request(request_id), slot, by=current_participant()).id
    except SlotTaken as error:
        return _choose(own_request(request_id).other(current_participant().id), error=error), error.status
    flash(_("The meeting is arranged. Both of you get a mail."), "success")
    return redirect(url_for(".show", slug=slug, meeting_id=meeting_id), 303)


@blueprint.route("/meetings/<int:meeting_id>/move", methods=["GET", "POST"])
def move(slug: str, meeting_id: int) -> ResponseReturnValue:
    """Choose another slot in which both are free."""
    meeting = _own_meeting(meeting_id)
    if request.method == "GET":
        services.booking.check_changeable(meeting)
        return _choose(meeting.other(current_participant().id), meeting)
    try:
        with transaction():
            services.move(_own_meeting(meeting_id), _chosen_slot(), by=current_participant())
    except SlotTaken as error:
        meeting = _own_meeting(meeting_id)
        return _choose(meeting.other(current_participant().id), meeting, error), error.status
    flash(_("The meeting has moved. Both of you get a mail."), "success")
    return redirect(url_for(".show", slug=slug, meeting_id=meeting_id), 303)


def _choose(other: Participant, meeting: Meeting | None = None, error: DomainError | None = None) -> str:
    me = current_participant()
    slots = queries.free_slots(me, other)
    return render_template(
        "meetings/choose_slot.html",
        other=other,
        meeting=meeting,
        error=error,
        slots=slots,
        days=grids.by_day(slots, me.event.timezone),
        nights={slot.id for slot in slots if grids.is_night(slot.starts_at, slot.ends_at, me.user.timezone)},
        rules=queries.rules_of(me.event_id),
    )


@blueprint.get("/meetings/<int:meeting_id>")
def show(slug: str, meeting_id: int) -> ResponseReturnValue:
    """One meeting: who, when, where, and what can be done about it."""
    meeting = _own_meeting(meeting_id)
    return _page(meeting, RatingForm(formdata=None, obj=_said(meeting)), CancelForm(formdata=None))


def _said(meeting: Meeting) -> object | None:
    """What the participant said before, as the form wants it."""
    rating = queries.rating_of(meeting, current_participant())
    if rating is None:
        return None
    stars = str(rating.stars) if rating.stars else ""
    return _Said("yes" if rating.took_place else "no", stars, rating.outcome, rating.comment, rating.note)


class _Said:
    def __init__(self, took_place: str, stars: str, outcome: str, comment: str, note: str) -> None:
        self.took_place, self.stars, self.outcome, self.comment, self.note = took_place, stars, outcome, comment, note


def _page(meeting: Meeting, rating: RatingForm, cancelling: CancelForm) -> str:
    me, moment = current_participant(), now()
    other = meeting.other(me.id)
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        other=other,
        content=content_of(other),
        where=where(meeting),
        may_join=may_join(meeting, moment),
        join_from=meeting.slot.starts_at - JOIN_BEFORE,
        can_change=meeting.state == MeetingState.SCHEDULED and meeting.slot.starts_at > moment,
        can_move=queries.rules_of(me.event_id).self_booking and not meeting.is_locked,
        is_over=meeting.is_live and meeting.slot.ends_at <= moment,
        rating=rating,
        cancelling=cancelling,
    )


def may_join(meeting: Meeting, moment: datetime) -> bool:
    """Whether the link of a live meeting is shown to its people: around the meeting only."""
    from_, until = meeting.slot.starts_at - JOIN_BEFORE, meeting.slot.ends_at + JOIN_AFTER
    return meeting.is_live and from_ <= moment <= until


@blueprint.post("/meetings/<int:meeting_id>/cancel")
def cancel(slug: str, meeting_id: int) -> ResponseReturnValue:
    """Cancel a meeting; the other side is told."""
    form = CancelForm()
    if not form.validate():
        return _page(_own_meeting(meeting_id), RatingForm(formdata=None), form), 422
    with transaction():
        meeting = _own_meeting(meeting_id)
        services.cancel(meeting, by=current_participant(), reason=form.reason.data or "")
        moment = local_datetime(meeting.slot.starts_at, meeting.event.timezone)
    flash(_("The meeting on %(moment)s is cancelled. The other side is told.", moment=moment), "success")
    return redirect(url_for(".requests", slug=slug), 303)


@blueprint.post("/meetings/<int:meeting_id>/rating")
def rate(slug: str, meeting_id: int) -> ResponseReturnValue:
    """Say what became of a meeting."""
    form = RatingForm()
    if not form.validate():
        return _page(_own_meeting(meeting_id), form, CancelForm(formdata=None)), 422
    with transaction():
        services.rate(_own_meeting(meeting_id), current_participant(), form.rating())
    flash(_("Thank you. Your rating is saved."), "success")
    return redirect(url_for(".show", slug=slug, meeting_id=meeting_id), 303)
