"""What a plan can aim for, in words; the keys are the objectives of the library."""

from flask_babel import lazy_gettext as _

AIM_LABELS = {
    "placed": _("Many meetings"),
    "changes": _("Few changes"),
    "fair": _("Fair shares"),
    "breaks": _("Few breaks"),
    "waiting": _("Little waiting"),
    "hours": _("Good working hours"),
}
AIM_TEXTS = {
    "placed": _("As many accepted requests as possible become meetings."),
    "changes": _("Meetings that are published already move or go only where something above gains by it."),
    "fair": _("Nobody gets one more meeting before those with fewest have got theirs."),
    "breaks": _("Everybody's meetings follow each other with few interruptions."),
    "waiting": _("Few idle slots between anybody's first and last meeting of the event."),
    "hours": _(
        "Few meetings outside 8:00 to 19:00 on the clock of those who meet; first for whoever has most of them."
    ),
}
