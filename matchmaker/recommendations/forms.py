"""The forms of the partner pages and of matching runs; each is a button with little around it."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField

from matchmaker.recommendations.models import FeedbackKind


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
