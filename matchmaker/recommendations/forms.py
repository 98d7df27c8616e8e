"""The forms of the partner pages, of matching runs, and of the rules of an event's lists."""

from dataclasses import fields
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from matchmaker import vocabulary
from matchmaker.recommendations.figures import VISIBLE
from matchmaker.recommendations.models import FeedbackKind
from matchmaker.recommendations.rules import Rules, type_pairs
from matchmaker.web import whole_number


class FeedbackForm(FlaskForm):
    """Setting a recommendation aside."""

    kind = SelectField(
        choices=[(FeedbackKind.NOT_RELEVANT, _("Not relevant")), (FeedbackKind.LATER, _("Later"))],
        coerce=FeedbackKind,
    )
    next = HiddenField()


class UndoForm(FlaskForm):
    """Taking that back."""

    next = HiddenField()


class RunForm(FlaskForm):
    """Starting a matching run; ``replace`` says that the recommendations shown now may go."""

    replace = BooleanField()


class RerunForm(FlaskForm):
    """Whether the matching runs again by itself."""

    is_automatic = BooleanField(_("Run the matching again by itself when profiles change or people come and go"))


class RulesForm(FlaskForm):
    """Who may be shown to whom, how lists are mixed, and that nobody is left out."""

    same_organisation = BooleanField(_("Nobody is recommended within the own organisation"))
    no_common_language = BooleanField(_("Only people who named a language in common"))
    hide_competitors = BooleanField(_("Competitors are hidden"))
    met_here = BooleanField(_("Not again who met at this event"))
    met_before = BooleanField(_("Not again who met at an earlier event"))
    region = RadioField(
        _("Where partners come from"),
        choices=[
            ("", _("Everywhere")),
            ("same_region", _("Only other regions")),
            ("same_country", _("Only other countries")),
        ],
        default="",
    )
    shown = SelectMultipleField(_("Who may be shown to whom"), widget=ListWidget(), option_widget=CheckboxInput())
    from_other_regions = IntegerField(
        _("At least from other regions"), validators=[InputRequired(), NumberRange(0, VISIBLE)]
    )
    per_group = IntegerField(_("At least of every kind"), validators=[InputRequired(), NumberRange(0, 2)])
    top = IntegerField(_("Length of a list"), validators=[InputRequired(), NumberRange(5, 50)])
    minimum_incoming = IntegerField(
        _("Everybody stands in at least so many lists"), validators=[InputRequired(), NumberRange(0, VISIBLE)]
    )
    version = HiddenField(default="0")

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.shown.choices = [("|".join(pair), " - ".join(_names(pair))) for pair in type_pairs()]

    @classmethod
    def of(cls, rules: Rules, version: int) -> "RulesForm":
        """Return the form filled with what is stored."""
        form = cls(formdata=None, obj=rules, version=str(version))
        form.shown.data = ["|".join(pair) for pair in type_pairs() if pair in rules.shown]
        return form

    def rules(self) -> Rules:
        """Return what was chosen."""
        chosen = set(self.shown.data or [])
        others = {field.name: getattr(self, field.name).data for field in fields(Rules) if field.name != "shown"}
        return Rules(shown=frozenset(pair for pair in type_pairs() if "|".join(pair) in chosen), **others)

    def validate_shown(self, field: SelectMultipleField) -> None:
        """Somebody must be shown to somebody."""
        if not field.data:
            raise ValidationError(_("Tick at least one box, or nobody is recommended to anybody."))

    def validate_version(self, field: HiddenField) -> None:
        """Only what we wrote into the page ourselves is a version."""
        if whole_number(field.data, -1) < 0:
            raise ValidationError(_("Please load the page again."))


def _names(pair: tuple[str, str]) -> list[str]:
    return vocabulary.labels("helix_types", list(pair))
