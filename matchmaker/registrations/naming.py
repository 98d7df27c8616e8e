"""Names of states and ways to take part, in the language of the page."""

from typing import Any

from flask_babel import lazy_gettext

from matchmaker.registrations.models import ParticipantState

STATES: dict[str, Any] = {
    ParticipantState.PENDING.value: lazy_gettext("Pending"),
    ParticipantState.CONFIRMED.value: lazy_gettext("Confirmed"),
    ParticipantState.WAITING.value: lazy_gettext("Waiting list"),
    ParticipantState.DECLINED.value: lazy_gettext("Declined"),
    ParticipantState.CANCELLED.value: lazy_gettext("Cancelled"),
    ParticipantState.ATTENDED.value: lazy_gettext("Attended"),
}
WAYS: dict[str, Any] = {"on_site": lazy_gettext("On site"), "online": lazy_gettext("Online")}


def state_name(state: str) -> str:
    """Return the name of a state."""
    return str(STATES.get(state, state))
