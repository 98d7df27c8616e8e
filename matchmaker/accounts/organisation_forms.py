"""Forms of organisations."""

from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from matchmaker import vocabulary
from matchmaker.accounts.forms import PlainName, strip
from matchmaker.accounts.services.organisations import OrganisationFacts


class WebAddress:
    """Validator: an http or https address; the only kinds of link that we show."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse other schemes, incomplete hosts and names with a password in them."""
        if not field.data:
            return
        try:
            parts = urlsplit(field.data)
            good = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not parts.username
        except ValueError:
            good = False
        if not good or any(character.isspace() or ord(character) < 32 for character in field.data):
            raise ValidationError(_("Enter an address that starts with https:// or http://."))


def web_address(value: str | None) -> str:
    """Filter: ``company.example`` means ``https://company.example``."""
    text = strip(value)
    return f"https://{text}" if text and "." in text and ":" not in text and not text.startswith("/") else text


def _text(label: Any, longest: int, **extra: Any) -> StringField:
    return StringField(label, filters=[strip], validators=[Length(max=longest)], render_kw=extra)


class OrganisationForm(FlaskForm):
    """What an organisation says about itself."""

    name = StringField(
        _("Name"),
        filters=[lambda value: " ".join((value or "").split())],
        validators=[DataRequired(_("Enter the name of the organisation.")), Length(min=2, max=200), PlainName()],
        render_kw={"autocomplete": "organization"},
    )
    kind = SelectField(_("Kind"), validators=[DataRequired(_("Choose what fits best."))])
    helix_type = SelectField(_("Part of the helix"))
    size = SelectField(_("Size"))
    country = SelectField(_("Country"), validators=[DataRequired(_("Choose the country."))])
    region = _text(_("Region"), 120)
    city = _text(_("City"), 120)
    website = StringField(
        _("Website"),
        filters=[web_address],
        validators=[Length(max=300), WebAddress()],
        render_kw={"inputmode": "url", "autocomplete": "url"},
    )
    ecosystem = SelectField(_("Industrial ecosystem"))
    value_chain_position = SelectField(_("Position in the value chain"))
    description = TextAreaField(_("Description"), filters=[strip], validators=[Length(max=4000)])
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _("Please choose")), *vocabulary.choices("organisation_kinds")]
        self.helix_type.choices = [("", _("As the kind says")), *vocabulary.choices("helix_types")]
        self.size.choices = [("", _("Not said")), *vocabulary.choices("organisation_sizes")]
        self.country.choices = [("", _("Please choose")), *vocabulary.choices("countries")]
        self.ecosystem.choices = [("", _("Not said")), *vocabulary.choices("industrial_ecosystems")]
        self.value_chain_position.choices = [("", _("Not said")), *vocabulary.choices("value_chain_positions")]

    def facts(self) -> OrganisationFacts:
        """Return what was entered."""
        return OrganisationFacts(**{name: self[name].data or "" for name in OrganisationFacts._fields})
