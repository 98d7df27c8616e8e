"""Names that are generated and never typed: ordinals, series of events ("1st peer review"), modes. No database."""

from typing import Any

from flask_babel import get_locale, gettext, lazy_gettext

from matchmaker.vocabulary import label

# The part after the ordinal; the vocabulary's own names stand alone ("Peer review").
SERIES: dict[str, Any] = {
    "kick_off": lazy_gettext("kick-off meeting"),
    "peer_review": lazy_gettext("peer review"),
    "workshop": lazy_gettext("interregional workshop"),
    "study_visit": lazy_gettext("study visit"),
    "stakeholder_meeting": lazy_gettext("regional stakeholder group meeting"),
    "steering_committee": lazy_gettext("steering committee"),
    "webinar": lazy_gettext("webinar"),
    "b2b": lazy_gettext("B2B matchmaking event"),
    "conference": lazy_gettext("conference"),
}
MODES: dict[str, Any] = {
    "on_site": lazy_gettext("On site"),
    "online": lazy_gettext("Online"),
    "hybrid": lazy_gettext("On site and online"),
}
VISIBILITIES: dict[str, Any] = {
    "public": lazy_gettext("Everybody"),
    "closed": lazy_gettext("Participants and invited people only"),
}
RULES: dict[str, Any] = {
    "open": lazy_gettext("Open: whoever registers is in"),
    "approval": lazy_gettext("Approval: an organiser decides about each registration"),
    "invitation": lazy_gettext("Invitation: only invited addresses can register"),
}


def ordinal_text(number: int) -> str:
    """Return ``1st``, ``2nd``, ``3rd``, ``4th`` ... in the language of the page.

    Which form a number takes is CLDR's rule for the language; translators write the forms.
    """
    locale = get_locale()
    form = locale.ordinal_form(number) if locale else "other"
    forms = {
        "one": gettext("%(number)sst", number=number),
        "two": gettext("%(number)snd", number=number),
        "few": gettext("%(number)srd", number=number),
    }
    return forms.get(form, gettext("%(number)sth", number=number))


def series_name(kind: str, ordinal: int | None) -> str:
    """Return ``1st peer review``; without an ordinal the name of the kind."""
    if not ordinal or kind not in SERIES:
        return label("event_kinds", kind)
    return gettext("%(ordinal)s %(series)s", ordinal=ordinal_text(ordinal), series=str(SERIES[kind]))


def mode_name(mode: str) -> str:
    """Return the name of a mode; an unknown code stands for itself."""
    return str(MODES.get(mode, mode))
