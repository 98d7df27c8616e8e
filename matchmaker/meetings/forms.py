"""Forms of requests, meetings and their set-up. Each hands over plain values or the dataclass of its service."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import URL, DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from matchmaker import vocabulary
from matchmaker.events.models import Event
from matchmaker.meetings.models import MeetingRequest, MeetingSettings, RequestState
from matchmaker.meetings.services import Answer, BlockInput, RatingInput, SettingsInput
from matchmaker.web import whole_number
from matchmaker.web.times import local_date

WEB_ADDRESS = (URL(), Regexp(r"https?://", message=_("The address has to begin with https:// or http://.")))
STARS = [(str(n), str(n)) for n in range(1, 6)]


def _stars(value: str | None) -> int | None:
    return int(value) if value else None


class AskForm(FlaskForm):
    """A request to somebody."""

    message = TextAreaField(_("Message"), validators=[Length(max=1000)])
    stars = RadioField(_("How important is this meeting to you?"), choices=STARS, default="3")
    next = HiddenField()


class OneAnswer(Form):
    """The answer to one request, as part of ``AnswersForm``; empty: not answered yet."""

    request_id = HiddenField()
    state = RadioField(
        _("Your answer"),
        choices=[
            (RequestState.ACCEPTED, _("Accept")),
            (RequestState.LATER, _("Later")),
            (RequestState.DECLINED, _("Decline")),
        ],
        validators=[Optional()],
        validate_choice=False,
    )
    stars = RadioField(_("Your priority"), choices=STARS, validators=[Optional()])
    reason = StringField(_("Reason, if you decline"), validators=[Length(max=500)])

    def answer(self) -> Answer:
        """Return what was chosen."""
        return Answer(self.state.data or "", _stars(self.stars.data), self.reason.data or "")


class AnswersForm(FlaskForm):
    """Answers to all pending requests in one go."""

    answers = FieldList(FormField(OneAnswer), max_entries=1000)

    def fill(self, pending: list[MeetingRequest]) -> None:
        """Offer one answer for each pending request, with what was chosen before."""
        for request in pending:
            state = RequestState.LATER if request.state == RequestState.LATER else None
            self.answers.append_entry({"request_id": request.id, "state": state, "stars": "3", "reason": ""})


class CancelForm(FlaskForm):
    """Why a meeting is cancelled; ``keep_request`` is offered to organisers only."""

    reason = TextAreaField(_("Reason"), validators=[Length(max=500)])
    keep_request = BooleanField(_("The two may be scheduled again"))


class RatingForm(FlaskForm):
    """What one of the two says after a meeting."""

    took_place = RadioField(
        _("Did the meeting take place?"), choices=[("yes", _("Yes")), ("no", _("No"))], default="yes"
    )
    stars = RadioField(_("How useful was it?"), choices=STARS, validators=[Optional()])
    outcome = SelectField(_("What comes of it?"), validators=[Optional()])
    comment = TextAreaField(_("Comment for the organiser"), validators=[Length(max=2000)])
    note = TextAreaField(_("Private note"), validators=[Length(max=2000)])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.outcome.choices = [("", _("Please choose")), *vocabulary.choices("outcomes")]

    def rating(self) -> RatingInput:
        """Return what was said."""
        return RatingInput(
            took_place=self.took_place.data == "yes",
            stars=_stars(self.stars.data),
            outcome=self.outcome.data or "",
            comment=self.comment.data or "",
            note=self.note.data or "",
        )


class SettingsForm(FlaskForm):
    """How meetings work at an event. The deadline is on the wall clock of the event."""

    slot_minutes = IntegerField(_("Length of a slot"), validators=[InputRequired(), NumberRange(5, 240)])
    gap_minutes = IntegerField(_("Gap between slots"), validators=[InputRequired(), NumberRange(0, 120)])
    online_places = BooleanField(_("Meetings without a place get an online room"))
    join_link_template = StringField(
        _("Address of an online room"), validators=[Length(max=300), Optional(), *WEB_ADDRESS]
    )
    max_requests = IntegerField(
        _("Open requests a participant can send"), validators=[InputRequired(), NumberRange(1, 1000)]
    )
    max_meetings = IntegerField(_("Most meetings of one participant"), validators=[Optional(), NumberRange(1, 500)])
    requests_close_at = DateTimeLocalField(
        _("Requests close"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], validators=[Optional()]
    )
    self_booking = BooleanField(_("Participants choose their slots themselves"))
    explains = BooleanField(_("Participants see why a meeting was not planned"))
    version = HiddenField(default="0")

    @classmethod
    def of(cls, rules: MeetingSettings, zone: ZoneInfo) -> "SettingsForm":
        """Return the form filled with what is stored."""
        form = cls(formdata=None, obj=rules)
        if rules.requests_close_at:
            form.requests_close_at.data = rules.requests_close_at.astimezone(zone)
        return form

    def settings(self, event: Event) -> SettingsInput:
        """Return what was chosen."""
        closes: datetime | None = self.requests_close_at.data
        return SettingsInput(
            slot_minutes=self.slot_minutes.data,
            gap_minutes=self.gap_minutes.data,
            online_places=self.online_places.data,
            join_link_template=(self.join_link_template.data or "").strip(),
            max_requests=self.max_requests.data,
            max_meetings=self.max_meetings.data,
            requests_close_at=closes.replace(tzinfo=event.zone).astimezone(UTC) if closes else None,
            self_booking=self.self_booking.data,
            explains=self.explains.data,
        )

    def validate_version(self, field: HiddenField) -> None:
        """Only what we wrote into the page ourselves is a version."""
        if whole_number(field.data, -1) < 0:
            raise ValidationError(_("Please load the page again."))


class BlockForm(FlaskForm):
    """A stretch of one day in which meetings take place."""

    day = SelectField(_("Day"), validators=[DataRequired()])
    starts = TimeField(_("From"), validators=[InputRequired()])
    ends = TimeField(_("To"), validators=[InputRequired()])

    def __init__(self, event: Event, **values: Any) -> None:
        super().__init__(**values)
        self.day.choices = [(day.isoformat(), local_date(day)) for day in event_days(event)]

    def block(self) -> BlockInput:
        """Return what was chosen."""
        return BlockInput(date.fromisoformat(self.day.data), self.starts.data, self.ends.data)


class PlacesForm(FlaskForm):
    """Several places at once."""

    kind = SelectField(_("Kind"), choices=[("table", _("Tables")), ("online", _("Online rooms"))])
    count = IntegerField(_("How many"), default=10, validators=[InputRequired(), NumberRange(1, 200)])
    prefix = StringField(_("Name"), default=lambda: str(_("Table")), validators=[DataRequired(), Length(max=60)])


class PlaceForm(FlaskForm):
    """Name and link of a place."""

    name = StringField(_("Name"), validators=[DataRequired(), Length(max=80)])
    join_link = StringField(_("Link"), validators=[Length(max=500), Optional(), *WEB_ADDRESS])


class MoveForm(FlaskForm):
    """Where an organiser moves a meeting; place "": the first free one."""

    slot = SelectField(_("Time"), coerce=int)
    place = SelectField(_("Place"), validators=[Optional()])


def event_days(event: Event) -> list[date]:
    """Return the days of an event in its zone, at most sixty."""
    first, last = event.first_day, event.last_day
    return [date.fromordinal(n) for n in range(first.toordinal(), min(last.toordinal(), first.toordinal() + 59) + 1)]
