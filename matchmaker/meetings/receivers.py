"""What meetings do when something changes below. All of it happens in the sender's transaction."""

from typing import Any
from zoneinfo import ZoneInfo

from matchmaker.agenda.models import AgendaSession
from matchmaker.agenda.signals import session_changed, sign_up_changed
from matchmaker.events.models import Event
from matchmaker.events.signals import event_changed
from matchmaker.meetings import services
from matchmaker.meetings.services.seating import signed_up
from matchmaker.registrations.models import Participant
from matchmaker.registrations.signals import participant_left


def connect() -> None:
    """Connect the receivers; connecting twice changes nothing."""
    participant_left.connect(on_participant_left)
    sign_up_changed.connect(on_sign_up_changed)
    session_changed.connect(on_session_changed)
    event_changed.connect(on_event_changed)


def on_participant_left(participant: Participant, **_: Any) -> None:
    """Free seats and places of somebody who no longer takes part, and close their requests."""
    services.cancel_all_of(participant)


def on_sign_up_changed(_session: AgendaSession, participant: Participant, **_: Any) -> None:
    """Take or free the seats of somebody who signed up for a session or left it; a meeting in the way refuses it."""
    services.sync_sessions([participant.id])


def on_session_changed(session: AgendaSession, **_: Any) -> None:
    """Take the seats anew of everybody who signed up for a session that moved; a meeting in the way refuses it."""
    services.sync_sessions(signed_up(session))


def on_event_changed(event: Event, changes: dict[str, Any] | None = None, kept: str = "", **_: Any) -> None:
    """Keep the wall clock of the slots when the organiser gave the event another zone and wants that."""
    if changes and "timezone" in changes and kept == "wall_clock":
        services.shift_slots(event, ZoneInfo(changes["timezone"][0]))
