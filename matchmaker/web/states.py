"""States in words and colours: of requests, meetings, registrations, jobs, mails, runs and whatever else has one."""

from flask import Flask
from flask_babel import lazy_gettext as _

STATES = {
    "accepted": (_("Accepted"), "good"),
    "active": (_("Active"), "good"),
    "approved": (_("Approved"), "good"),
    "attended": (_("Attended"), "good"),
    "complete": (_("Complete"), "good"),
    "confirmed": (_("Confirmed"), "good"),
    "done": (_("Done"), "good"),
    "held": (_("Held"), "good"),
    "open": (_("Open"), "good"),
    "optimal": (_("Proven best"), "good"),
    "placed": (_("Placed"), "good"),
    "published": (_("Published"), "good"),
    "scheduled": (_("Scheduled"), "good"),
    "sent": (_("Sent"), "good"),
    "succeeded": (_("Succeeded"), "good"),
    "finished": (_("Finished"), "good"),
    "draft": (_("Draft"), "quiet"),
    "closed": (_("Closed"), "quiet"),
    "archived": (_("Archived"), "quiet"),
    "past": (_("Past"), "quiet"),
    "withdrawn": (_("Withdrawn"), "quiet"),
    "expired": (_("Expired"), "quiet"),
    "planned": (_("Planned"), "quiet"),
    "later": (_("Later"), "wait"),
    "pending": (_("Pending"), "wait"),
    "queued": (_("Queued"), "wait"),
    "waiting": (_("Waiting list"), "wait"),
    "interrupted": (_("Interrupted"), "wait"),
    "stopped": (_("Stopped"), "wait"),
    "retrying": (_("Trying again"), "wait"),
    "running": (_("Running"), "info"),
    "feasible": (_("Feasible"), "info"),
    "new": (_("New"), "info"),
    "invited": (_("Invited"), "info"),
    "cancelled": (_("Cancelled"), "bad"),
    "declined": (_("Declined"), "bad"),
    "failed": (_("Failed"), "bad"),
    "missed": (_("Missed"), "bad"),
    "rejected": (_("Rejected"), "bad"),
    "unplaced": (_("Not placed"), "bad"),
    "blocked": (_("Blocked"), "bad"),
    "infeasible": (_("No plan possible"), "bad"),
}
QUIET = "quiet"


def state_label(state: str) -> str:
    """Return the word for a state; one that is not listed stands for itself."""
    known = STATES.get(state)
    return str(known[0]) if known else state.replace("_", " ").capitalize()


def state_tone(state: str) -> str:
    """Return the tone of a state: good, wait, bad, info or quiet."""
    known = STATES.get(state)
    return known[1] if known else QUIET


def init_app(app: Flask) -> None:
    """Give templates both functions."""
    app.jinja_env.globals.update(state_label=state_label, state_tone=state_tone)
