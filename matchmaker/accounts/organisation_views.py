"""One's organisations: finding, entering and editing them, and who belongs to them."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import vocabulary
from matchmaker.accounts import queries, throttles
from matchmaker.accounts.access import need_account, signed_in_user
from matchmaker.accounts.errors import SimilarExists
from matchmaker.accounts.models import Membership, Organisation, User
from matchmaker.accounts.organisation_forms import OrganisationForm
from matchmaker.accounts.services import members, organisations
from matchmaker.accounts.views import put_back
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.web import Access, guard, safe_next

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")
guard(blueprint, Access.SIGNED_IN, need_account)
SHORTEST_SEARCH = 3


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show the organisations one belongs to or waits for."""
    return render_template("organisations/index.html", memberships=queries.memberships_of(signed_in_user()))


@blueprint.get("/join")
def join() -> ResponseReturnValue:
    """Suggest organisations by mail domain and by name."""
    user, name = signed_in_user(), request.args.get("q", "").strip()[:200]
    return render_template(
        "organisations/join.html",
        by_domain=queries.organisations_by_domain(user),
        by_name=queries.similar_organisations(name) if len(name) >= SHORTEST_SEARCH else [],
        mine={membership.organisation_id: membership for membership in queries.memberships_of(user)},
        name=name,
    )


@blueprint.get("/similar")
@throttles.searches_per_place
def similar() -> ResponseReturnValue:
    """Answer with organisations of nearly the name that is being typed."""
    name = request.args.get("name", "").strip()[:200]
    found = queries.similar_organisations(name) if len(name) >= SHORTEST_SEARCH else []
    rows = [{"id": each.id, "name": each.name, "place": place_of(each)} for each in found]
    return jsonify(organisations=rows)


@blueprint.route("/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """Enter an organisation, after a look at those of nearly the same name."""
    form, found, status = OrganisationForm(name=request.args.get("name", "")), [], 200
    if form.validate_on_submit():
        try:
            with transaction():
                entered = organisations.create(signed_in_user(), form.facts(), is_new="is_new" in request.form)
            flash(_("%(name)s is entered. You are its owner.", name=entered.name), "success")
            return redirect(_after(url_for("organisations.show", organisation_id=entered.id)), 303)
        except SimilarExists as error:
            db.session.rollback()
            found, status = error.found, error.status
    elif form.is_submitted():
        status = 422
    return render_template("organisations/create.html", form=form, found=found), status


@blueprint.post("/<int:organisation_id>/ask")
def ask(organisation_id: int) -> ResponseReturnValue:
    """Ask to be let in."""
    try:
        with transaction():
            organisation = db.session.get(Organisation, organisation_id) or abort(404)
            members.ask_to_join(signed_in_user(), organisation)
        flash(_("The owners of %(name)s got your request.", name=organisation.name), "success")
    except DomainError as error:
        flash(error.message, "warning")
    return redirect(_after(url_for("organisations.index")), 303)


@blueprint.get("/<int:organisation_id>")
def show(organisation_id: int) -> ResponseReturnValue:
    """Show an organisation of one's own and its people."""
    organisation, membership = _own(organisation_id)
    user = signed_in_user()
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        membership=membership,
        members=queries.members_of(organisation),
        is_owner=organisations.is_owner(user, organisation),
        is_seen=user.is_admin or (membership is not None and membership.state == "active"),
    )


@blueprint.route("/<int:organisation_id>/edit", methods=["GET", "POST"])
def edit(organisation_id: int) -> ResponseReturnValue:
    """Change what an organisation says."""
    organisation, _membership = _own(organisation_id)
    organisations.need_owner(signed_in_user(), organisation)
    form, status = OrganisationForm(obj=organisation), 200
    if form.is_submitted():
        status = _save(organisation_id, form)
    if status == 303:
        return redirect(url_for("organisations.show", organisation_id=organisation_id), 303)
    return render_template("organisations/edit.html", form=form, organisation=_own(organisation_id)[0]), status


def _save(organisation_id: int, form: OrganisationForm) -> int:
    """Store what was typed and return the status of the answer; after a clash the form holds the newest version."""
    if not form.validate():
        return 422
    try:
        with transaction():
            organisation, _membership = _own(organisation_id)
            organisations.change(signed_in_user(), organisation, form.facts(), form.version.data or 0)
    except DomainError as error:
        put_back(form, error)
        form.version.data, form.version.raw_data = _own(organisation_id)[0].version, None
        return error.status
    flash(_("Saved."), "success")
    return 303


@blueprint.post("/<int:organisation_id>/members/<int:membership_id>/<any(approve, remove, promote, demote):act>")
def change_member(organisation_id: int, membership_id: int, act: str) -> ResponseReturnValue:
    """Approve, decline or remove somebody, or change whether they own the organisation."""
    try:
        with transaction():
            organisation, _membership = _own(organisation_id)
            membership = queries.member_of(organisation, membership_id) or abort(404)
            ACTS[act](signed_in_user(), membership)
        flash(_("Saved."), "success")
    except DomainError as error:
        if error.status == 403:
            raise
        flash(error.message, "warning")
    return redirect(url_for("organisations.show", organisation_id=organisation_id), 303)


@blueprint.post("/<int:organisation_id>/leave")
def leave(organisation_id: int) -> ResponseReturnValue:
    """Leave an organisation or take one's request back."""
    try:
        with transaction():
            organisation = db.session.get(Organisation, organisation_id) or abort(404)
            membership = queries.membership_of(signed_in_user(), organisation) or abort(404)
            members.leave(membership)
        flash(_("You no longer belong to %(name)s.", name=organisation.name), "success")
    except DomainError as error:
        flash(error.message, "warning")
    return redirect(url_for("organisations.index"), 303)


ACTS: dict[str, Callable[[User, Membership], None]] = {
    "approve": members.approve,
    "remove": members.remove,
    "promote": members.make_owner,
    "demote": members.make_member,
}


@blueprint.app_template_filter("place")
def place_of(organisation: Organisation) -> str:
    """Return city and country of an organisation, as far as they are known."""
    country = vocabulary.label("countries", organisation.country) if organisation.country else ""
    return ", ".join(part for part in (organisation.city, country) if part)


def _own(organisation_id: int) -> tuple[Organisation, Membership | None]:
    """Return an organisation that the person belongs to or waits for, with the membership; administrators see all."""
    organisation = db.session.get(Organisation, organisation_id)
    membership = queries.membership_of(signed_in_user(), organisation) if organisation else None
    if organisation is None or (membership is None and not signed_in_user().is_admin):
        abort(404)
    return organisation, membership


def _after(default: str) -> str:
    return safe_next(request.args.get("next"), default)
