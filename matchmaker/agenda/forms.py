"""The shapes of input of the agenda editor."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from matchmaker import vocabulary
from matchmaker.agenda.models import AgendaSession, Room
from matchmaker.agenda.services import SessionInput
from matchmaker.errors import Invalid
from matchmaker.events.models import Event
from matchmaker.events.wall_clock import on_the_wall, to_utc
from matchmaker.web.times import local_date

HTTP = Regexp(r"^https?://\S+$", message=_("Give a complete address that starts with https://."))
MOST_SPEAKERS = 20


class SessionForm(FlaskForm):
    """One session. Times are on the wall clock of the event; a session that ends before it starts ends the next day."""

    version = HiddenField()
    title = StringField(_("Title"), validators=[InputRequired(_("Give the session a title.")), Length(max=200)])
    kind = SelectField(_("Kind"))
    day = SelectField(_("Day"))
    starts = TimeField(_("Starts"), validators=[InputRequired(_("Give the time at which it starts."))])
    ends = TimeField(_("Ends"), validators=[InputRequired(_("Give the time at which it ends."))])
    room = SelectField(_("Room"))
    join_link = StringField(_("Join link"), validators=[Optional(), Length(max=500), HTTP])
    description = TextAreaField(_("Description"), validators=[Length(max=5000)])
    speakers = TextAreaField(_("Speakers"), validators=[Length(max=4000)])
    has_sign_up = BooleanField(_("Participants sign up for this session"))
    capacity = IntegerField(
        _("Places"), validators=[Optional(), NumberRange(1, 100000, _("Give a number of places, or leave it empty."))]
    )

    event: Event

    @classmethod
    def for_event(cls, event: Event, rooms: list[Room], session: AgendaSession | None = None) -> "SessionForm":
        """Return the form with the days and rooms of an event, filled from ``session`` when there is one."""
        form = cls(data=_data(event, session)) if session else cls()
        form.event = event
        form.kind.choices = vocabulary.choices("session_kinds")
        form.day.choices = _day_choices(event, session)
        form.room.choices = [("", _("No room")), *((str(room.id), room.name) for room in rooms)]
        return form

    def validate_speakers(self, field: Any) -> None:
        """Refuse more speakers than a session can have, and names that are too long."""
        people = speakers_in(field.data or "")
        if len(people) > MOST_SPEAKERS or any(len(name) > 160 or len(org) > 200 for name, org in people):
            raise ValidationError(_("At most 20 speakers, one a line: name, organisation."))

    def validate_ends(self, field: Any) -> None:
        """Refuse a session without length: a whole day is rather a slip."""
        if field.data and field.data == self.starts.data:
            raise ValidationError(_("It can't end at the time at which it starts."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then whether the times exist on that day and are in order."""
        if not super().validate(extra_validators):
            return False
        for field, moment in ((self.starts, self._starts_at), (self.ends, self._ends_at)):
            try:
                moment()
            except Invalid as error:
                field.errors = [*field.errors, error.message]
                return False
        return True

    def times(self) -> tuple[datetime, datetime]:
        """Return start and end in UTC. Raises ``Invalid`` where the clocks change at that very time."""
        return self._starts_at(), self._ends_at()

    def _starts_at(self) -> datetime:
        return to_utc(date.fromisoformat(self.day.data), self.starts.data, self.event.timezone)

    def _ends_at(self) -> datetime:
        day = date.fromisoformat(self.day.data)
        last = day if self.ends.data > self.starts.data else day + timedelta(days=1)
        return to_utc(last, self.ends.data, self.event.timezone)

    def values(self) -> SessionInput:
        """Return the input as a value."""
        starts_at, ends_at = self.times()
        return SessionInput(
            title=(self.title.data or "").strip(), kind=self.kind.data, starts_at=starts_at, ends_at=ends_at,
            description=self.description.data or "", room_id=int(self.room.data) if self.room.data else None,
            join_link=self.join_link.data or "", capacity=self.capacity.data,
            has_sign_up=bool(self.has_sign_up.data), speakers=speakers_in(self.speakers.data or ""),
        )  # fmt: skip


class RoomForm(FlaskForm):
    """A room."""

    name = StringField(_("Name"), validators=[InputRequired(_("Give the room a name.")), Length(max=120)])
    capacity = IntegerField(_("Places"), validators=[Optional(), NumberRange(1, 100000)])


class PublishForm(FlaskForm):
    """Publishing a version."""

    note = StringField(_("What changed, for the list of versions"), validators=[Length(max=500)])


def days_of(event: Event) -> list[date]:
    """Return the days of an event in its zone."""
    return [event.first_day + timedelta(days=n) for n in range((event.last_day - event.first_day).days + 1)]


def _day_choices(event: Event, session: AgendaSession | None) -> list[tuple[str, str]]:
    """The days of the event; a session that lies outside keeps its day until somebody chooses another."""
    days = days_of(event)
    choices = [(day.isoformat(), local_date(day)) for day in days]
    own = on_the_wall(session.starts_at, event.timezone)[0] if session else None
    if own and own not in days:
        choices.append((own.isoformat(), str(_("%(day)s (not a day of the event)", day=local_date(own)))))
    return choices


def speakers_in(text: str) -> list[tuple[str, str]]:
    """Read one speaker a line: ``name, organisation``; the organisation may be missing."""
    people: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        name, _comma, organisation = line.partition(",")
        people[" ".join(name.split())] = " ".join(organisation.split())
    people.pop("", None)
    return list(people.items())


def _data(event: Event, session: AgendaSession) -> dict[str, Any]:
    day, starts = on_the_wall(session.starts_at, event.timezone)
    return {
        "version": session.version, "title": session.title, "kind": session.kind, "day": day.isoformat(),
        "starts": starts, "ends": on_the_wall(session.ends_at, event.timezone)[1],
        "room": str(session.room_id or ""), "join_link": session.join_link, "description": session.description,
        "speakers": "\n".join(", ".join(filter(None, (s.name, s.organisation))) for s in session.speakers),
        "has_sign_up": session.has_sign_up, "capacity": session.capacity,
    }  # fmt: skip
