"""Pages of organisers about invitations: paste addresses, send again, revoke."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.accounts.access import signed_in_user
from matchmaker.accounts.models import User
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.events.access import current_event, need_organiser
from matchmaker.events.views import show_error
from matchmaker.registrations import queries, services
from matchmaker.registrations.exports import INVITATIONS
from matchmaker.registrations.forms import InvitationForm
from matchmaker.web import Access, export_table, guard, paginate

blueprint = Blueprint("invitations", __name__, url_prefix="/events/<slug>/manage/invitations")
guard(blueprint, Access.ORGANISER, need_organiser)


@blueprint.route("", methods=["GET", "POST"])
def index(slug: str) -> ResponseReturnValue:
    """Invitations and the form to send more."""
    form = InvitationForm()
    if not form.is_submitted():
        return _page(form)
    if not form.validate():
        return _page(form), 422
    addresses = services.parse_addresses(form.addresses.data)
    if addresses.errors:
        form.addresses.errors = addresses.errors
        return _page(form), 422
    return _invite(form, addresses.found, slug)


def _invite(form: InvitationForm, addresses: list[str], slug: str) -> ResponseReturnValue:
    event_id = current_event().id
    try:
        with transaction():
            sent = len(services.invite(event_id, addresses, signed_in_user()))
    except DomainError as error:
        show_error(form, error)
        return _page(form), error.status
    flash(ngettext("One invitation is on its way.", "%(num)s invitations are on their way.", sent), "success")
    if sent < len(addresses):
        known = len(addresses) - sent
        flash(ngettext("One address was invited before.", "%(num)s addresses were invited before.", known), "info")
    return redirect(url_for("invitations.index", slug=slug), 303)


def _page(form: InvitationForm) -> str:
    page = paginate(queries.invitations(current_event().id))
    return render_template("registrations/invitations.html", form=form, page=page)


@blueprint.get("/export.<any(csv, xlsx):form>")
def export(slug: str, form: str) -> Response:
    """Download all invitations of the event."""
    event = current_event()
    return export_table(
        INVITATIONS, db.session.scalars(queries.invitations(event.id)), form, f"{event.slug}-invitations"
    )


@blueprint.post("/<int:invitation_id>/resend")
def resend(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Send the mail once more."""
    return _act(services.resend, invitation_id, _("The invitation is sent again."), slug)


@blueprint.post("/<int:invitation_id>/revoke")
def revoke(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    return _act(services.revoke, invitation_id, _("The invitation is revoked."), slug)


def _act(verb: Callable[[int, int, User], object], invitation_id: int, done: str, slug: str) -> ResponseReturnValue:
    event_id = current_event().id
    try:
        with transaction():
            verb(event_id, invitation_id, signed_in_user())
    except DomainError as error:
        if error.status == 404:
            raise
        db.session.rollback()
        flash(error.message, "error")
    else:
        flash(done, "success")
    return redirect(url_for("invitations.index", slug=slug), 303)
