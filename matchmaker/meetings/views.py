"""Pages of participants about requests and availability. Those of single meetings are in ``meeting_views``."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.clock import now
from matchmaker.db import transaction
from matchmaker.errors import DomainError
from matchmaker.meetings import grids, lists, queries, services
from matchmaker.meetings.errors import AlreadyAsked, Occupied
from matchmaker.meetings.forms import AnswersForm, AskForm
from matchmaker.meetings.models import MeetingRequest, RequestState
from matchmaker.meetings.services.asking import check_askable, requests_closed_at
from matchmaker.profiles.queries import content_of
from matchmaker.registrations.access import current_participant, need_participant, need_registration
from matchmaker.registrations.models import Participant
from matchmaker.web import Access, export_table, guard, safe_next, whole_number

blueprint = Blueprint("meetings", __name__, url_prefix="/events/<slug>/me")


def need_place() -> ResponseReturnValue | None:
    """Let confirmed participants pass; when they can meet, people may say while they wait for their place."""
    return need_registration() if request.endpoint == "meetings.availability" else need_participant()


def need_meetings() -> None:
    """An event without meetings has none of these pages."""
    if not current_participant().event.has_meetings:
        abort(404)


guard(blueprint, Access.PARTICIPANT, need_place, need_meetings)


def own_request(request_id: int) -> MeetingRequest:
    """Return a request of whoever asks; somebody else's is a 404."""
    return queries.request_for(current_participant(), request_id) or abort(404)


@blueprint.route("/requests")
def requests(slug: str) -> ResponseReturnValue:
    """Everything asked and answered, incoming first."""
    return _requests_page(AnswersForm(formdata=None))


def _requests_page(form: AnswersForm) -> str:
    me = current_participant()
    board = lists.board_of(me)
    if not form.answers.entries:
        form.fill(board.pending)
    rules = queries.rules_of(me.event_id)
    return render_template(
        "meetings/requests.html",
        form=form,
        board=board,
        rules=rules,
        closed_at=requests_closed_at(me, rules),
        moment=now(),
        by_id={each.id: each for each in board.pending},
    )


@blueprint.post("/requests/answers")
def answers(slug: str) -> ResponseReturnValue:
    """Answer several requests in one go; those that can't be answered any more are named, the others are kept."""
    form = AnswersForm()
    if not form.validate():
        return _requests_page(form), 422
    given = [entry.form for entry in form.answers if entry.form.state.data]
    done, refused = 0, []
    with transaction():
        me = current_participant()
        for entry in given:
            asked = own_request(whole_number(entry.request_id.data, 0))
            try:
                services.answer(asked, me, entry.answer())
                done += 1
            except DomainError as error:
                refused.append(error.message)
    for message in refused:
        flash(message, "warning")
    flash(_("Answers saved: %(n)s.", n=done) if done else _("You chose no answer."), "success" if done else "info")
    return redirect(url_for(".requests", slug=slug), 303)


@blueprint.post("/requests/<int:request_id>/withdraw")
def withdraw(slug: str, request_id: int) -> ResponseReturnValue:
    """Take back a request or an agreement."""
    with transaction():
        services.withdraw(own_request(request_id), current_participant())
    flash(_("The request is withdrawn."), "success")
    return redirect(url_for(".requests", slug=slug), 303)


@blueprint.get("/requests.<form>")
def export_requests(slug: str, form: str) -> ResponseReturnValue:
    """All requests of the participant as a file."""
    me = current_participant()
    return export_table(lists.own_columns(me), queries.requests_of(me), form, f"requests-{slug}")


def _other(participant_id: int) -> Participant:
    return queries.participant_in_event(current_participant().event_id, participant_id) or abort(404)


@blueprint.route("/ask/<int:participant_id>", methods=["GET", "POST"])
def ask(slug: str, participant_id: int) -> ResponseReturnValue:
    """Ask somebody for a meeting."""
    other = _other(participant_id)
    form = AskForm()
    if request.method == "GET":
        check_askable(current_participant(), other)
        form.next.data = request.args.get("next", "")
        return _ask_page(form, other)
    return _ask(form, other) if form.validate() else (_ask_page(form, other), 422)


def _ask(form: AskForm, other: Participant) -> ResponseReturnValue:
    slug, other_id, name = current_participant().event.slug, other.id, other.display_name
    try:
        with transaction():
            services.ask(current_participant(), _other(other_id), form.message.data or "", int(form.stars.data))
    except DomainError as error:
        if error.status == 404:
            abort(404)
        if not isinstance(error, AlreadyAsked):  # what there is between the two is on the page anyway
            form.form_errors.append(error.message)
        return _ask_page(form, _other(other_id)), error.status
    flash(_("%(name)s will get your request.", name=name), "success")
    return redirect(safe_next(form.next.data, url_for(".requests", slug=slug)), 303)


def _ask_page(form: AskForm, other: Participant) -> str:
    me = current_participant()
    rules = queries.rules_of(me.event_id)
    return render_template(
        "meetings/ask.html",
        form=form,
        other=other,
        content=content_of(other),
        live=queries.live_request_between(me.id, other.id),
        left=max(0, rules.max_requests - queries.open_sent(me.id)),
        accepted=RequestState.ACCEPTED,
    )


@blueprint.route("/availability", methods=["GET", "POST"])
def availability(slug: str) -> ResponseReturnValue:
    """When the participant can meet, painted on the grid of slots."""
    if request.method == "GET":
        return _availability_page()
    texts = request.form
    shown, free = lists.painted(texts.getlist("shown"), texts.getlist("free"), texts.get("whole", ""))
    try:
        with transaction():
            blocked = services.set_availability(current_participant(), shown, free)
    except Occupied as error:
        return _availability_page(error, shown, free), error.status
    flash(
        _("Saved. You blocked %(n)s slots.", n=blocked) if blocked else _("Saved. You are free in all slots."),
        "success",
    )
    return redirect(url_for(".availability", slug=slug), 303)


def _availability_page(
    error: Occupied | None = None, shown: frozenset[int] = frozenset(), free: frozenset[int] = frozenset()
) -> str:
    me = current_participant()
    slots, seats, moment = queries.slots_of(me.event_id), queries.seats_of(me), now()
    return render_template(
        "meetings/availability.html",
        grid=grids.availability(me, slots, seats, moment),
        stretches=grids.stretches(slots, me.event.timezone, moment),
        first=slots[0].starts_at if slots else None,
        nights=any(grids.is_night(slot.starts_at, slot.ends_at, me.user.timezone) for slot in slots),
        error=error,
        shown=shown,
        free=free,
    )
