"""What the agenda does when something changes below. All of it happens in the sender's transaction."""

from typing import Any
from zoneinfo import ZoneInfo

from matchmaker.agenda import services
from matchmaker.events.models import Event
from matchmaker.events.signals import event_changed
from matchmaker.registrations.models import Participant
from matchmaker.registrations.signals import participant_left


def connect() -> None:
    """Connect the receivers; connecting twice changes nothing."""
    event_changed.connect(on_event_changed)
    participant_left.connect(on_participant_left)


def on_event_changed(event: Event, changes: dict[str, Any] | None = None, kept: str = "", **_: Any) -> None:
    """Keep the wall clock of the sessions when the organiser gave the event another zone and wants that.

    Session and slots move by the same rule, so nobody's seats change and ``session_changed`` is not announced: a
    receiver would compare sessions that have moved with slots that have not yet, or the other way round.
    """
    if changes and "timezone" in changes and kept == "wall_clock":
        services.keep_wall_clock(event, ZoneInfo(changes["timezone"][0]))


def on_participant_left(participant: Participant, **_: Any) -> None:
    """Give back the places of somebody who no longer takes part, so that others can have them."""
    services.leave_all(participant)
