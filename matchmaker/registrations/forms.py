"""Forms of registrations. No rules, no writing."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from matchmaker.accounts.models import User
from matchmaker.events.forms import clean, id_or_none
from matchmaker.events.models import Event, Mode
from matchmaker.registrations import queries
from matchmaker.registrations.models import Participant
from matchmaker.registrations.naming import WAYS
from matchmaker.registrations.services import RegistrationValues
from matchmaker.registrations.services.deciding import LONGEST_REASON


class ChangeForm(FlaskForm):
    """What a participant says and may change later."""

    organisation = RadioField(_("You take part for"), coerce=id_or_none, validators=[Optional()])
    mode = RadioField(_("How you take part"), choices=list(WAYS.items()), validators=[InputRequired()])
    note = TextAreaField(_("Message to the organiser"), [Length(max=1000)], filters=[clean])

    @property
    def values(self) -> RegistrationValues:
        """Hand over what was typed."""
        mode = self.mode.data if self.mode else ""
        return RegistrationValues(organisation_id=self.organisation.data, mode=mode or Mode.ONLINE, note=self.note.data)


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
    initial = {"organisation": organisations[0].id if organisations else None, "mode": Mode.ON_SITE.value, "note": ""}
    if participant is not None:
        initial = {"organisation": participant.organisation_id, "mode": participant.mode, "note": participant.note}
    form = form_class(data=initial)
    form.organisation.choices = [(o.id, o.name) for o in organisations]
    form.organisation.choices.append(("", _("Myself, without an organisation")))
    if event.mode != Mode.HYBRID:
        del form.mode
    return form


class ReasonForm(FlaskForm):
    """A decision about one participant, with a reason where it is declined."""

    reason = StringField(_("Reason"), [Length(max=LONGEST_REASON)], filters=[clean])


class InvitationForm(FlaskForm):
    """Addresses to invite."""

    addresses = TextAreaField(
        _("Addresses"), [InputRequired(_("Enter at least one address.")), Length(max=50_000)],
        filters=[lambda text: text.replace("\x00", "") if text else text],
    )  # fmt: skip
