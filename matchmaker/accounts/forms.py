"""Forms of accounts. Each hands over plain values or a frozen dataclass; none reads or writes the database."""

import re
from typing import Any

from flask_babel import get_babel
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from matchmaker.accounts import passwords
from matchmaker.accounts.addresses import fold_email, is_address
from matchmaker.accounts.services.account import AccountFacts
from matchmaker.web.times import zone_choices

# A name is shown in mails to others: nothing in it may become a link or break a line.
_NO_NAME = re.compile(r"[\x00-\x1f\x7f<>@:/\\|{}\[\]]|www\.", re.IGNORECASE)


def strip(value: str | None) -> str:
    """Filter: a text without spaces around it."""
    return value.strip() if value else ""


class PlainName:
    """Validator: a name of a person, a job or an organisation, not an address of a page."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse signs that make links or break lines."""
        if _NO_NAME.search(field.data or ""):
            raise ValidationError(_("Leave out signs such as < > @ : / here."))


class Address:
    """Validator: a mail address that could exist; the domain is not asked."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse what is no complete address."""
        if not is_address(field.data or ""):
            raise ValidationError(_("This is not a complete mail address, such as ana@company.example."))


def email_field(label: Any = None, **extra: Any) -> EmailField:
    """An address, folded as it is stored."""
    options = {"autocomplete": "username", "inputmode": "email", **extra}
    return EmailField(
        label or _("E-mail address"),
        filters=[lambda value: fold_email(value or "")],
        validators=[DataRequired(_("Enter your mail address.")), Length(max=254), Address()],
        render_kw=options,
    )


def new_password_field(label: Any = None) -> PasswordField:
    """A password that is being chosen; password managers offer one here."""
    return PasswordField(
        label or _("Password"),
        validators=[InputRequired(_("Choose a password."))],
        render_kw={"autocomplete": "new-password", "maxlength": 200, "minlength": passwords.SHORTEST},
        description=_("At least %(n)s characters. A few words in a row are fine; so is pasting.", n=passwords.SHORTEST),
    )


def present_password_field() -> PasswordField:
    """The password in use, asked for again."""
    return PasswordField(
        _("Your present password"),
        validators=[InputRequired(_("Enter your present password."))],
        render_kw={"autocomplete": "current-password"},
    )


def name_field(label: Any, longest: int, *, autocomplete: str, required: bool = True) -> StringField:
    """A short plain text about a person."""
    needed = [DataRequired(_("Enter a name."))] if required else []
    return StringField(
        label,
        filters=[strip],
        validators=[*needed, Length(max=longest), PlainName()],
        render_kw={"autocomplete": autocomplete},
    )


def zone_field() -> SelectField:
    """A time zone; zone.js offers the one of the device."""
    return SelectField(
        _("Time zone"),
        choices=zone_choices,
        render_kw={"data-zone": "", "data-zone-text": _("This device is in {zone}."), "data-zone-use": _("Use it")},
    )


class SignUpForm(FlaskForm):
    """Make an account."""

    first_name = name_field(_("First name"), 80, autocomplete="given-name")
    last_name = name_field(_("Last name"), 80, autocomplete="family-name")
    email = email_field(autocomplete="email")
    password = new_password_field()
    timezone = zone_field()
    next = HiddenField()

    def validate_password(self, field: Field) -> None:
        """Refuse what attackers try first."""
        _refuse_weak(field, self.email.data)


class SignInForm(FlaskForm):
    """Sign in."""

    email = email_field()
    password = PasswordField(
        _("Password"),
        validators=[InputRequired(_("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class AddressForm(FlaskForm):
    """One address: to send a link to."""

    email = email_field()


class NewPasswordForm(FlaskForm):
    """Set a password by a mailed link."""

    password = new_password_field(_("New password"))
    email = ""

    def validate_password(self, field: Field) -> None:
        """Refuse what attackers try first."""
        _refuse_weak(field, self.email)


class ChangePasswordForm(NewPasswordForm):
    """Change one's password."""

    present = present_password_field()


class ChangeEmailForm(FlaskForm):
    """Move the account to another address."""

    email = email_field(_("New e-mail address"), autocomplete="email")
    present = present_password_field()


class ProfileForm(FlaskForm):
    """What one's account says."""

    first_name = name_field(_("First name"), 80, autocomplete="given-name")
    last_name = name_field(_("Last name"), 80, autocomplete="family-name")
    job_title = name_field(_("Job title"), 120, autocomplete="organization-title", required=False)
    timezone = zone_field()
    locale = SelectField(_("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.locale.choices = [
            (str(locale), locale.display_name) for locale in get_babel().instance.list_translations()
        ]

    def facts(self) -> AccountFacts:
        """Return what was entered."""
        return AccountFacts(
            first_name=self.first_name.data,
            last_name=self.last_name.data,
            job_title=self.job_title.data,
            timezone=self.timezone.data,
            locale=self.locale.data,
        )


class DeleteForm(FlaskForm):
    """Delete one's account: asked twice, with the password."""

    present = present_password_field()


class EmptyForm(FlaskForm):
    """A button: nothing but the token against forged requests."""


def _refuse_weak(field: Field, email: str | None) -> None:
    reason = passwords.weakness(field.data or "", *passwords.guessable_words(email or ""))
    if reason:
        raise ValidationError(reason)
