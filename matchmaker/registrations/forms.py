"""Forms of registrations. No rules, no writing."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from matchmaker.accounts.models import User
from matchmaker.events.forms import clean, id_or_none
from matchmaker.events.models import Event, Mode
from matchmaker.registrations import queries
from matchmaker.registrations.models import Participant
from matchmaker.registrations.naming import WAYS
from matchmaker.registrations.services import RegistrationValues
from matchmaker.registrations.services.deciding import LONGEST_REASON
from matchmaker.web.times import local_date

MOST_DAYS = 14  # of a hybrid event that are asked about one by one


class ChangeForm(FlaskForm):
    """What a participant says and may change later."""

    organisation = RadioField(_("You take part for"), coerce=id_or_none, validators=[Optional()])
    mode = RadioField(_("How you take part"), choices=list(WAYS.items()), validators=[InputRequired()])
    online_days = SelectMultipleField(
        _("Days on which you take part online"),
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    note = TextAreaField(_("Message to the organiser"), [Length(max=1000)], filters=[clean])

    @property
    def values(self) -> RegistrationValues:
        """Hand over what was typed."""
        mode = self.mode.data if self.mode else ""
        days = tuple(self.online_days.data or ()) if self.online_days else ()
        return RegistrationValues(self.organisation.data, mode or Mode.ONLINE, self.note.data, days)


class RegistrationForm(ChangeForm):
    """The same with consent."""

    consent = BooleanField(
        _(
            "The organiser may use what I enter here to run this event, and other participants may see my name and organisation"
        ),
        validators=[InputRequired(_("Without your consent the organiser can't register you."))],
    )


def registration_form(form_class: type[ChangeForm], event: Event, user: User, participant: Participant | None) -> Any:
    """Return a form with the organisations of ``user``; the way to take part is asked at hybrid events only."""
    organisations = queries.organisations_of(user)
    initial: dict[str, Any] = {
        "organisation": organisations[0].id if organisations else None,
        "mode": Mode.ON_SITE.value,
        "note": "",
    }
    if participant is not None:
        initial = {name: getattr(participant, name) for name in ("mode", "note", "online_days")}
        initial["organisation"] = participant.organisation_id
    form = form_class(data=initial)
    form.organisation.choices = [(o.id, o.name) for o in organisations]
    form.organisation.choices.append(("", _("Myself, without an organisation")))
    form.online_days.choices = [(day.isoformat(), local_date(day)) for day in _days(event)]
    if event.mode != Mode.HYBRID:
        del form.mode
    if event.mode != Mode.HYBRID or len(form.online_days.choices) < 2:
        del form.online_days
    return form


def _days(event: Event) -> list[date]:
    count = min((event.last_day - event.first_day).days, MOST_DAYS - 1) + 1
    return [event.first_day + timedelta(days=number) for number in range(count)]


class ReasonForm(FlaskForm):
    """A decision about one participant, with a reason where it is declined."""

    reason = StringField(_("Reason"), [Length(max=LONGEST_REASON)], filters=[clean])


class InvitationForm(FlaskForm):
    """Addresses to invite."""

    addresses = TextAreaField(
        _("Addresses"), [InputRequired(_("Enter at least one address.")), Length(max=50_000)],
        filters=[lambda text: text.replace("\x00", "") if text else text],
    )  # fmt: skip
