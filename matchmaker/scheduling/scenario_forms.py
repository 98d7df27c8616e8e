"""What an organiser wants to know: several changes of an event at once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from matchmaker.meetings.services.grid import moment_of, overlaps
from matchmaker.scheduling.queries import Situation
from matchmaker.scheduling.what_if import combined
from matchmaker.web.times import local, local_date

MOST_SCENARIOS = 12
LENGTHS = (10, 15, 20, 25, 30, 40, 45, 60)


class Several(SelectMultipleField):
    """Any of a few numbers, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, numbers: tuple[int, ...] = (), **kwargs: Any) -> None:
        super().__init__(label, choices=[(str(n), str(n)) for n in numbers], **kwargs)

    @property
    def numbers(self) -> list[int]:
        """What was ticked."""
        return sorted(int(value) for value in self.data or ())


class WhatIfForm(FlaskForm):
    """The changes to compare. Fields that make no sense for the event are taken out by ``form_for``."""

    places = Several(_("More places"), (1, 2, 3, 5))
    longer = Several(_("More slots at the end of each day"), (1, 2, 3))
    maximum = Several(_("More meetings for each participant"), (1, 2, 3))
    minutes = Several(_("Slots of another length, in minutes"), LENGTHS)
    day = SelectField(_("Day"), validators=[Optional()])
    starts = TimeField(_("From"), validators=[Optional()])
    ends = TimeField(_("To"), validators=[Optional()])
    together = BooleanField(_("And everything together"))
    seconds = IntegerField(
        _("Time limit in seconds"),
        validators=[
            InputRequired(_("Give a number of seconds.")),
            NumberRange(5, 3600, _("Between 5 and 3600 seconds.")),
        ],
    )

    situation: Situation

    def validate_together(self, _field: BooleanField) -> None:
        """There is something to compare, and not more than fits into a table."""
        count = 1 if self.errors else len(self._single())
        if not count:
            raise ValidationError(_("Choose at least one change."))
        if count > MOST_SCENARIOS:
            raise ValidationError(_("Choose at most %(count)s changes.", count=MOST_SCENARIOS))

    def validate_day(self, field: SelectField) -> None:
        """A block has both ends, room for a slot, and covers no slot that exists."""
        if not field.data or field.data not in dict(field.choices):
            return
        if not self.starts.data or not self.ends.data:
            raise ValidationError(_("Give both ends of the block, or no day."))
        slots = list(self._block())
        if not slots:
            raise ValidationError(_("The block is too short for a slot."))
        taken = [slot.interval for slot in self.situation.slots]
        if any(overlaps(interval, taken) for interval in slots):
            raise ValidationError(_("The block overlaps slots that the event has already."))

    def scenarios(self) -> list[list[dict[str, Any]]]:
        """Return the scenarios, in the order of the page; all together comes last."""
        single = [[part] for part in self._single()]
        together = combined(single)
        return [*single, together] if self.together.data and len(together) > 1 else single

    def _single(self) -> list[dict[str, Any]]:
        situation = self.situation
        found: list[dict[str, Any]] = []
        if self.places:
            count = len(situation.places)
            found += [{"kind": "places", "to": count + more, "more": more} for more in self.places.numbers]
        found += [
            {"kind": "slots", "form": "longer", "more": more, "slots": _stored(self._longer(more))}
            for more in self.longer.numbers
        ]
        if self.day.data:
            found.append({"kind": "slots", "form": "block", "slots": _stored(self._block())})
        if self.maximum:
            limit = situation.settings.max_meetings or 0
            found += [{"kind": "maximum", "to": limit + more, "now": limit} for more in self.maximum.numbers]
        found += [{"kind": "minutes", "to": minutes} for minutes in self.minutes.numbers]
        return found

    @property
    def _step(self) -> tuple[timedelta, timedelta]:
        rules = self.situation.settings
        return timedelta(minutes=rules.slot_minutes), timedelta(minutes=rules.slot_minutes + rules.gap_minutes)

    def _block(self) -> Iterator[tuple[datetime, datetime]]:
        """The slots of the block that is asked for."""
        zone = self.situation.event.zone
        day = date.fromisoformat(self.day.data)
        start, end = (moment_of(day, clock, zone) for clock in (self.starts.data, self.ends.data))
        length, step = self._step
        while start is not None and end is not None and start + length <= end:
            yield start, start + length
            start += step

    def _longer(self, more: int) -> Iterator[tuple[datetime, datetime]]:
        """Slots that follow the last one of each day."""
        length, step = self._step
        last = {local(slot.starts_at, self.situation.event.timezone).date(): slot for slot in self.situation.slots}
        for slot in last.values():
            start = slot.ends_at + (step - length)
            yield from ((start + n * step, start + n * step + length) for n in range(more))


def form_for(situation: Situation, **values: Any) -> WhatIfForm:
    """Return the form of an event, with what makes sense for it."""
    form = WhatIfForm(**values)
    form.situation = situation
    days = sorted({local(slot.starts_at, situation.event.timezone).date() for slot in situation.slots})
    form.day.choices = [("", _("No block")), *[(day.isoformat(), local_date(day)) for day in days]]
    now = str(situation.settings.slot_minutes)
    form.minutes.choices = [choice for choice in form.minutes.choices or () if choice[0] != now]
    if not situation.needs_places:
        del form.places
    if situation.settings.max_meetings is None:
        del form.maximum
    return form


def _stored(slots: Iterator[tuple[datetime, datetime]]) -> list[list[str]]:
    return [[start.isoformat(), end.isoformat()] for start, end in slots]
