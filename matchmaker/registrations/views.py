"""Overview of an event, one's own registration, and all events of a person."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import optional_user, signed_in_user
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError, NotFound
from matchmaker.events.access import current_event
from matchmaker.events.details import shown
from matchmaker.events.services import missing_before_publication
from matchmaker.events.views import show_error
from matchmaker.registrations import queries, services
from matchmaker.registrations.access import enter, is_event_organiser, own_registration
from matchmaker.registrations.facts import facts_about
from matchmaker.registrations.forms import ChangeForm, RegistrationForm, registration_form
from matchmaker.registrations.models import Participant, ParticipantState
from matchmaker.registrations.next_steps import next_step, short_step
from matchmaker.registrations.services import places
from matchmaker.web import Access, guard
from matchmaker.web.access import guard_view

blueprint = Blueprint("registrations", __name__)
guard(blueprint, Access.EVENT, enter)
for _view in ("register", "change", "cancel", "my_events"):
    guard_view(blueprint, _view, Access.SIGNED_IN)


@blueprint.get("/events/<slug>/")
def show(slug: str) -> ResponseReturnValue:
    """What, when, where, and the one next step."""
    event, user, participant = current_event(), optional_user(), own_registration()
    facts = facts_about(participant) if participant and participant.is_active else []
    is_inside = (participant is not None and participant.is_active) or is_event_organiser()
    return render_template(
        "registrations/show.html",
        step=next_step(event, participant, user, facts), facts_about_me=facts, is_inside=is_inside,
        details=shown(event.kind, event.details, internal=is_inside),
        taken=places.taken(event.id) if event.capacity else 0, now=now(),
        missing=missing_before_publication(event) if is_event_organiser() and not event.is_published else [],
    )  # fmt: skip


@blueprint.route("/events/<slug>/register", methods=["GET", "POST"])
def register(slug: str) -> ResponseReturnValue:
    """Register for the event, or join its waiting list."""
    event, participant = current_event(), own_registration()
    if participant is not None and participant.state != ParticipantState.CANCELLED:
        flash(_("You are registered for this event already."), "info")
        return redirect(url_for("registrations.show", slug=slug), 303)
    step = next_step(event, participant, signed_in_user(), [])
    form = registration_form(RegistrationForm, event, signed_in_user(), None)
    if not form.is_submitted():
        return render_template("registrations/register.html", form=form, step=step)
    if form.validate():
        return _register(form, slug)
    return render_template("registrations/register.html", form=form, step=step), 422


def _register(form: RegistrationForm, slug: str) -> ResponseReturnValue:
    event_id = current_event().id
    try:
        with transaction():
            state = services.register(event_id, form.values, by=signed_in_user()).state
    except DomainError as error:
        show_error(form, error)
        step = next_step(current_event(), own_registration(), signed_in_user(), [])
        return render_template("registrations/register.html", form=form, step=step), error.status
    messages = {
        ParticipantState.CONFIRMED: _("You are registered. Your place is confirmed."),
        ParticipantState.PENDING: _("Your registration is sent. You get a mail when an organiser has decided."),
        ParticipantState.WAITING: _("All places are taken; you are on the waiting list."),
    }
    flash(messages[ParticipantState(state)], "success")
    return redirect(url_for("registrations.show", slug=slug), 303)


@blueprint.route("/events/<slug>/me/registration", methods=["GET", "POST"])
def change(slug: str) -> ResponseReturnValue:
    """Change one's own registration."""
    event, participant = current_event(), _need_registration()
    form = registration_form(ChangeForm, event, signed_in_user(), participant)
    if not form.is_submitted():
        return render_template("registrations/change.html", form=form)
    if not form.validate():
        return render_template("registrations/change.html", form=form), 422
    try:
        with transaction():
            services.change(participant.id, form.values, by=signed_in_user())
    except DomainError as error:
        show_error(form, error)
        return render_template("registrations/change.html", form=form), error.status
    flash(_("Your registration is changed."), "success")
    return redirect(url_for("registrations.show", slug=slug), 303)


@blueprint.post("/events/<slug>/me/cancel")
def cancel(slug: str) -> ResponseReturnValue:
    """Cancel one's own registration; its place goes to whoever waits."""
    participant_id = _need_registration().id
    try:
        with transaction():
            services.cancel(participant_id, by=signed_in_user())
    except DomainError as error:
        db.session.rollback()
        flash(error.message, "error")
    else:
        flash(_("Your registration is cancelled."), "success")
    return redirect(url_for("registrations.show", slug=slug), 303)


@blueprint.get("/my-events")
def my_events() -> ResponseReturnValue:
    """Everything a person takes part in, is invited to, or organises."""
    user = signed_in_user()
    mine, roles, moment = queries.registrations_of(user), queries.roles_of(user), now()
    waiting = queries.waiting_places(mine)
    rows = [(each, short_step(each, waiting.get(each.id, 0))) for each in mine]
    return render_template(
        "registrations/my_events.html",
        now=moment,
        upcoming=[row for row in rows if row[0].event.ends_at > moment],
        past=[row for row in reversed(rows) if row[0].event.ends_at <= moment],
        organised=[role for role in roles if role.event.ends_at > moment],
        organised_before=[role for role in reversed(roles) if role.event.ends_at <= moment],
        invitations=queries.invitations_to(user),
    )


def _need_registration() -> Participant:
    participant = own_registration()
    if participant is None:
        raise NotFound(_("You are not registered for this event."))
    return participant
