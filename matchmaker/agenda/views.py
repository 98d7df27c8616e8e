"""The published agenda for visitors, and sign-up for participants."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.agenda import exports, queries, services
from matchmaker.agenda.grid import days
from matchmaker.agenda.models import AgendaSession
from matchmaker.clock import now
from matchmaker.db import transaction
from matchmaker.errors import DomainError
from matchmaker.events.access import current_event
from matchmaker.registrations.access import current_participant, need_participant, see_event
from matchmaker.web import Access, guard

blueprint = Blueprint("agenda", __name__, url_prefix="/events/<slug>/agenda")
guard(blueprint, Access.EVENT, see_event)
sign_ups = Blueprint("sign_ups", __name__, url_prefix="/events/<slug>/me/sessions")
guard(sign_ups, Access.PARTICIPANT, need_participant)


@blueprint.get("")
def show(slug: str) -> ResponseReturnValue:
    """Show the agenda as published."""
    event = current_event()
    items = queries.published_items(event.id)
    mine = queries.sessions_signed_up(g.participant.id) if g.participant else set()
    found = days(items, event.timezone, [room.name for room in queries.rooms_of(event.id)])
    return render_template(
        "agenda/show.html", days=found, has_rooms=any(day.is_parallel for day in found), items=items, mine=mine,
        counts=queries.sign_up_counts(event.id), version=queries.newest_version(event.id),
        active=bool(g.participant and g.participant.is_active), open_ids=queries.open_ids(event.id, now()),
    )  # fmt: skip


@blueprint.get("/agenda.<form>")
def export(slug: str, form: str) -> ResponseReturnValue:
    """Download the published agenda as a table; without join links."""
    event = current_event()
    return exports.agenda(event, queries.published_items(event.id), form)


def _session(session_id: int) -> AgendaSession:
    session = queries.session_of(current_event().id, session_id)
    if session is None:
        abort(404)
    return session


@sign_ups.post("/<int:session_id>/sign-up")
def sign_up(slug: str, session_id: int) -> ResponseReturnValue:
    """Take a place in a session."""
    try:
        with transaction():
            session = _session(session_id)
            services.sign_up(session, current_participant())
    except DomainError as error:
        flash(error.message, "danger")
    else:
        flash(_("You are signed up for “%(title)s”.", title=session.title), "success")
    return redirect(url_for("agenda.show", slug=slug), 303)


@sign_ups.post("/<int:session_id>/leave")
def leave(slug: str, session_id: int) -> ResponseReturnValue:
    """Give the place back."""
    with transaction():
        session = _session(session_id)
        services.leave(session, current_participant())
    flash(_("You gave your place in “%(title)s” back.", title=session.title), "success")
    return redirect(url_for("agenda.show", slug=slug), 303)
