"""Pages of administrators: figures, organisations, jobs, mails, settings."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import jobs, mail
from matchmaker.accounts.access import need_administrator
from matchmaker.administration import exports, installation, queries
from matchmaker.administration.naming import task_name
from matchmaker.db import db, transaction
from matchmaker.web import Access, export_table, guard, paginate

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
guard(blueprint, Access.ADMINISTRATOR, need_administrator)
blueprint.add_app_template_filter(task_name)


def _chosen() -> tuple[str, str]:
    return request.args.get("q", "").strip()[:200], request.args.get("state", "")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show figures, what waits and what went wrong."""
    return render_template("admin/index.html", figures=queries.figures(), acts=queries.recent_acts())


@blueprint.get("/organisations")
def organisations() -> ResponseReturnValue:
    """List organisations by name."""
    search, _state = _chosen()
    return render_template(
        "admin/organisations.html", page=paginate(queries.organisations(search), scalars=False), search=search
    )


@blueprint.get("/jobs", endpoint="jobs")
def list_jobs() -> ResponseReturnValue:
    """List background jobs by state."""
    _search, state = _chosen()
    return render_template(
        "admin/jobs.html",
        page=paginate(queries.jobs_list(state)),
        state=state,
        states=list(jobs.JobState),
        may_retry=jobs.may_retry,
    )


@blueprint.post("/jobs/<job_id>/<any(retry, stop):act>")
def change_job(job_id: str, act: str) -> ResponseReturnValue:
    """Run a failed job once more, or ask a running one to stop early."""
    with transaction():
        job = jobs.job_of(job_id) or abort(404)
        if act == "stop":
            jobs.request_stop(job.id)
        elif jobs.may_retry(job):
            jobs.retry(job)
        else:
            abort(409)
    flash(_("The job runs again.") if act == "retry" else _("The job was asked to stop."), "success")
    return redirect(url_for("admin.jobs"), 303)


@blueprint.get("/mails")
def mails() -> ResponseReturnValue:
    """List mails with their state; texts are not shown."""
    search, state = _chosen()
    return render_template(
        "admin/mails.html",
        page=paginate(queries.mails(search, state), scalars=False),
        search=search,
        state=state,
        states=list(mail.MessageState),
    )


@blueprint.post("/mails/<int:message_id>/retry")
def retry_mail(message_id: int) -> ResponseReturnValue:
    """Try to deliver a failed mail once more."""
    with transaction():
        message = db.session.get(mail.Message, message_id) or abort(404)
        if message.state != mail.MessageState.FAILED:
            abort(409)
        mail.retry(message)
    flash(_("The mail is sent again."), "success")
    return redirect(url_for("admin.mails"), 303)


@blueprint.get("/<any(organisations, jobs, mails):listed>/export.<any(csv, xlsx):form>")
def export(listed: str, form: str) -> ResponseReturnValue:
    """Download one of the lists with its filters, all pages."""
    search, state = _chosen()
    columns, query = {
        "organisations": (exports.ORGANISATIONS, queries.organisations(search)),
        "jobs": (exports.JOBS, queries.jobs_list(state)),
        "mails": (exports.MAILS, queries.mails(search, state)),
    }[listed]
    return export_table(columns, db.session.execute(query), form, listed)


@blueprint.get("/settings")
def settings() -> ResponseReturnValue:
    """Show the settings of the installation; they are changed in its environment."""
    shown = installation.shown_settings(current_app.config["SETTINGS"])
    return render_template("admin/settings.html", settings=shown)
