"""Pages of organisers about what would be if: trying what would place a request, and comparing scenarios."""

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import jobs
from matchmaker.accounts.access import signed_in_user
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.events.access import current_event, need_organiser
from matchmaker.scheduling import queries, runs, services, what_if
from matchmaker.scheduling import scenario_exports as exports
from matchmaker.scheduling.models import WhatIf
from matchmaker.scheduling.scenario_forms import WhatIfForm, form_for
from matchmaker.web import Access, guard

blueprint = Blueprint("scenarios", __name__, url_prefix="/events/<slug>/manage/scheduling")
guard(blueprint, Access.ORGANISER, need_organiser)


@blueprint.post("/<int:run_id>/try")
def try_fix(slug: str, run_id: int) -> ResponseReturnValue:
    """Start a run that assumes what would place one request that was left out."""
    run = queries.run_of(current_event().id, run_id) or abort(404)
    try:
        with transaction():
            run_id = runs.try_fix(run, request.form.get("request", 0, int), signed_in_user()).id
    except DomainError as error:
        db.session.rollback()
        flash(error.message, "error")
    return redirect(url_for("scheduling.show", slug=slug, run_id=run_id), 303)


def _what_if(what_if_id: int) -> WhatIf:
    return queries.what_if_of(current_event().id, what_if_id) or abort(404)


def _page(form: WhatIfForm, status: int = 200) -> ResponseReturnValue:
    event = current_event()
    page = render_template("scheduling/what_ifs.html", form=form, what_ifs=queries.what_ifs_of(event.id),
                           situation=form.situation, words=what_if.words)  # fmt: skip
    return page, status


@blueprint.get("/what-if")
def index(slug: str) -> ResponseReturnValue:
    """Choose changes to compare; the comparisons so far."""
    seconds = 3 * current_app.config["SETTINGS"].solver_seconds
    return _page(form_for(queries.situation_of(current_event().id), formdata=None, seconds=seconds))


@blueprint.post("/what-if")
def start(slug: str) -> ResponseReturnValue:
    """Start a comparison."""
    form = form_for(queries.situation_of(current_event().id))
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        with transaction():
            row = runs.start_what_if(current_event(), form.scenarios(), form.seconds.data, signed_in_user())
            address = url_for("scenarios.show", slug=slug, what_if_id=row.id)
    except DomainError as error:
        form.form_errors.append(error.message)
        return _page(form, error.status)
    return redirect(address, 303)


@blueprint.get("/what-if/<int:what_if_id>")
def show(slug: str, what_if_id: int) -> ResponseReturnValue:
    """The table of effects; how far it is while it lasts."""
    row = _what_if(what_if_id)
    return render_template("scheduling/what_if.html", what_if=row, rows=what_if.table(row), busy=what_if.is_busy(row))


@blueprint.get("/what-if/<int:what_if_id>/progress")
def progress(slug: str, what_if_id: int) -> ResponseReturnValue:
    """Say how far a comparison is, for the page's script."""
    row = _what_if(what_if_id)
    job = jobs.job_of(row.job_id)
    value = job.progress if job else 0
    return jsonify(
        finished=not what_if.is_busy(row),
        value=value,
        max=100,
        text=_("%(percent)s %% of the time used", percent=value),
    )


@blueprint.get("/what-if/<int:what_if_id>/effects.<form>")
def export(slug: str, what_if_id: int, form: str) -> ResponseReturnValue:
    """Download the table."""
    return exports.effects(_what_if(what_if_id), form)


@blueprint.post("/what-if/<int:what_if_id>/stop")
def stop(slug: str, what_if_id: int) -> ResponseReturnValue:
    """Stop early; each scenario keeps its best plan so far."""
    row = _what_if(what_if_id)
    try:
        with transaction():
            services.stop_what_if(row)
    except DomainError as error:
        flash(error.message, "error")
    return redirect(url_for("scenarios.show", slug=slug, what_if_id=what_if_id), 303)


@blueprint.post("/what-if/<int:what_if_id>/draft")
def draft(slug: str, what_if_id: int) -> ResponseReturnValue:
    """Start a run that assumes one of the scenarios, after adding its slots to the event where that was agreed to."""
    row, number = _what_if(what_if_id), request.form.get("number", 0, int)
    try:
        with transaction():
            run_id = runs.draft_of_scenario(row, number, signed_in_user(), add_slots="add_slots" in request.form).id
    except DomainError as error:
        db.session.rollback()
        flash(error.message, "error")
        return redirect(url_for("scenarios.show", slug=slug, what_if_id=what_if_id), 303)
    return redirect(url_for("scheduling.show", slug=slug, run_id=run_id), 303)
