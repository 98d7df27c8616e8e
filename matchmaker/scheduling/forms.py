"""What an organiser chooses for a run."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, Field, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation, ValidationError

from matchmaker.scheduling.options import AIMS, DEFAULT_AIMS, Keep, Options

KEEPS = [
    (Keep.NOTHING, _("Only what has to")),
    (Keep.BEFORE, _("Everything before a time")),
    (Keep.ALL, _("Everything published")),
]
KEEP_TEXTS = {
    Keep.NOTHING: _("Locked meetings and those that have begun stay where they are."),
    Keep.BEFORE: _("Published meetings that begin before the time below stay too."),
    Keep.ALL: _("Every published meeting stays; new ones are fitted in."),
}


class AimsField(Field):
    """Objectives in order: ``order`` has every one of them as displayed, the field's own name those that are ticked.

    ``data`` are the ticked ones, the most important first; ``shown`` is (objective, ticked) in the order displayed.
    """

    data: Any

    def __init__(self, label: Any = None, offered: Sequence[str] = AIMS, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.order = list(offered)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read the order displayed along with the values."""
        super().process(formdata, *args, **kwargs)
        asked = formdata.getlist("order") if formdata else list(self.data or ())
        known = [aim for aim in dict.fromkeys(asked) if aim in AIMS]
        self.order = known + [aim for aim in self.order if aim not in known]
        if formdata:
            self.data = [aim for aim in self.order if aim in formdata.getlist(self.name)]

    def process_formdata(self, _values: list[str]) -> None:
        """Leave it to ``process``, which knows the order."""

    def move(self, step: str) -> None:
        """Bring an objective one place up or down: ``up fair``."""
        where, _space, aim = step.partition(" ")
        if aim not in self.order:
            return
        at = self.order.index(aim)
        to = min(max(0, at + (-1 if where == "up" else 1)), len(self.order) - 1)
        self.order.insert(to, self.order.pop(at))

    @property
    def shown(self) -> Iterator[tuple[str, bool]]:
        """What the page displays."""
        return ((aim, aim in (self.data or ())) for aim in self.order)


def _needed_to_keep(form: Any, field: Field) -> None:
    if not field.raw_data or not field.raw_data[0]:
        field.errors = []
        text = _("Give the time before which everything stays.") if form.keep.data == Keep.BEFORE else ""
        raise StopValidation(text)


class RunForm(FlaskForm):
    """The options of a scheduling run."""

    aims = AimsField(_("What matters, the most important first"), default=DEFAULT_AIMS)
    keep = RadioField(_("What stays fixed"), choices=KEEPS, default=Keep.NOTHING)
    keep_before = DateTimeLocalField(_("Stays fixed before"), validators=[_needed_to_keep])
    stars = BooleanField(_("Requests with more stars count more"), default=True)
    seconds = IntegerField(
        _("Time limit in seconds"),
        validators=[
            InputRequired(_("Give a number of seconds.")),
            NumberRange(2, 3600, _("Between 2 and 3600 seconds.")),
        ],
    )
    seed = IntegerField(
        _("Seed"), default=1, validators=[Optional(), NumberRange(0, 2**31 - 1, _("A whole number from 0 on."))]
    )
    workers = IntegerField(
        _("Processor cores"), validators=[Optional(), NumberRange(1, 64, _("Between 1 and 64 cores."))]
    )

    def validate_aims(self, field: AimsField) -> None:
        """Without the number of meetings, an empty plan would be the best."""
        if "placed" not in (field.data or ()):
            raise ValidationError(_("Keep “Many meetings” in the list: without it an empty plan would be the best."))

    def options(self, zone: str) -> Options:
        """Return the choices as a value; times were given on the wall clock of ``zone``."""
        return Options(
            seconds=self.seconds.data or 2,
            objective=tuple(self.aims.data),
            keep=self.keep.data,
            keep_before=_in_utc(self.keep_before.data, zone) if self.keep.data == Keep.BEFORE else "",
            stars=bool(self.stars.data),
            seed=1 if self.seed.data is None else self.seed.data,
            workers=self.workers.data or 0,
        )


def _in_utc(moment: datetime | None, zone: str) -> str:
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).isoformat() if moment else ""
