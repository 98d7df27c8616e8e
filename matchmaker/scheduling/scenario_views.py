"""Pages of organisers about what would be if: trying what would place a request."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from matchmaker.accounts.access import signed_in_user
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.events.access import current_event, need_organiser
from matchmaker.scheduling import queries, runs
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
