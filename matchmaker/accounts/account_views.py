"""One's own account: what it says, password, address, sign-ins, export, end."""

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from matchmaker.accounts import exports, forms, passwords, queries, sessions
from matchmaker.accounts.access import need_account, signed_in_user
from matchmaker.accounts.devices import device_name
from matchmaker.accounts.errors import WrongPassword
from matchmaker.accounts.services import account
from matchmaker.accounts.views import put_back
from matchmaker.db import transaction
from matchmaker.errors import DomainError
from matchmaker.web import Access, guard
from matchmaker.web.limits import limit

blueprint = Blueprint("account", __name__, url_prefix="/account")
guard(blueprint, Access.SIGNED_IN, need_account)
blueprint.add_app_template_filter(device_name, "device")


def _sign_in_token() -> str:
    return str(current_user.get_id())


# A stolen sign-in must not become a way to guess the password.
asks_password = limit("10 per minute;40 per hour", key=_sign_in_token, methods=("POST",))


@blueprint.route("", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    """Change name, job title, time zone and language."""
    form = forms.ProfileForm(obj=signed_in_user())
    if not form.validate_on_submit():
        return render_template("accounts/profile.html", form=form), 422 if form.is_submitted() else 200
    facts = form.facts()
    with transaction():
        account.change_facts(signed_in_user(), facts)
    flash(_("Saved."), "success")
    return redirect(url_for("account.profile"), 303)


@blueprint.route("/password", methods=["GET", "POST"])
@asks_password
def password() -> ResponseReturnValue:
    """Change the password; all other sign-ins end."""
    form = forms.ChangePasswordForm()
    form.email = signed_in_user().email
    if not _confirmed(form):
        return render_template("accounts/password.html", form=form), 422 if form.is_submitted() else 200
    password_hash = passwords.hash_password(form.password.data)
    with transaction():
        account.change_password(signed_in_user(), password_hash, keep_token=current_user.get_id())
    flash(_("Your password is changed. You are signed out everywhere else."), "success")
    return redirect(url_for("account.password"), 303)


@blueprint.route("/email", methods=["GET", "POST"])
@asks_password
def email() -> ResponseReturnValue:
    """Ask to move the account to another address, which must be confirmed."""
    form = forms.ChangeEmailForm()
    if not _confirmed(form):
        page = render_template("accounts/email.html", form=form, present=signed_in_user().email)
        return page, 422 if form.is_submitted() else 200
    with transaction():
        account.ask_new_email(signed_in_user(), form.email.data)
    flash(_("We sent a link to %(email)s. Your address changes when you follow it.", email=form.email.data), "success")
    return redirect(url_for("account.email"), 303)


@blueprint.get("/sign-ins", endpoint="sessions")
def list_sessions() -> ResponseReturnValue:
    """Show where one is signed in."""
    found = queries.open_sessions(signed_in_user())
    return render_template("accounts/sessions.html", sessions=found, present=sessions.hash_token(current_user.get_id()))


@blueprint.post("/sign-ins/<int:session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    """End one sign-in, perhaps this one."""
    with transaction():
        session = queries.open_session(signed_in_user(), session_id)
        if session is None:
            abort(404)
        account.end_session(session)
    flash(_("This sign-in is ended."), "success")
    return redirect(url_for("account.sessions"), 303)


@blueprint.post("/sign-ins/end-others")
def end_other_sessions() -> ResponseReturnValue:
    """End every sign-in but this one."""
    with transaction():
        sessions.end_sessions(signed_in_user().id, except_token=current_user.get_id())
    flash(_("You are signed out everywhere else."), "success")
    return redirect(url_for("account.sessions"), 303)


@blueprint.get("/data")
def data() -> ResponseReturnValue:
    """Explain export and deletion."""
    return render_template("accounts/data.html")


@blueprint.get("/data/export")
def export() -> ResponseReturnValue:
    """Download everything that is stored about oneself."""
    answer = jsonify(exports.personal_data(signed_in_user()))
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@blueprint.route("/delete", methods=["GET", "POST"])
@asks_password
def delete() -> ResponseReturnValue:
    """Delete one's account for good."""
    form = forms.DeleteForm()
    try:
        if _confirmed(form):
            with transaction():
                account.erase(signed_in_user())
            sessions.forget()
            flash(_("Your account is deleted."), "success")
            return redirect(url_for("public.landing"), 303)
    except DomainError as error:
        put_back(form, error)
    return render_template("accounts/delete.html", form=form), 422 if form.is_submitted() else 200


def _confirmed(form: FlaskForm) -> bool:
    """Whether the form is complete and the present password right; what is wrong stands in the form."""
    if not form.validate_on_submit():
        return False
    if passwords.password_matches(signed_in_user().password_hash, form.present.data):
        return True
    put_back(form, WrongPassword())
    return False
