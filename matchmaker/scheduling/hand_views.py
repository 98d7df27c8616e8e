"""Pages of organisers for changing a draft by hand. Each act is one POST; what stands in its way comes back as a message."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import signed_in_user
from matchmaker.db import db, transaction
from matchmaker.errors import Conflict
from matchmaker.events.access import current_event, need_organiser
from matchmaker.scheduling import hand, hand_pages, queries, runs
from matchmaker.scheduling.board import Board
from matchmaker.scheduling.models import ScheduleRun, ScheduleState
from matchmaker.web import Access, guard

blueprint = Blueprint("hand", __name__, url_prefix="/events/<slug>/manage/scheduling/<int:run_id>/hand")
guard(blueprint, Access.ORGANISER, need_organiser)


def _run(run_id: int) -> ScheduleRun:
    run = queries.run_of(current_event().id, run_id)
    if run is None or not run.problem:
        abort(404)
    return run


def _only_of_a_draft(run: ScheduleRun) -> ResponseReturnValue | None:
    """Lead to the run instead, where there is nothing to change any more."""
    if run.state == ScheduleState.DRAFT:
        return None
    flash(_("Only a draft can be changed by hand."), "info")
    return redirect(url_for("scheduling.show", slug=current_event().slug, run_id=run.id), 303)


@blueprint.get("")
def index(slug: str, run_id: int) -> ResponseReturnValue:
    """The meetings of the draft and what is left out, to choose one; the acts so far."""
    run = _run(run_id)
    search = request.args.get("q", "").strip()
    return _only_of_a_draft(run) or render_template(
        "scheduling/hand.html", run=run, search=search, page=hand_pages.overview(Board(run), search)
    )


@blueprint.get("/<int:request_id>")
def meeting(slug: str, run_id: int, request_id: int) -> ResponseReturnValue:
    """Where one meeting could go, the free slots first, and what is in the way elsewhere."""
    run = _run(run_id)
    return _only_of_a_draft(run) or render_template(
        "scheduling/hand_meeting.html", run=run, request_id=request_id, page=hand_pages.meeting(Board(run), request_id)
    )


def _done(run_id: int, act: Callable[[ScheduleRun], object], said: str, address: str) -> ResponseReturnValue:
    """Do one act in a transaction; say that it is done, or why not."""
    run = _run(run_id)
    try:
        with transaction():
            act(run)
    except Conflict as error:
        db.session.rollback()
        flash(error.message, "error")
    else:
        flash(said, "success")
    return redirect(address, 303)


@blueprint.post("/<int:request_id>/put")
def put(slug: str, run_id: int, request_id: int) -> ResponseReturnValue:
    """Move a meeting, or place a request that was left out."""
    slot_id, place = request.form.get("slot", 0, int), request.form.get("place", "")
    address = url_for(".meeting", slug=slug, run_id=run_id, request_id=request_id)
    actor = signed_in_user()
    return _done(
        run_id, lambda run: hand.put(run, request_id, slot_id, place, actor), _("The meeting is there now."), address
    )


@blueprint.post("/<int:request_id>/take-out")
def take_out(slug: str, run_id: int, request_id: int) -> ResponseReturnValue:
    """Leave a meeting out."""
    address = url_for(".meeting", slug=slug, run_id=run_id, request_id=request_id)
    actor = signed_in_user()
    return _done(run_id, lambda run: hand.take_out(run, request_id, actor), _("The meeting is taken out."), address)


@blueprint.post("/<int:request_id>/<any(lock,unlock):act>")
def lock(slug: str, run_id: int, request_id: int, act: str) -> ResponseReturnValue:
    """Lock or unlock a meeting of the draft."""
    address = url_for(".meeting", slug=slug, run_id=run_id, request_id=request_id)
    actor, locked = signed_in_user(), act == "lock"
    said = _("The meeting is locked: the next run leaves it there.") if locked else _("The meeting is unlocked.")
    return _done(run_id, lambda run: hand.set_locked(run, request_id, actor, locked=locked), said, address)


@blueprint.post("/undo")
def undo(slug: str, run_id: int) -> ResponseReturnValue:
    """Take back the newest act."""
    number, actor = request.form.get("number", 0, int), signed_in_user()
    address = url_for(".index", slug=slug, run_id=run_id)
    return _done(run_id, lambda run: hand.undo(run, number, actor), _("Undone."), address)


@blueprint.post("/again")
def again(slug: str, run_id: int) -> ResponseReturnValue:
    """Start a run with the same options around the meetings that are locked in this draft."""
    run = _run(run_id)
    try:
        with transaction():
            run_id = runs.around_locked(run, signed_in_user()).id
    except Conflict as error:
        flash(error.message, "error")
        return redirect(url_for(".index", slug=slug, run_id=run_id), 303)
    return redirect(url_for("scheduling.show", slug=slug, run_id=run_id), 303)
