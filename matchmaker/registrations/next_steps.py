"""Where a person stands at an event, and the one thing to do next. Reads only; the texts are for the page."""

from dataclasses import dataclass, replace

from flask_babel import gettext as _

from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.events.models import Event, RegistrationRule
from matchmaker.registrations import queries
from matchmaker.registrations.facts import Fact
from matchmaker.registrations.models import Participant, ParticipantState
from matchmaker.registrations.services import places

_S = ParticipantState


@dataclass(frozen=True)
class NextStep:
    """A state in words, what it means, and at most one act: a link with its label (``endpoint`` or ``href``)."""

    title: str
    text: str
    tone: str = "info"
    label: str = ""
    endpoint: str = ""
    href: str = ""


def next_step(event: Event, participant: Participant | None, user: User | None, facts: list[Fact]) -> NextStep:
    """Return the next step of whoever looks at the overview of an event; ``facts`` are those about the participant."""
    if event.cancelled_at is not None:
        return NextStep(_("This event is cancelled"), _("The organiser has cancelled it."), "bad")
    if participant is None or participant.state == _S.CANCELLED:
        return _of_visitor(event, user, returning=participant is not None)
    if participant.is_active:
        return _of_active(event, facts)
    return _of_hopeful(participant, queries.waiting_place(participant) if participant.state == _S.WAITING else 0)


def _of_visitor(event: Event, user: User | None, *, returning: bool) -> NextStep:
    return _why_not(event, user) or _may_register(event, returning=returning)


def _why_not(event: Event, user: User | None) -> NextStep | None:
    """Say why somebody can't register, if so."""
    if not event.is_published:
        return NextStep(_("Draft"), _("Nobody but its organisers sees this event."), "quiet")
    if event.ends_at <= now():
        return NextStep(_("This event is over"), "", "quiet")
    if not event.registration_is_open(now()):
        return NextStep(_("Registration is closed"), _("The deadline has passed."), "quiet")
    if user is not None and not user.is_confirmed:
        text = _("Follow the link in the mail that we sent to %(email)s, then register here.", email=user.email)
        return NextStep(_("Confirm your e-mail address"), text, "wait")
    if event.registration == RegistrationRule.INVITATION and not (user and queries.is_invited(event.id, user)):
        text = _("If you were invited, sign in with the address to which the invitation was sent.")
        return NextStep(_("By invitation only"), text, "quiet")
    return None


def _may_register(event: Event, *, returning: bool) -> NextStep:
    title = _("You cancelled; you can register again") if returning else _("You can register")
    if not places.has_room(event):
        text = _("All places are taken. Whoever registers now joins the waiting list, which moves up by itself.")
        return NextStep(_("All places are taken"), text, "wait", _("Join the waiting list"), "registrations.register")
    rule = _("An organiser decides about each registration.") if event.registration == RegistrationRule.APPROVAL else ""
    return NextStep(title, rule, "info", _("Register"), "registrations.register")


def _of_active(event: Event, facts: list[Fact]) -> NextStep:
    if event.ends_at <= now():
        return NextStep(_("You took part in this event"), _("Thank you for being there."), "good")
    for fact in facts:
        if fact.step:
            return NextStep(_("Your place is confirmed"), f"{fact.term}: {fact.text}", "good", fact.step, fact.endpoint)
    return NextStep(_("Your place is confirmed"), "", "good", _("See the agenda"), "agenda.show")


def _of_hopeful(participant: Participant, place: int) -> NextStep:
    if participant.state == _S.WAITING:
        text = _("When a place becomes free for you it is yours at once, and you get a mail.")
        return _meanwhile(participant, NextStep(_("You are on the waiting list, place %(n)s", n=place), text, "wait"))
    if participant.state == _S.PENDING:
        text = _("An organiser decides about it; you get a mail either way.")
        return _meanwhile(participant, NextStep(_("Your registration is being looked at"), text, "wait"))
    reason = participant.decision_reason
    text = _("Reason: %(reason)s", reason=reason) if reason else _("No reason was given.")
    return NextStep(_("Your registration was declined"), text, "bad")


def _meanwhile(participant: Participant, step: NextStep) -> NextStep:
    """Offer what can be done while waiting: a profile helps the organiser to decide, and saves time later."""
    if not participant.event.has_meetings:
        return step
    return replace(step, label=_("Write your profile meanwhile"), endpoint="profiles.edit")


def short_step(participant: Participant, place: int) -> str:
    """Return the state of a registration in a few words, for lists."""
    event = participant.event
    if event.cancelled_at is not None:
        return _("The event is cancelled")
    if participant.is_active:
        return _("Over") if event.ends_at <= now() else _("Your place is confirmed")
    if participant.state == _S.CANCELLED:
        open_again = event.registration_is_open(now())
        return _("You cancelled; you can register again") if open_again else _("You cancelled")
    return _of_hopeful(participant, place).title
