"""What a new event starts with: the defaults of its kind, the days proposed, the next number of its series."""

from datetime import date, time, timedelta
from typing import Any

from matchmaker.clock import now
from matchmaker.events import queries
from matchmaker.events.naming import MODES
from matchmaker.projects.models import Project
from matchmaker.vocabulary import terms

LEAD = timedelta(weeks=8)  # how far ahead a new event is proposed
SERIES_KINDS = {"peer_review", "workshop", "stakeholder_meeting", "steering_committee", "webinar", "b2b"}


def initial_values(kind: str, project: Project | None) -> dict[str, Any]:
    """Return what the form of a new event of ``kind`` shows first."""
    defaults = terms("event_kinds")[kind]["defaults"]
    first = _next_tuesday((now() + LEAD).date())
    last = first + timedelta(days=int(defaults.get("days", 1)) - 1)
    proposed = {
        "starts_on": first, "starts_time": time(9, 0), "ends_on": last, "ends_time": time(17, 0),
        "mode": defaults.get("mode", next(iter(MODES))), "visibility": defaults.get("visibility", "public"),
        "registration": defaults.get("registration", "open"), "has_meetings": "meetings" in defaults,
    }  # fmt: skip
    if project and kind in SERIES_KINDS:
        proposed["ordinal"] = queries.next_ordinal(project.id, kind)
    return proposed


def _next_tuesday(day: date) -> date:
    return day + timedelta(days=(1 - day.weekday()) % 7)
