"""Why a request is left out and what would help, as sentences in the language of the page.

The library gives keys and ids (``reason``, ``details``); its own English sentences are for its command line.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from matchmaker.scheduling.names import Names

LABELS = {
    "no_common_slot": lazy_gettext("No slot in which both are free"),
    "not_on_site": lazy_gettext("It is for a table, but the two are never on site together"),
    "forbidden": lazy_gettext("The slots they share are over"),
    "no_places": lazy_gettext("No place can be used"),
    "precedence": lazy_gettext("Has to follow a meeting that does not take place"),
    "own_maximum": lazy_gettext("One of the two has reached the maximum of meetings"),
    "other_full": lazy_gettext("One of the two is busy in every slot they share"),
    "places_full": lazy_gettext("Every place is taken in the slots they share"),
    "outweighed": lazy_gettext("Other meetings that count more need these slots"),
    "objective": lazy_gettext("It would fit, but something more important would suffer"),
    "required_elsewhere": lazy_gettext("Meetings that have to take place need these slots"),
    "unexamined": lazy_gettext("There was no time to look into these"),
}
TAKEN_OUT = lazy_gettext("Taken out by hand")  # no reason of the library


def label(reason: str) -> str:
    """Return the heading of a group of requests with the same reason."""
    return str(TAKEN_OUT if reason == "taken_out" else LABELS.get(reason, reason))


def whole(item: Mapping[str, Any], names: Names) -> str:
    """Return why a request left out, as a solution has it, is left out; its heading where that says everything."""
    return sentence(item["reason"], item.get("details", {}), names) or label(item["reason"])


def sentence(reason: str, details: Mapping[str, Any], names: Names) -> str:
    """Return why this request is left out; empty where the heading of its group says everything."""
    people = details.get("full", [])
    if reason == "no_common_slot":
        return _("%(names)s are never available together.", names=names.all_of(details.get("participants", [])))
    if reason == "own_maximum" and people:
        return _("Maximum reached: %(names)s.", names=names.all_of(people))
    if reason == "other_full" and people:
        return ngettext(
            "%(names)s is busy in every slot the two share.",
            "%(names)s are busy in every slot they share.",
            len(people), names=names.all_of(people),
        )  # fmt: skip
    if reason in ("outweighed", "precedence") and details.get("wishes"):
        others = names.some_of(details["wishes"])
        text = _("In its place: %(meetings)s.", meetings=others)
        return text if reason == "outweighed" else _("It comes after %(meetings)s.", meetings=others)
    return ""


def fix(details: Mapping[str, Any], names: Names) -> str:
    """Return the smallest change that would place the request; empty where none is known."""
    if "slot" not in details:
        return ""
    parts = [change(item, names) for item in details.get("fix", [])]
    slot = names.of(details["slot"])
    if not parts:
        return _("Fits on %(slot)s.", slot=slot)
    return _("%(changes)s; then it fits on %(slot)s.", changes=begun(_(" and ").join(parts)), slot=slot)


def begun(phrase: str) -> str:
    """Return a phrase as the beginning of a sentence."""
    return phrase[:1].upper() + phrase[1:]


def change(item: Mapping[str, str], names: Names) -> str:
    """Return one rule that gives way as a phrase."""
    rule = item["rule"]
    if rule == "max_meetings":
        return _("one more meeting for %(name)s", name=names.of(item["participant"]))
    if rule == "places":
        return _("one more place on %(slot)s", slot=names.of(item["slot"]))
    if rule == "availability":
        return _("%(name)s free on %(slot)s", name=names.of(item["participant"]), slot=names.of(item["slot"]))
    if rule == "mode":
        return _("holding it online")
    if rule == "drop":
        return _("giving up %(meeting)s", meeting=names.of(item["wish"]))
    return _("allowing %(slot)s", slot=names.of(item["slot"]))
