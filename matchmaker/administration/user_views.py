"""Pages of administrators about accounts."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import need_administrator, signed_in_user
from matchmaker.accounts.models import User
from matchmaker.accounts.queries import memberships_of, open_sessions
from matchmaker.administration import queries, services
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.web import Access, Column, export_table, guard, paginate

blueprint = Blueprint("admin_users", __name__, url_prefix="/admin/users")
guard(blueprint, Access.ADMINISTRATOR, need_administrator)
ACTS = {
    "disable": services.disable,
    "enable": services.enable,
    "make-admin": services.make_administrator,
    "remove-admin": services.remove_administrator,
    "allow-events": services.allow_events,
    "forbid-events": services.forbid_events,
    "sign-out": services.sign_out_everywhere,
    "password-link": services.send_password_link,
}
COLUMNS = [
    Column("First name", lambda user: user.first_name),
    Column("Last name", lambda user: user.last_name),
    Column("E-mail address", lambda user: user.email),
    Column("Confirmed", lambda user: user.confirmed_at),
    Column("Closed", lambda user: user.disabled_at),
    Column("Administrator", lambda user: user.is_admin),
    Column("May create events", lambda user: user.may_create_events),
    Column("Since", lambda user: user.created_at),
]


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List accounts by name or address and state."""
    search, state = request.args.get("q", "").strip()[:200], request.args.get("state", "")
    page = paginate(queries.users(search, state))
    return render_template("admin/users.html", page=page, search=search, state=state)


@blueprint.get("/export.<form>")
def export(form: str) -> ResponseReturnValue:
    """Download the list with its filters."""
    search, state = request.args.get("q", "").strip()[:200], request.args.get("state", "")
    return export_table(COLUMNS, db.session.scalars(queries.users(search, state)), form, "users")


@blueprint.get("/<int:user_id>")
def show(user_id: int) -> ResponseReturnValue:
    """Show one account with what can be done to it."""
    user = db.session.get(User, user_id) or abort(404)
    return render_template("admin/user.html", user=user, memberships=memberships_of(user), sessions=open_sessions(user))


@blueprint.post("/<int:user_id>/<act>")
def change(user_id: int, act: str) -> ResponseReturnValue:
    """Do one of the acts to an account."""
    verb = ACTS.get(act) or abort(404)
    try:
        with transaction():
            verb(signed_in_user(), db.session.get(User, user_id) or abort(404))
        flash(_("Saved."), "success")
    except DomainError as error:
        flash(error.message, "warning")
    return redirect(url_for("admin_users.show", user_id=user_id), 303)
