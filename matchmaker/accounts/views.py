"""Pages for people who are not signed in yet: sign-up, confirmation, sign-in, forgotten password; and sign-out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from matchmaker.accounts import forms, passwords, queries, sessions, throttles
from matchmaker.accounts.errors import DeadLink
from matchmaker.accounts.models import User
from matchmaker.accounts.services import account, entering
from matchmaker.accounts.tokens import Purpose, read_token
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.web import Access, guard, safe_next
from matchmaker.web.navigation import link

blueprint = Blueprint("accounts", __name__, url_prefix="/account")
guard(blueprint, Access.PUBLIC)


def home_of(user: User) -> str:
    """Return where people start after signing in: at the first time with their organisation, later with their events."""
    if queries.is_first_sign_in(user) and not user.is_admin and not queries.memberships_of(user):
        return url_for("organisations.join")
    return start_page()


def start_page() -> str:
    """Return the page of a person's events, or the landing page where there is none."""
    return link("registrations.my_events") or url_for("public.landing")


def put_back(form: FlaskForm, error: DomainError) -> None:
    """Show an error of the domain in its form, at its field where it names one."""
    db.session.rollback()
    if error.field and error.field in form:
        form[error.field].errors = [*form[error.field].errors, error.message]
    else:
        form.form_errors.append(error.message)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@throttles.guesses_per_place
@throttles.guesses_per_account
def sign_in() -> ResponseReturnValue:
    """Sign in and go on to where one wanted to go."""
    form = forms.SignInForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.is_submitted() else 200
    try:
        user = entering.authenticate(form.email.data, form.password.data)
    except DomainError as error:
        put_back(form, error)
        return render_template("accounts/sign_in.html", form=form, problem=type(error).__name__), error.status
    user_id, checked, fresh_hash = user.id, user.password_hash, entering.fresh_hash(user, form.password.data)
    with transaction():
        user = db.session.get_one(User, user_id, with_for_update={"key_share": True})
        if user.password_hash != checked:  # set anew while the old one was being checked
            return redirect(url_for("accounts.sign_in", next=form.next.data or None), 303)
        user.password_hash = fresh_hash or checked
        sessions.sign_in(user)
    return redirect(safe_next(form.next.data, home_of(user)), 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this sign-in, on the server too."""
    if current_user.is_authenticated:
        token = current_user.get_id()
        with transaction():
            sessions.sign_out(token)
        flash(_("You are signed out."), "success")
    return redirect(url_for("public.landing"), 303)


@blueprint.route("/sign-up", methods=["GET", "POST"])
@throttles.mails_per_place
@throttles.mails_per_account
def sign_up() -> ResponseReturnValue:
    """Make an account; the answer is the same whether the address is known or not."""
    form = forms.SignUpForm(next=request.args.get("next", ""), timezone="Europe/Brussels")
    if not form.validate_on_submit():
        return render_template("accounts/sign_up.html", form=form), 422 if form.is_submitted() else 200
    person = entering.newcomer(
        form.email.data, form.first_name.data, form.last_name.data, form.timezone.data, form.password.data
    )
    with transaction():
        entering.sign_up(person, safe_next(form.next.data, ""))
    return redirect(url_for("accounts.check_mail", about="confirm"), 303)


@blueprint.get("/check-mail")
def check_mail() -> ResponseReturnValue:
    """Say that a mail is on its way."""
    return render_template("accounts/check_mail.html", about=request.args.get("about", ""))


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Confirm an address by a button: mail scanners follow links, but press no buttons."""
    try:
        user, facts = read_token(Purpose.CONFIRM, token)
        if request.method == "GET":
            return render_template("accounts/confirm.html", email=user.email, form=forms.EmptyForm())
        with transaction():
            entering.confirm(token)
    except DeadLink as error:
        return render_template("accounts/dead_link.html", again="accounts.resend"), error.status
    flash(_("Your address is confirmed. Sign in to go on."), "success")
    return redirect(url_for("accounts.sign_in", next=facts.get("then") or None), 303)


@blueprint.route("/resend", methods=["GET", "POST"])
@throttles.mails_per_place
@throttles.mails_per_account
def resend() -> ResponseReturnValue:
    """Send the confirmation link once more."""
    form = forms.AddressForm(email=request.args.get("email", ""))
    if not form.validate_on_submit():
        return render_template("accounts/ask_link.html", form=form, about="resend"), 422 if form.is_submitted() else 200
    with transaction():
        entering.ask_confirmation(form.email.data)
    return redirect(url_for("accounts.check_mail", about="confirm"), 303)


@blueprint.route("/forgot", methods=["GET", "POST"])
@throttles.mails_per_place
@throttles.mails_per_account
def forgot() -> ResponseReturnValue:
    """Send a link to set a new password."""
    form = forms.AddressForm(email=request.args.get("email", ""))
    if not form.validate_on_submit():
        return render_template("accounts/ask_link.html", form=form, about="forgot"), 422 if form.is_submitted() else 200
    with transaction():
        entering.forget_password(form.email.data)
    return redirect(url_for("accounts.check_mail", about="reset"), 303)


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@throttles.guesses_per_place
def reset(token: str) -> ResponseReturnValue:
    """Set a password by a mailed link."""
    form = forms.NewPasswordForm()
    try:
        user, facts = read_token(Purpose.RESET, token)
        form.email = user.email
        if not form.validate_on_submit():
            page = render_template("accounts/reset.html", form=form, email=user.email, first=facts.get("first"))
            return page, 422 if form.is_submitted() else 200
        password_hash = passwords.hash_password(form.password.data)
        with transaction():
            entering.reset_password(token, password_hash)
    except DeadLink as error:
        return render_template("accounts/dead_link.html", again="accounts.forgot"), error.status
    flash(_("Your new password is set. Sign in with it."), "success")
    return redirect(url_for("accounts.sign_in", next=facts.get("then") or None), 303)


@blueprint.route("/confirm-email/<token>", methods=["GET", "POST"])
def confirm_email(token: str) -> ResponseReturnValue:
    """Move an account to a new address by a link mailed there."""
    try:
        _user, facts = read_token(Purpose.EMAIL, token)
        if request.method == "GET":
            return render_template("accounts/confirm.html", email=facts["email"], form=forms.EmptyForm())
        with transaction():
            account.confirm_new_email(token)
    except DomainError as error:
        return render_template("accounts/dead_link.html", again="account.email", error=error.message), error.status
    flash(_("From now on you sign in with your new address."), "success")
    return redirect(url_for("accounts.sign_in"), 303)
