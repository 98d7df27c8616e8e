"""Pages of organisers: runs, their progress, the review of a draft, publication."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import signed_in_user
from matchmaker.db import db, transaction
from matchmaker.errors import Conflict, DomainError
from matchmaker.events.access import current_event, need_organiser
from matchmaker.scheduling import exports, figures, queries, review, runs, services
from matchmaker.scheduling.forms import AIM_LABELS, AIM_TEXTS, KEEP_TEXTS, RunForm
from matchmaker.scheduling.models import ScheduleRun
from matchmaker.web import Access, guard

blueprint = Blueprint("scheduling", __name__, url_prefix="/events/<slug>/manage/scheduling")
guard(blueprint, Access.ORGANISER, need_organiser)


def _run(run_id: int) -> ScheduleRun:
    run = queries.run_of(current_event().id, run_id)
    if run is None:
        abort(404)
    return run


def _index(form: RunForm, status: int = 200) -> ResponseReturnValue:
    event = current_event()
    page = render_template(
        "scheduling/index.html", form=form, runs=queries.runs_of(event.id), figures=queries.figures_before(event.id),
        aim_labels=AIM_LABELS, aim_texts=AIM_TEXTS, keep_texts=KEEP_TEXTS,
        workers=current_app.config["SETTINGS"].solver_workers,
    )  # fmt: skip
    return page, status


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """Runs so far, and the form for a new one."""
    aims = review.suggested_aims(current_event())
    return _index(RunForm(formdata=None, seconds=current_app.config["SETTINGS"].solver_seconds, aims=aims))


@blueprint.post("")
def start(slug: str) -> ResponseReturnValue:
    """Start a run; with ``move``, only bring one of its aims up or down."""
    form = RunForm()
    if "move" in request.form:
        form.aims.move(request.form["move"])
        return _index(form)
    if not form.validate_on_submit():
        return _index(form, 422)
    try:
        with transaction():
            run_id = runs.start(current_event(), form.options(current_event().timezone), signed_in_user()).id
    except DomainError as error:
        form.form_errors.append(error.message)
        return _index(form, error.status)
    return redirect(url_for("scheduling.show", slug=slug, run_id=run_id), 303)


@blueprint.get("/<int:run_id>")
def show(slug: str, run_id: int) -> ResponseReturnValue:
    """Progress while it runs; the review of the draft afterwards."""
    return _show(_run(run_id))


def _show(run: ScheduleRun, refusal: DomainError | None = None) -> ResponseReturnValue:
    page = render_template(
        "scheduling/show.html", run=run, review=review.of(run), clashes=review.clashes(run), refusal=refusal,
        progress=review.progress_of(run),
    )  # fmt: skip
    return page, refusal.status if refusal else 200


def _refused(error: DomainError) -> ResponseReturnValue:
    """Show the run with what stands in the way of the act, instead of an error page."""
    db.session.rollback()
    return _show(_run((request.view_args or {})["run_id"]), error)


blueprint.register_error_handler(Conflict, _refused)


@blueprint.get("/<int:run_id>/progress")
def progress(slug: str, run_id: int) -> ResponseReturnValue:
    """Give the part of the page that changes while the run lasts."""
    run = _run(run_id)
    return render_template("scheduling/_progress.html", run=run, progress=review.progress_of(run))


@blueprint.get("/<int:run_id>/grid")
def grid(slug: str, run_id: int) -> ResponseReturnValue:
    """Show the draft as a grid of participants, or places, and slots."""
    run = _run(run_id)
    page, view = request.args.get("page", 1, int), request.args.get("view", "people")
    return render_template("scheduling/grid.html", run=run, grid=review.grid_of(run, page, view))


@blueprint.get("/<int:run_id>/draft.<form>")
def export(slug: str, run_id: int, form: str) -> ResponseReturnValue:
    """Download the draft as a table."""
    return exports.draft(_run(run_id), form)


@blueprint.get("/<int:run_id>/<any(problem,solution):document>.json")
def document(slug: str, run_id: int, document: str) -> ResponseReturnValue:
    """Download problem or solution in the open format, to check or solve it elsewhere."""
    return exports.document(_run(run_id), document)


@blueprint.post("/<int:run_id>/stop")
def stop(slug: str, run_id: int) -> ResponseReturnValue:
    """Stop early and keep the best plan so far."""
    run = _run(run_id)
    with transaction():
        services.stop(run)
    flash(_("The solver stops within seconds and keeps its best plan."), "info")
    return redirect(url_for("scheduling.show", slug=slug, run_id=run_id), 303)


@blueprint.post("/<int:run_id>/restart")
def restart(slug: str, run_id: int) -> ResponseReturnValue:
    """Start anew what failed or was interrupted."""
    run = _run(run_id)
    with transaction():
        new_id = runs.restart(run, signed_in_user()).id
    return redirect(url_for("scheduling.show", slug=slug, run_id=new_id), 303)


@blueprint.post("/<int:run_id>/discard")
def discard(slug: str, run_id: int) -> ResponseReturnValue:
    """Set a draft aside."""
    run = _run(run_id)
    with transaction():
        services.discard(run, signed_in_user())
    flash(_("The draft was discarded."), "success")
    return redirect(url_for("scheduling.index", slug=slug), 303)


@blueprint.post("/<int:run_id>/publish")
def publish(slug: str, run_id: int) -> ResponseReturnValue:
    """Make the draft the plan of the event."""
    run = _run(run_id)
    with transaction():
        told = figures.people_told(services.publish(run, signed_in_user()))
    flash(_("The plan is published. %(count)s people are told by mail.", count=told), "success")
    return redirect(url_for("scheduling.show", slug=slug, run_id=run_id), 303)
