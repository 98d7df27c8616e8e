"""Pages of organisers: runs, their progress, the review of a draft, publication."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from matchmaker.accounts.access import signed_in_user
from matchmaker.db import db, transaction
from matchmaker.errors import Conflict, DomainError
from matchmaker.events.access import current_event, need_organiser
from matchmaker.scheduling import assumptions, certificate, figures, queries, review, runs, services, sheets
from matchmaker.scheduling.aims import AIM_LABELS, AIM_TEXTS
from matchmaker.scheduling.forms import KEEP_TEXTS, RunForm
from matchmaker.scheduling.models import ScheduleRun
from matchmaker.web import Access, guard

blueprint = Blueprint("scheduling", __name__, url_prefix="/events/<slug>/manage/scheduling")
SECTIONS: list[tuple[str, Any, Callable[[ScheduleRun], int] | None]] = [
    ("show", lazy_gettext("Summary"), None),
    ("grid", lazy_gettext("Plan"), None),
    ("unplaced", lazy_gettext("Not placed"), lambda run: run.figures["wished"] - run.figures["placed"]),
    ("load", lazy_gettext("Load"), None),
    ("maps", lazy_gettext("Regions and times"), None),
    ("checking", lazy_gettext("Checking"), None),
]
guard(blueprint, Access.ORGANISER, need_organiser)


def run_here(run_id: int) -> ScheduleRun:
    """Return a run of the present event, or answer 404."""
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
    """Progress while it runs; the summary of the draft afterwards. Its other sections are in ``review_views``."""
    return _show(run_here(run_id))


def section(template: str, run: ScheduleRun, **values: object) -> str:
    """Return the page of one section of a run, below the tabs of all of them; a section is named like its template."""
    here = template.rpartition("/")[2].removesuffix(".html")
    sections = review.has_plan(run) and [
        (key, url_for(f"scheduling.{key}", slug=run.event.slug, run_id=run.id), label, counted and counted(run))
        for key, label, counted in SECTIONS
    ]
    return render_template(template, run=run, here=here, sections=sections, certificate=certificate, **values)


def _show(run: ScheduleRun, refusal: DomainError | None = None) -> ResponseReturnValue:
    page = section(
        "scheduling/show.html", run, plan=review.plan_of(run), clashes=review.clashes(run), refusal=refusal,
        progress=review.progress_of(run), assumed=assumptions.shown(run),
    )  # fmt: skip
    return page, refusal.status if refusal else 200


def _refused(error: DomainError) -> ResponseReturnValue:
    """Show the run with what stands in the way of the act, instead of an error page."""
    db.session.rollback()
    return _show(run_here((request.view_args or {})["run_id"]), error)


blueprint.register_error_handler(Conflict, _refused)


@blueprint.get("/<int:run_id>/progress")
def progress(slug: str, run_id: int) -> ResponseReturnValue:
    """Give the part of the page that changes while the run lasts."""
    run = run_here(run_id)
    return render_template("scheduling/_progress.html", run=run, progress=review.progress_of(run))


@blueprint.get("/<int:run_id>/draft.<form>")
def export(slug: str, run_id: int, form: str) -> ResponseReturnValue:
    """Download the draft as a table."""
    return sheets.draft(run_here(run_id), form)


@blueprint.get("/<int:run_id>/<any(problem,solution):document>.json")
def document(slug: str, run_id: int, document: str) -> ResponseReturnValue:
    """Download problem or solution in the open format, to check or solve it elsewhere."""
    return sheets.document(run_here(run_id), document)


@blueprint.post("/<int:run_id>/stop")
def stop(slug: str, run_id: int) -> ResponseReturnValue:
    """Stop early and keep the best plan so far."""
    run = run_here(run_id)
    with transaction():
        services.stop(run)
    flash(_("The solver stops within seconds and keeps its best plan."), "info")
    return redirect(url_for("scheduling.show", slug=slug, run_id=run_id), 303)


@blueprint.post("/<int:run_id>/restart")
def restart(slug: str, run_id: int) -> ResponseReturnValue:
    """Start anew what failed or was interrupted."""
    run = run_here(run_id)
    with transaction():
        new_id = runs.restart(run, signed_in_user()).id
    return redirect(url_for("scheduling.show", slug=slug, run_id=new_id), 303)


@blueprint.post("/<int:run_id>/discard")
def discard(slug: str, run_id: int) -> ResponseReturnValue:
    """Set a draft aside."""
    run = run_here(run_id)
    with transaction():
        services.discard(run, signed_in_user())
    flash(_("The draft was discarded."), "success")
    return redirect(url_for("scheduling.index", slug=slug), 303)


@blueprint.post("/<int:run_id>/publish")
def publish(slug: str, run_id: int) -> ResponseReturnValue:
    """Make the draft the plan of the event."""
    run = run_here(run_id)
    with transaction():
        told = figures.people_told(services.publish(run, signed_in_user()))
    flash(_published(told), "success")
    return redirect(url_for("scheduling.show", slug=slug, run_id=run_id), 303)


def _published(told: int) -> str:
    if not told:
        return _("The plan is published. Nothing changed for anybody, so nobody gets a mail.")
    return ngettext(
        "The plan is published. One person is told by mail.",
        "The plan is published. %(num)s people are told by mail.",
        told,
    )
