"""Matching for organisers: start a run, watch it, read what came out, take it away as a file."""

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import vocabulary
from matchmaker.accounts.access import signed_in_user
from matchmaker.db import db, transaction
from matchmaker.errors import Conflict
from matchmaker.events.access import current_event, need_organiser
from matchmaker.profiles import queries as profiles
from matchmaker.profiles.models import Side
from matchmaker.recommendations import queries, run_queries, runs, services
from matchmaker.recommendations.exports import recommendation_columns
from matchmaker.recommendations.figures import EXPOSURE_STEPS
from matchmaker.recommendations.fit import Band
from matchmaker.recommendations.forms import RerunForm, RulesForm, RunForm
from matchmaker.recommendations.models import RunState
from matchmaker.recommendations.rules import MEASURES, Rules
from matchmaker.web import Access, export_table, guard, paginate, whole_number

blueprint = Blueprint("matching_runs", __name__, url_prefix="/events/<slug>/manage/matching")
guard(blueprint, Access.ORGANISER, need_organiser)


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """Show the run under way, the results of the newest finished one, and the history."""
    return _page()


@blueprint.post("")
def start(slug: str) -> ResponseReturnValue:
    """Start a run; when there are recommendations already, the form must say that they may go."""
    event, form = current_event(), RunForm()
    if queries.newest_finished_run(event.id) and not form.replace.data:
        return _page(_("There are recommendations already. Please confirm that a new run may replace them."), 422)
    try:
        with transaction():
            runs.start(event, signed_in_user())
    except Conflict as error:
        return _page(error.message, error.status)
    flash(_("The matching run is on its way."), "success")
    return redirect(url_for("matching_runs.index", slug=slug), 303)


@blueprint.post("/reruns")
def choose_reruns(slug: str) -> ResponseReturnValue:
    """Store whether the matching runs again by itself."""
    form = RerunForm()
    if not form.validate():
        abort(422)
    with transaction():
        services.choose_reruns(current_event(), signed_in_user(), is_automatic=form.is_automatic.data)
    flash(_("Saved."), "success")
    return redirect(url_for("matching_runs.index", slug=slug), 303)


@blueprint.route("/rules", methods=["GET", "POST"])
def rules(slug: str) -> ResponseReturnValue:
    """Show and store who may be shown to whom and how lists are mixed; where wanted, the next run starts by itself."""
    event, stored = current_event(), queries.settings_of(current_event().id)
    if request.method == "GET":
        return _rules_page(RulesForm.of(Rules.of(stored.policy), stored.version))
    form = RulesForm()
    if not form.validate():
        return _rules_page(form, 422)
    try:
        with transaction():
            if services.save_rules(event, signed_in_user(), form.rules(), whole_number(form.version.data)):
                runs.rerun(event)
    except Conflict as error:
        form.version.data = str(queries.settings_of(event.id).version)
        return _rules_page(form, error.status, error.message)
    flash(_("The rules are saved. They hold from the next matching run on."), "success")
    return redirect(url_for("matching_runs.index", slug=slug), 303)


def _rules_page(form: RulesForm, status: int = 200, problem: str = "") -> ResponseReturnValue:
    return render_template(
        "matching_runs/rules.html", form=form, problem=problem, types=vocabulary.choices("helix_types")
    ), status


@blueprint.get("/<int:run_id>/progress")
def progress(slug: str, run_id: int) -> ResponseReturnValue:
    """Say how far a run is, for the page's script."""
    run = run_queries.run_of(current_event().id, run_id) or abort(404)
    now = run_queries.progress_of(run)
    return jsonify(
        finished=not run.is_under_way,
        failed=run.state in (RunState.FAILED, RunState.INTERRUPTED),
        value=100 if run.state == RunState.DONE else now.percent,
        max=100,
        text=_progress_text(now),
    )


@blueprint.get("/recommendations")
def recommendations(slug: str) -> ResponseReturnValue:
    """List all recommendations of the event."""
    band = request.args.get("band", "")
    page = paginate(run_queries.all_recommendations(current_event().id, band if band in set(Band) else ""))
    run = queries.newest_finished_run(current_event().id)
    return render_template("matching_runs/recommendations.html", page=page, run=run, band=band)


@blueprint.get("/recommendations.<form>")
def export(slug: str, form: str) -> ResponseReturnValue:
    """Download all recommendations of the event."""
    rows = db.session.scalars(run_queries.all_recommendations(current_event().id))
    return export_table(recommendation_columns(), rows, form, _("recommendations") + f"-{slug}")


def _progress_text(now: run_queries.Progress) -> str:
    return _(now.label) if now.label else _("Waiting to start")


def _page(problem: str = "", status: int = 200) -> ResponseReturnValue:
    event = current_event()
    history = run_queries.runs_of(event.id)
    running = next((run for run in history if run.is_under_way and not run.is_waiting), None)
    now = run_queries.progress_of(running) if running else run_queries.Progress(0, "")
    done = queries.newest_finished_run(event.id)
    page = render_template(
        "matching_runs/index.html",
        problem=problem,
        history=history,
        running=running,
        waiting=any(run.is_waiting for run in history),
        has_new_rules=run_queries.has_new_rules(done) if done else False,
        reruns=RerunForm(formdata=None, is_automatic=queries.reruns_itself(event.id)),
        progress=now,
        progress_text=_progress_text(now),
        last_error=_(history[0].error) if history and history[0].error else "",
        done=done,
        lonely_needs=run_queries.lonely(done, Side.NEED) if done else [],
        lonely_offers=run_queries.lonely(done, Side.OFFER) if done else [],
        steps=EXPOSURE_STEPS,
        costs=run_queries.costs_of(done) if done else None,
        measure_names=MEASURES,
        average=profiles.average_completeness(event.id),
    )
    return page, status
