"""The list of things to do for an event, ticked off by what is there. Reads only."""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.agenda.queries import newest_version
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events.models import Event
from matchmaker.meetings.models import Slot
from matchmaker.recommendations.models import MatchRun, RunState
from matchmaker.registrations.models import ParticipantState
from matchmaker.scheduling.models import ScheduleRun, ScheduleState


class Step(NamedTuple):
    """One thing to do; ``endpoint`` names the page where it is done."""

    text: str
    endpoint: str
    is_done: bool
    note: str = ""


def of(event: Event, figures: dict[str, Any]) -> list[Step]:
    """Return the steps of an event in their order."""
    waiting = figures["registrations"].get(ParticipantState.PENDING, 0)
    taking_part = sum(figures["registrations"].get(state, 0) for state in ("confirmed", "attended"))
    steps = [
        Step(_("Publish the event"), "event_settings.edit", event.is_published),
        Step(_("Publish the agenda"), "agenda_editor.index", newest_version(event.id) is not None),
        Step(
            _("Answer registrations"), "participants.index", taking_part > 0 and not waiting,
            ngettext("One is waiting for your decision", "%(num)s are waiting for your decision", waiting) if waiting else "",
        ),
    ]  # fmt: skip
    return [*steps, *_meeting_steps(event, figures)] if event.has_meetings else steps


def _meeting_steps(event: Event, figures: dict[str, Any]) -> list[Step]:
    has_slots = db.session.scalar(db.select(Slot.id).where(Slot.event_id == event.id).limit(1)) is not None
    matched = db.select(MatchRun.id).where(MatchRun.event_id == event.id, MatchRun.state == RunState.DONE)
    planned = db.select(ScheduleRun.id).where(
        ScheduleRun.event_id == event.id, ScheduleRun.state == ScheduleState.PUBLISHED
    )
    live = sum(count for state, count in figures["meetings"].items() if state != "cancelled")
    unplaced = figures["requests"].get("accepted", 0) - live
    text = "One accepted request has no meeting"
    left = ngettext(text, "%(num)s accepted requests have no meeting", unplaced) if unplaced > 0 else ""
    steps = [
        Step(_("Set up meeting days, slots and places"), "meeting_setup.index", has_slots),
        Step(_("Compute recommendations"), "matching_runs.index", db.session.scalar(matched.limit(1)) is not None),
        Step(
            _("Schedule and publish meetings"),
            "scheduling.index",
            db.session.scalar(planned.limit(1)) is not None and not left,
            left,
        ),
    ]
    if event.starts_at <= now():
        steps.append(Step(_("Look at ratings and outcomes"), "reports.index", figures["ratings"].count > 0))
    return steps
