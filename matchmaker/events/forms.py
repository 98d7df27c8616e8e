"""Forms of events: what an organiser types, checked for shape, handed over as ``EventValues``. No rules, no writing."""

import re
from datetime import datetime, time
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from matchmaker.errors import DomainError
from matchmaker.events import details as kinds
from matchmaker.events.models import EventRoleName
from matchmaker.events.naming import MODES, RULES, VISIBILITIES
from matchmaker.events.services import EventValues
from matchmaker.events.wall_clock import on_the_wall, to_utc
from matchmaker.projects import queries as project_queries
from matchmaker.web.times import zone_choices

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
DETAIL_PREFIX = "detail_"
ROLES = [(EventRoleName.ORGANISER.value, _("Organiser")), (EventRoleName.CO_ORGANISER.value, _("Co-organiser"))]


def clean(text: Any) -> Any:
    """Trim a text and drop characters that no page can show and no database stores."""
    return _CONTROL.sub("", text.replace("\r\n", "\n")).strip() if isinstance(text, str) else text


def id_or_none(value: Any) -> int | None:
    """Read the id of a choice; empty is ``None``."""
    return int(value) if value not in (None, "", "None") else None


def _within_reach(_form: FlaskForm, field: Field) -> None:
    if field.data and not 2000 <= field.data.year <= 2100:
        raise ValidationError(_("Enter a year between 2000 and 2100."))


class EventForm(FlaskForm):
    """One event. Times are typed on the wall clock of the zone chosen; fields of its kind are added by ``event_form``."""

    version = HiddenField()
    name = StringField(_("Name"), [DataRequired(_("Give the event a name.")), Length(max=200)], filters=[clean])
    slug = StringField(
        _("Address of its page"),
        [
            Optional(),
            Length(max=80),
            Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_("Use small letters, digits and single hyphens.")),
        ],
        filters=[clean],
    )
    semester = SelectField(_("Semester"), coerce=id_or_none, validators=[Optional()])
    ordinal = IntegerField(_("Number in its series"), [Optional(), NumberRange(1, 999)])
    host = SelectField(_("Host partner"), coerce=id_or_none, validators=[Optional()])
    thematic_focus = TextAreaField(_("Thematic focus"), [Length(max=1000)], filters=[clean])
    summary = TextAreaField(_("Summary"), [Length(max=1000)], filters=[clean])
    description = TextAreaField(_("Description"), [Length(max=20000)], filters=[clean])
    starts_on = DateField(_("First day"), [InputRequired(_("Enter the first day.")), _within_reach])
    starts_time = TimeField(_("Starts at"), [InputRequired(_("Enter when it starts."))])
    ends_on = DateField(_("Last day"), [InputRequired(_("Enter the last day.")), _within_reach])
    ends_time = TimeField(_("Ends at"), [InputRequired(_("Enter when it ends."))])
    timezone = SelectField(_("Time zone"))
    zone_change = RadioField(
        _("The time zone changes. What is to stay?"),
        choices=[
            ("wall_clock", _("The times on the clock: 10:00 stays 10:00 and moves to the new zone")),
            ("moment", _("The moments: everything happens when it was planned, the clock shows another time")),
        ],
        validators=[Optional()],
    )
    mode = RadioField(_("Where it takes place"), choices=list(MODES.items()), validators=[InputRequired()])
    venue = StringField(_("Venue"), [Length(max=300)], filters=[clean])
    join_link = StringField(
        _("Join link"),
        [
            Optional(),
            Length(max=500),
            Regexp(r"^https?://\S+$", message=_("Enter a full address, such as https://meet.example.org/room.")),
        ],
        filters=[clean],
    )
    visibility = RadioField(_("Who finds the event"), choices=list(VISIBILITIES.items()), validators=[InputRequired()])
    registration = RadioField(_("Registration"), choices=list(RULES.items()), validators=[InputRequired()])
    closes_on = DateField(_("Registration closes on"), [Optional(), _within_reach])
    closes_time = TimeField(_("at"), [Optional()])
    capacity = IntegerField(_("Number of places"), [Optional(), NumberRange(1, 100_000)])
    has_meetings = BooleanField(_("Participants meet in one-to-one meetings (B2B)"))

    kind: str = ""
    old_zone: str = ""
    host_zones: dict[int, str] = {}  # noqa: RUF012 - set for each form
    own_zone: str = "Europe/Brussels"
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime | None = None
    details: dict[str, Any]

    @property
    def detail_fields(self) -> list[tuple[kinds.Detail, Field]]:
        """The fields that only this kind of event has."""
        return [(each, self[DETAIL_PREFIX + each.name]) for each in kinds.details_of(self.kind)]

    @property
    def zone(self) -> str:
        """The zone of the event: as chosen, else that of the host, else the organiser's own."""
        return str(self.timezone.data or self.host_zones.get(self.host.data or 0) or self.own_zone)

    @property
    def kept(self) -> str:
        """What stays when the zone changes."""
        return str(self.zone_change.data or "wall_clock")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then what they mean together: times in their zone, fields of the kind."""
        valid = bool(super().validate(extra_validators))
        if self.old_zone and self.zone != self.old_zone and not self.zone_change.data:
            self.zone_change.errors = [_("Choose what happens to the times.")]
            valid = False
        return all([valid, self._read_times(), self._read_details()])

    def _read_times(self) -> bool:
        zone = self.old_zone if self.old_zone and self.kept == "moment" else self.zone
        starts_at = self._moment(self.starts_on, self.starts_time, zone)
        ends_at = self._moment(self.ends_on, self.ends_time, zone)
        if starts_at and ends_at:
            self.starts_at, self.ends_at = starts_at, ends_at
        if self.closes_on.data and self.closes_time.data is None and not self.closes_time.errors:
            self.closes_time.data = time(23, 59)
        self.closes_at = self._moment(self.closes_on, self.closes_time, zone)
        return not any(f.errors for f in (self.starts_time, self.ends_time, self.closes_time))

    def _moment(self, day: Field, clock: Field, zone: str) -> datetime | None:
        if self.timezone.errors or day.errors or clock.errors or day.data is None or clock.data is None:
            return None
        try:
            return to_utc(day.data, clock.data, zone)
        except DomainError as error:
            clock.errors = [error.message]
            return None

    def _read_details(self) -> bool:
        self.details = {}
        for detail, field in self.detail_fields:
            try:
                value = kinds.parse(detail, field.data or "")
            except ValueError as error:
                field.errors = [str(error)]
                continue
            if value is not None:
                self.details[detail.name] = value
        return not any(field.errors for _detail, field in self.detail_fields)

    def values(self, project_id: int | None, stored_details: dict[str, Any] | None = None) -> EventValues:
        """Hand over what was typed; details that this form has no field for stay as they are."""
        known = {detail.name for detail, _field in self.detail_fields}
        kept = {name: value for name, value in (stored_details or {}).items() if name not in known}
        return EventValues(
            kind=self.kind, project_id=project_id, name=self.name.data, slug=(self.slug.data or "") if self.slug else "",
            semester_id=self.semester.data, ordinal=self.ordinal.data, host_partner_id=self.host.data,
            thematic_focus=self.thematic_focus.data, summary=self.summary.data, description=self.description.data,
            mode=self.mode.data, timezone=self.zone, starts_at=self.starts_at, ends_at=self.ends_at,
            venue=self.venue.data, join_link=self.join_link.data or "", visibility=self.visibility.data,
            registration=self.registration.data, registration_closes_at=self.closes_at, capacity=self.capacity.data,
            details=kept | self.details, has_meetings=self.has_meetings.data,
        )  # fmt: skip


def event_form(kind: str, project_id: int | None, own_zone: str, **initial: Any) -> EventForm:
    """Return the form of one kind with the choices of one project. ``initial``: values of an empty form."""
    fields = {DETAIL_PREFIX + each.name: _detail_field(each) for each in kinds.details_of(kind)}
    form_class = type("EventFormOfKind", (EventForm,), fields)
    form: EventForm = form_class(data=initial)
    form.kind, form.own_zone, form.old_zone = kind, own_zone, initial.get("old_zone", "")
    partners = project_queries.partners(project_id) if project_id else []
    semesters = project_queries.semesters(project_id) if project_id else []
    form.host_zones = {partner.id: partner.timezone for partner in partners}
    form.host.choices = [("", _("Not decided yet")), *((p.id, f"{p.name}, {p.region or p.country}") for p in partners)]
    form.semester.choices = [("", _("None")), *((s.id, _("Semester %(n)s", n=s.number)) for s in semesters)]
    zones = zone_choices()
    if form.old_zone:
        form.timezone.choices = zones if form.old_zone in dict(zones) else [(form.old_zone, form.old_zone), *zones]
    else:
        form.timezone.choices = [("", _("That of the host, else my own (%(zone)s)", zone=own_zone)), *zones]
    return form


def _detail_field(detail: kinds.Detail) -> Field:
    limit = Length(max=500 if detail.form in ("line", "link") else 20000)
    kind = StringField if detail.form in ("line", "link") else TextAreaField
    return kind(detail.label, [limit], description=_help(detail), filters=[clean])


def _help(detail: kinds.Detail) -> Any:
    if detail.form == "lines":
        return _("One in each line")
    if detail.form == "rows":
        return _("One in each line: %(parts)s", parts=" | ".join(str(label) for _name, label in detail.parts))
    return _("Markdown") if detail.form == "text" else ""


def as_typed(event: Any) -> dict[str, Any]:
    """Return an event as its form shows it: times on the wall clock of its zone."""
    clocks: dict[str, Any] = {}
    for name, moment in (
        ("starts", event.starts_at),
        ("ends", event.ends_at),
        ("closes", event.registration_closes_at),
    ):
        clocks[f"{name}_on"], clocks[f"{name}_time"] = on_the_wall(moment, event.timezone) if moment else (None, None)
    plain = ("version", "name", "slug", "ordinal", "thematic_focus", "summary", "description", "timezone", "mode",
             "venue", "join_link", "visibility", "registration", "capacity", "has_meetings")  # fmt: skip
    special = {DETAIL_PREFIX + d.name: kinds.typed(d, event.details.get(d.name)) for d in kinds.details_of(event.kind)}
    values = {name: getattr(event, name) for name in plain}
    related = {"semester": event.semester_id, "host": event.host_partner_id, "old_zone": event.timezone}
    return values | clocks | special | related


class TeamForm(FlaskForm):
    """An address and a role."""

    email = EmailField(
        _("E-mail address"), [DataRequired(_("Enter an e-mail address.")), Length(max=254)], filters=[clean]
    )
    role = RadioField(_("Role"), choices=ROLES, default=EventRoleName.CO_ORGANISER.value, validators=[InputRequired()])
