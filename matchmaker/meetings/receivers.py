"""What meetings do when something changes below. All of it happens in the sender's transaction."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from matchmaker.agenda.models import AgendaSession
from matchmaker.agenda.signals import session_changed, sign_up_changed
from matchmaker.clock import now
from matchmaker.events.models import Event
from matchmaker.events.signals import event_changed
from matchmaker.meetings import queries, services
from matchmaker.meetings.services.seating import signed_up
from matchmaker.registrations.facts import Fact
from matchmaker.registrations.models import Participant
from matchmaker.registrations.signals import facts_asked, participant_left
from matchmaker.web.navigation import link
from matchmaker.web.times import local_datetime


def connect() -> None:
    """Connect the receivers; connecting twice changes nothing."""
    participant_left.connect(on_participant_left)
    sign_up_changed.connect(on_sign_up_changed)
    session_changed.connect(on_session_changed)
    event_changed.connect(on_event_changed)
    facts_asked.connect(meeting_facts)


def on_participant_left(participant: Participant, **_more: Any) -> None:
    """Free seats and places of somebody who no longer takes part, and close their requests."""
    services.cancel_all_of(participant)


def on_sign_up_changed(_session: AgendaSession, participant: Participant, **_more: Any) -> None:
    """Take or free the seats of somebody who signed up for a session or left it; a meeting in the way refuses it."""
    services.sync_sessions([participant.id])


def on_session_changed(session: AgendaSession, **_more: Any) -> None:
    """Take the seats anew of everybody who signed up for a session that moved; a meeting in the way refuses it."""
    services.sync_sessions(signed_up(session))


def on_event_changed(event: Event, changes: dict[str, Any] | None = None, kept: str = "", **_more: Any) -> None:
    """Keep the wall clock of the slots when the organiser gave the event another zone and wants that."""
    if changes and "timezone" in changes and kept == "wall_clock":
        services.shift_slots(event, ZoneInfo(changes["timezone"][0]))


def meeting_facts(participant: Participant, **_more: Any) -> list[Fact]:
    """Tell how many requests wait for an answer, and when the next meeting is; nothing at events without meetings."""
    event = participant.event
    if not event.has_meetings or not participant.is_active:
        return []
    waiting = queries.open_received(participant.id)
    step, href = (_("Answer them"), link("meetings.requests", slug=event.slug)) if waiting else ("", "")
    facts = [Fact(_("Requests to answer"), str(waiting), step, href or "")]
    coming = [each for each in queries.meetings_of(participant) if each.slot.starts_at > now()]
    if coming:
        first = coming[0]
        moment = local_datetime(first.slot.starts_at, participant.user.timezone)
        name = first.other(participant.id).display_name
        text = _("%(moment)s with %(name)s (your time)", moment=moment, name=name)
        facts.append(Fact(_("Next meeting"), text))
    return facts
