"""Dashboard, report, mails and activity of one event."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import audit, mail
from matchmaker.accounts.access import signed_in_user
from matchmaker.accounts.models import Organisation
from matchmaker.db import db, transaction
from matchmaker.events.access import current_event, need_organiser
from matchmaker.reports import exports, queries, steps, trail
from matchmaker.vocabulary import label
from matchmaker.web import Access, guard, paginate

blueprint = Blueprint("reports", __name__, url_prefix="/events/<slug>/manage")
guard(blueprint, Access.ORGANISER, need_organiser)


@blueprint.get("")
def dashboard(slug: str) -> ResponseReturnValue:
    """Where the event stands and what to do next."""
    event = current_event()
    found = queries.figures(event.id)
    return render_template("reports/dashboard.html", figures=found, steps=steps.of(event, found))


@blueprint.get("/reports")
def index(slug: str) -> ResponseReturnValue:
    """The figures of the event with pictures."""
    event = current_event()
    countries, matrix = queries.country_matrix(event.id)
    return render_template(
        "reports/index.html", named=_named, figures=queries.figures(event.id), countries=countries, matrix=matrix,
        by_country=queries.by_organisation(event.id, Organisation.country),
        by_helix=queries.by_organisation(event.id, Organisation.helix_type), load=queries.load(event.id),
    )  # fmt: skip


def _named(numbers: dict[str, int], vocabulary: str) -> list[tuple[str, int]]:
    """Return rows for a chart: names instead of codes."""
    return [(label(vocabulary, code) or _("not given"), number) for code, number in numbers.items()]


@blueprint.get("/reports/figures.<form>")
def export(slug: str, form: str) -> ResponseReturnValue:
    """Download the figures."""
    return exports.figures(current_event(), form)


@blueprint.get("/mails")
def mails(slug: str) -> ResponseReturnValue:
    """Every mail of the event with its state."""
    state, search = request.args.get("state", ""), request.args.get("q", "").strip()[:200]
    page = paginate(queries.mails_of(current_event().id, state, search))
    return render_template("reports/mails.html", page=page, state=state, search=search)


@blueprint.get("/mails/export.<form>")
def export_mails(slug: str, form: str) -> ResponseReturnValue:
    """Download the list of mails."""
    event = current_event()
    return exports.mails(event, db.session.scalars(queries.mails_of(event.id, "", "")), form)


@blueprint.post("/mails/<int:message_id>/retry")
def retry_mail(slug: str, message_id: int) -> ResponseReturnValue:
    """Try a failed mail once more."""
    message = queries.mail_of(current_event().id, message_id) or abort(404)
    with transaction():
        mail.retry(message)
        audit.record(signed_in_user(), "mail.retried", message.recipient, current_event().id)
    flash(_("The mail is on its way again."), "success")
    return redirect(url_for("reports.mails", slug=slug), 303)


@blueprint.get("/activity")
def activity(slug: str) -> ResponseReturnValue:
    """Who changed what, newest first."""
    event = current_event()
    page = paginate(audit.entries_of(event.id))
    return render_template("reports/activity.html", page=page, lines=trail.lines(event, page.items))


@blueprint.get("/activity/export.<form>")
def export_activity(slug: str, form: str) -> ResponseReturnValue:
    """Download the audit trail."""
    event = current_event()
    return exports.activity(event, db.session.scalars(audit.entries_of(event.id)), form)
