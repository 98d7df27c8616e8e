"""Links of the page frame. Endpoints are named as text, so that this floor knows no capability."""

from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import lazy_gettext as _

from matchmaker.web.pages import with_filters

PARTICIPANT = (
    (_("Overview"), "registrations.show"),
    (_("Agenda"), "agenda.show"),
    (_("My profile"), "profiles.edit"),
    (_("Availability"), "meetings.availability"),
    (_("Partners"), "recommendations.index"),
    (_("Directory"), "recommendations.directory"),
    (_("Requests"), "meetings.requests"),
    (_("My itinerary"), "itineraries.show"),
)
HOPEFUL = PARTICIPANT[:4]  # registered, but not confirmed yet
VISITOR = PARTICIPANT[:2]
ORGANISER = (
    (_("Dashboard"), "reports.dashboard"),
    (_("Settings"), "event_settings.edit"),
    (_("Agenda"), "agenda_editor.index"),
    (_("Participants"), "participants.index"),
    (_("Meetings"), "meeting_setup.index"),
    (_("Matching"), "matching_runs.index"),
    (_("Scheduling"), "scheduling.index"),
    (_("Reports"), "reports.index"),
    (_("Mails"), "reports.mails"),
    (_("Activity"), "reports.activity"),
)
MEETING_PAGES = {
    "meetings.availability", "recommendations.index", "recommendations.directory", "meetings.requests",
    "meeting_setup.index", "matching_runs.index", "scheduling.index", "profiles.edit",
}  # fmt: skip


# The entries under which the pages of other blueprints stand.
_UNDER = {
    "calendars": "itineraries.show",
    "event_profiles": "matching_runs.index",
    "hand": "scheduling.index",
    "invitations": "participants.index",
    "matching_coverage": "matching_runs.index",
    "scenarios": "scheduling.index",
    "sign_ups": "agenda.show",
    "why": "meetings.requests",
}


def link(endpoint: str, **values: Any) -> str | None:
    """Return the address of ``endpoint``, or ``None`` where this installation has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def event_navigation(event: Any, participant: Any, is_organiser: bool) -> list[dict[str, Any]]:  # noqa: FBT001 - called by templates
    """Return the groups of links of an event's pages for whoever looks at them; ``participant`` may be ``None``."""
    groups = [{"title": _("Event"), "items": _items(event, _pages_of(participant))}]
    if is_organiser:
        groups.append({"title": _("Organise"), "items": _items(event, ORGANISER)})
    return groups


def _pages_of(participant: Any) -> tuple[tuple[Any, str], ...]:
    if participant is not None and participant.is_active:
        return PARTICIPANT
    return HOPEFUL if participant is not None and participant.is_hopeful else VISITOR


def _items(event: Any, pages: tuple[tuple[Any, str], ...]) -> list[dict[str, Any]]:
    items = []
    for label, endpoint in pages:
        if endpoint in MEETING_PAGES and not event.has_meetings:
            continue
        href = link(endpoint, slug=event.slug)
        if href:
            items.append({"label": label, "href": href, "active": _is_active(endpoint), "badge": ""})
    return items


def _is_active(endpoint: str) -> bool:
    if endpoint in {request.endpoint, _UNDER.get(request.blueprint or "")}:
        return True
    blueprint = endpoint.partition(".")[0]
    shared = {"recommendations", "reports", "meetings", "registrations"}  # blueprints with several entries of their own
    return request.blueprint == blueprint and blueprint not in shared


def init_app(app: Flask) -> None:
    """Give templates the functions of this module."""
    app.jinja_env.globals.update(link=link, event_navigation=event_navigation, with_filters=with_filters)
    app.context_processor(_event_context)


def _event_context() -> dict[str, Any]:
    """What the guards of event pages found: event, participant and whether the visitor organises it."""
    return {
        "event": g.get("event"),
        "participant": g.get("participant"),
        "is_organiser": g.get("is_organiser", False),
    }
