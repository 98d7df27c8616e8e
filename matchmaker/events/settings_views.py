"""Pages of organisers: settings of one event, publication, team."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import signed_in_user
from matchmaker.accounts.models import User
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.events import queries, services
from matchmaker.events.access import current_event, need_organiser
from matchmaker.events.errors import Stale
from matchmaker.events.forms import EventForm, TeamForm, as_typed, event_form
from matchmaker.events.models import Event
from matchmaker.events.services.team import may_change_team
from matchmaker.events.views import show_error
from matchmaker.vocabulary import terms
from matchmaker.web import Access, guard, whole_number

blueprint = Blueprint("event_settings", __name__, url_prefix="/events/<slug>/manage")
guard(blueprint, Access.ORGANISER, need_organiser)


@blueprint.route("/settings", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Everything about the event, in one form."""
    event = current_event()
    form = event_form(event.kind, event.project_id, signed_in_user().timezone, **as_typed(event))
    if event.is_published:
        del form.slug
    if not form.is_submitted():
        return _page(form)
    return _save(form) if form.validate() else (_page(form), 422)


def _save(form: EventForm) -> ResponseReturnValue:
    event = current_event()
    event_id, values = event.id, form.values(event.project_id, event.details)
    version = whole_number(form.version.data, 0)
    try:
        with transaction():
            slug = services.edit_event(event_id, values, version, signed_in_user(), form.kept).slug
    except DomainError as error:
        show_error(form, error)
        if isinstance(error, Stale):
            form.version.data = str(error.version)
        return _page(form), error.status
    flash(_("The event is saved."), "success")
    return redirect(url_for("event_settings.edit", slug=slug), 303)


def _page(form: EventForm) -> str:
    event = current_event()
    missing = [] if event.is_published else services.missing_before_publication(event)
    return render_template("events/settings.html", form=form, kind=terms("event_kinds")[event.kind], missing=missing)


def _act(verb: Callable[[int, User], object], done: str, endpoint: str) -> ResponseReturnValue:
    event = current_event()
    event_id, slug = event.id, event.slug
    try:
        with transaction():
            verb(event_id, signed_in_user())
    except DomainError as error:
        flash(error.message, "error")
        return redirect(url_for("event_settings.edit", slug=slug), 303)
    flash(done, "success")
    return redirect(url_for(endpoint, slug=slug), 303)


@blueprint.post("/publish")
def publish(slug: str) -> ResponseReturnValue:
    """Let people see the event."""
    return _act(services.publish, _("The event is published."), "registrations.show")


@blueprint.post("/unpublish")
def unpublish(slug: str) -> ResponseReturnValue:
    """Make a draft of it again."""
    return _act(services.unpublish, _("The event is a draft again."), "event_settings.edit")


@blueprint.post("/cancel")
def cancel(slug: str) -> ResponseReturnValue:
    """Cancel the event; everybody registered is told."""
    return _act(
        services.cancel_event, _("The event is cancelled. Everybody registered is told by mail."), "registrations.show"
    )


@blueprint.post("/delete")
def delete(slug: str) -> ResponseReturnValue:
    """Delete a draft."""
    event_id = current_event().id
    with transaction():
        services.delete_draft(event_id, signed_in_user())
    flash(_("The draft is deleted."), "success")
    return redirect(url_for("registrations.my_events"), 303)


@blueprint.route("/team", methods=["GET", "POST"])
def team(slug: str) -> ResponseReturnValue:
    """Who organises the event."""
    event, form = current_event(), TeamForm()
    if not form.is_submitted():
        return _team_page(event, form)
    if not form.validate():
        return _team_page(event, form), 422
    try:
        with transaction():
            services.add_member(event.id, form.email.data, form.role.data, signed_in_user())
    except DomainError as error:
        db.session.rollback()
        (form.email.errors if error.field == "email" else form.form_errors).append(error.message)
        return _team_page(current_event(), form), error.status
    flash(_("%(email)s is in the team.", email=form.email.data), "success")
    return redirect(url_for("event_settings.team", slug=slug), 303)


def _team_page(event: Event, form: TeamForm) -> str:
    members = queries.team(event.id)
    return render_template(
        "events/team.html", members=members, form=form, may_change=may_change_team(event.id, signed_in_user())
    )


@blueprint.post("/team/<int:role_id>/remove")
def remove_member(slug: str, role_id: int) -> ResponseReturnValue:
    """Take somebody out of the team."""
    return _change_team(lambda event_id, by: services.remove_member(event_id, role_id, by))


@blueprint.post("/team/<int:role_id>/<any(organiser, co_organiser):role>")
def change_role(slug: str, role_id: int, role: str) -> ResponseReturnValue:
    """Make somebody organiser or co-organiser."""
    return _change_team(lambda event_id, by: services.change_role(event_id, role_id, role, by))


def _change_team(verb: Callable[[int, User], None]) -> ResponseReturnValue:
    event_id, slug = current_event().id, current_event().slug
    try:
        with transaction():
            verb(event_id, signed_in_user())
    except DomainError as error:
        if error.status in (403, 404):
            raise
        flash(error.message, "error")
    else:
        flash(_("The team is changed."), "success")
    return redirect(url_for("event_settings.team", slug=slug), 303)
