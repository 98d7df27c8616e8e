"""The entries of the audit trail in words. Names of people and times belong to whoever shows them."""

from flask_babel import lazy_gettext as _

ACTIONS = {
    "agenda.published": _("Published the agenda"),
    "agenda.room_added": _("Added a room"),
    "agenda.room_removed": _("Removed a room"),
    "agenda.session_added": _("Added a session"),
    "agenda.session_changed": _("Changed a session"),
    "agenda.session_removed": _("Removed a session"),
    "block.added": _("Added meeting hours"),
    "block.changed": _("Changed meeting hours"),
    "block.removed": _("Removed meeting hours"),
    "event.cancelled": _("Cancelled the event"),
    "event.created": _("Created the event"),
    "event.deleted": _("Deleted the event"),
    "event.edited": _("Changed the settings"),
    "event.published": _("Published the event"),
    "event.team_added": _("Added somebody to the team"),
    "event.team_changed": _("Changed a role in the team"),
    "event.team_removed": _("Removed somebody from the team"),
    "event.unpublished": _("Made the event a draft again"),
    "invitation.revoked": _("Revoked an invitation"),
    "invitation.sent": _("Invited people"),
    "invitation.sent_again": _("Sent an invitation again"),
    "mail.retried": _("Tried a mail again"),
    "matching.reruns": _("Chose whether the matching runs by itself"),
    "matching.rules": _("Changed the rules of the lists"),
    "matching.started": _("Started the matching"),
    "meeting.cancelled": _("Cancelled a meeting"),
    "meeting.locked": _("Locked a meeting"),
    "meeting.moved": _("Moved a meeting"),
    "meeting.unlocked": _("Unlocked a meeting"),
    "meetings.settings_changed": _("Changed the rules for meetings"),
    "participant.approve": _("Approved a registration"),
    "participant.cancelled": _("Cancelled a registration"),
    "participant.changed": _("Changed a registration"),
    "participant.check_in": _("Checked somebody in"),
    "participant.decline": _("Declined a registration"),
    "participant.registered": _("Registered"),
    "participant.undo_check_in": _("Undid a check-in"),
    "participant.wait": _("Put somebody on the waiting list"),
    "place.removed": _("Removed a place"),
    "place.renamed": _("Renamed a place"),
    "places.added": _("Added places"),
    "plan.published": _("Put a plan into effect"),
    "requests.expired": _("Closed unanswered requests"),
    "draft.locked": _("Locked a meeting of a draft"),
    "draft.moved": _("Moved a meeting of a draft"),
    "draft.placed": _("Placed a request in a draft"),
    "draft.taken_out": _("Took a meeting out of a draft"),
    "draft.undone": _("Undid a change of a draft"),
    "draft.unlocked": _("Unlocked a meeting of a draft"),
    "schedule.compared": _("Compared scenarios"),
    "schedule.discarded": _("Discarded a plan"),
    "schedule.published": _("Published a plan"),
    "schedule.started": _("Started a scheduling run"),
    "slots.made": _("Made the slots"),
}

FIELDS = {
    "act": _("number"),
    "after": _("after"),
    "aim": _("aim"),
    "assumes": _("assumes"),
    "before": _("before"),
    "cancelled": _("cancelled"),
    "created": _("created"),
    "day": _("day"),
    "ends": _("ends"),
    "ends_at": _("ends"),
    "gone": _("removed"),
    "keep": _("keeps"),
    "kept": _("unchanged"),
    "kind": _("kind"),
    "locked": _("locked"),
    "moved": _("moved"),
    "name": _("name"),
    "new": _("new"),
    "objective": _("order of aims"),
    "place": _("place"),
    "reason": _("reason"),
    "requests": _("requests"),
    "role": _("role"),
    "scenarios": _("scenarios"),
    "seconds": _("seconds"),
    "sessions": _("sessions"),
    "sign_ups": _("sign-ups"),
    "slot": _("time"),
    "stars": _("counts stars"),
    "starts": _("starts"),
    "starts_at": _("starts"),
    "state": _("state"),
}


def sentence(action: str) -> str:
    """Return what was done, such as "Published the agenda"; an act that has no words yet is spelled out."""
    return str(ACTIONS.get(action) or plain(action.partition(".")[2] or action).capitalize())


def field_name(name: str) -> str:
    """Return what people call a field."""
    return str(FIELDS.get(name) or plain(name))


def plain(code: str) -> str:
    """Return a code as words."""
    return code.replace("_", " ")
