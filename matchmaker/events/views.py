"""Public list of events and the page that creates one."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import need_account, optional_user, signed_in_user
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.events import queries, services
from matchmaker.events.defaults import initial_values
from matchmaker.events.forms import EventForm, event_form
from matchmaker.events.naming import MODES
from matchmaker.events.services.drafts import may_create
from matchmaker.projects import queries as project_queries
from matchmaker.projects.models import Project
from matchmaker.vocabulary import terms
from matchmaker.web import Access, guard, paginate, whole_number
from matchmaker.web.access import guard_view

blueprint = Blueprint("events", __name__)
guard(blueprint, Access.PUBLIC)
guard_view(blueprint, "create", Access.SIGNED_IN, need_account)


@blueprint.get("/events/")
def index() -> ResponseReturnValue:
    """Published events, narrowed by filters in the address."""
    chosen = _chosen()
    user = optional_user()
    page = paginate(queries.listed(chosen, user), per_page=24)
    projects = project_queries.projects()
    return render_template(
        "events/index.html", page=page, chosen=chosen, projects=projects, kinds=terms("event_kinds"), modes=MODES,
        may_create=user is not None and may_create(user), now=now(),
    )  # fmt: skip


@blueprint.route("/events/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """Choose the kind, then say everything about the event."""
    user = signed_in_user()
    if not may_create(user):
        return render_template("events/not_allowed.html"), 403
    kind, project = request.args.get("kind", ""), _project(request.args.get("project", ""))
    if kind not in terms("event_kinds"):
        return _ask_for_kind(project)
    form = event_form(kind, project.id if project else None, user.timezone, **initial_values(kind, project))
    if not form.is_submitted():
        return _create_page(form, project)
    return _create(form, project) if form.validate() else (_create_page(form, project), 422)


def _create(form: EventForm, project: Project | None) -> ResponseReturnValue:
    try:
        with transaction():
            user = signed_in_user()
            event = services.create_event(form.values(project.id if project else None), by=user)
            slug = event.slug
    except DomainError as error:
        show_error(form, error)
        return _create_page(form, project), error.status
    flash(_("The draft is saved. Nobody but its organisers sees it until you publish it."), "success")
    return redirect(url_for("reports.dashboard", slug=slug), 303)


def _create_page(form: EventForm, project: Project | None) -> str:
    kind = terms("event_kinds")[form.kind]
    return render_template("events/create.html", form=form, kind=kind, project=project)


def _ask_for_kind(project: Project | None) -> str:
    return render_template(
        "events/choose_kind.html", kinds=terms("event_kinds"), projects=project_queries.projects(), project=project
    )


def _chosen() -> queries.EventFilter:
    arguments = request.args
    time = arguments.get("time", "upcoming")
    return queries.EventFilter(
        text=arguments.get("q", "").replace("\x00", "").strip()[:200],
        kind=_known(arguments.get("kind", ""), terms("event_kinds")),
        project_id=arguments.get("project", None, type=whole_number),
        mode=_known(arguments.get("mode", ""), MODES),
        time=time if time in ("upcoming", "past", "all") else "upcoming",
    )


def _known(value: str, allowed: object) -> str:
    return value if value in allowed else ""  # type: ignore[operator]


def _project(slug: str) -> Project | None:
    if not slug:
        return None
    return project_queries.project_by_slug(slug) or abort(404)


def show_error(form: EventForm, error: DomainError) -> None:
    """Put what a service refused back on the form, at its field if it has one."""
    db.session.rollback()
    if error.field and error.field in form and form[error.field]:
        form[error.field].errors = [error.message]
    else:
        form.form_errors.append(error.message)
