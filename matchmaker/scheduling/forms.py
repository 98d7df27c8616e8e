"""What an organiser chooses for a run."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from matchmaker.scheduling.options import Aim, Keep, Options

AIMS = [
    (Aim.FAIR, _("Fair shares, then few breaks")),
    (Aim.BREAKS, _("Few breaks")),
    (Aim.WAITING, _("Little waiting")),
]
AIM_TEXTS = {
    Aim.FAIR: _("As many meetings as possible; then whoever has least gets more; then compact days."),
    Aim.BREAKS: _("As many meetings as possible; then as few interruptions in everybody's day as possible."),
    Aim.WAITING: _("As many meetings as possible; then as few idle slots between meetings as possible."),
}
KEEPS = [
    (Keep.NOTHING, _("Plan anew")),
    (Keep.FEW_CHANGES, _("Change as little as possible")),
    (Keep.ALL, _("Only add")),
]
KEEP_TEXTS = {
    Keep.NOTHING: _("Only locked meetings and those that have begun stay where they are."),
    Keep.FEW_CHANGES: _("Published meetings move only where that places more."),
    Keep.ALL: _("Every published meeting stays; new ones are fitted in."),
}


class RunForm(FlaskForm):
    """The options of a scheduling run."""

    aim = RadioField(_("What matters after the number of meetings"), choices=AIMS, default=Aim.FAIR)
    keep = RadioField(_("Meetings that are published already"), choices=KEEPS, default=Keep.NOTHING)
    stars = BooleanField(_("Requests with more stars count more"), default=True)
    seconds = IntegerField(
        _("Time limit in seconds"),
        validators=[
            InputRequired(_("Give a number of seconds.")),
            NumberRange(2, 3600, _("Between 2 and 3600 seconds.")),
        ],
    )

    def options(self) -> Options:
        """Return the choices as a value."""
        return Options(
            seconds=self.seconds.data or 2, aim=self.aim.data, keep=self.keep.data, stars=bool(self.stars.data)
        )
