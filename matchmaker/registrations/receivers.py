"""What registrations do when an event changes: refuse, move the waiting list up, tell people."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker import jobs
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.errors import Conflict, Invalid
from matchmaker.events.models import Event
from matchmaker.registrations import notices, queries
from matchmaker.registrations.models import ParticipantState
from matchmaker.registrations.services import places

TOLD = ("starts_at", "ends_at", "timezone", "venue", "mode", "join_link")
GONE = (ParticipantState.CANCELLED.value, ParticipantState.DECLINED.value)


def on_event_changed(event: Event, changes: dict[str, tuple[Any, Any]], kept: str = "moment") -> None:  # noqa: ARG001
    """Follow a change of an event in its transaction."""
    if changes.get("published_at", (None, event))[1] is None:
        _refuse_to_hide(event)
    if "capacity" in changes:
        _follow_capacity(event)
    if "cancelled_at" in changes:
        jobs.enqueue(notices.tell_all, event.id, "event_cancelled", notices.stamp(), [])
    told = [name for name in TOLD if name in changes]
    if told and event.is_published and event.cancelled_at is None and event.ends_at > now():
        jobs.enqueue(notices.tell_all, event.id, "event_changed", notices.stamp(), told)


def on_closed_events_asked(user: User) -> set[int]:
    """Name the closed events that a user may see."""
    return queries.visible_event_ids(user)


def _refuse_to_hide(event: Event) -> None:
    registered = sum(number for state, number in queries.state_counts(event.id).items() if state not in GONE)
    if registered:
        raise Conflict(
            ngettext(
                "One person is registered. Cancel the event instead, so that this person is told.",
                "%(num)s people are registered. Cancel the event instead, so that they are told.",
                registered,
            )
        )


def _follow_capacity(event: Event) -> None:
    if event.capacity is None:
        places.promote(event)
        return
    taken = places.taken(event.id)
    if event.capacity < taken:
        raise Invalid(_("%(n)s people are confirmed already.", n=taken), field="capacity")
    places.fill(event)
