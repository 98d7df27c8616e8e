"""What only some kinds of event have: the fields, how they are typed, stored in ``Event.details`` and shown.

Which kind has which field says the vocabulary ``event_kinds``. Lists are typed one entry a line; entries with several
parts are typed with " | " between them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from matchmaker.vocabulary import terms

MOST_ENTRIES = 100
LONGEST_PART = 300


class Detail(NamedTuple):
    """One field. ``form``: line, text, link, lines, or rows with named ``parts``.

    ``is_internal``: shown to confirmed participants and organisers only.
    """

    name: str
    label: Any
    form: str
    parts: tuple[tuple[str, Any], ...] = ()
    is_internal: bool = False


_NAME, _REGION = ("name", _("Name")), ("region", _("Region"))
DETAILS = {
    detail.name: detail
    for detail in (
        Detail("host_region", _("Host region"), "line"),
        Detail("region", _("Region"), "line"),
        Detail("policy_instrument", _("Policy instrument"), "line"),
        Detail("thematic_questions", _("Thematic questions"), "lines"),
        Detail("peers", _("Peers"), "rows", (_NAME, _REGION, ("expertise", _("Expertise")))),
        Detail(
            "groups", _("Groups"), "rows",
            (_NAME, ("capacity", _("Places")), ("question", _("Question")), ("facilitator", _("Facilitator"))),
        ),
        Detail("speakers", _("Speakers"), "rows", (_NAME, ("organisation", _("Organisation")))),
        Detail("tracks", _("Tracks"), "lines"),
        Detail(
            "study_visit_stops", _("Stops of the study visit"), "rows",
            (_NAME, ("address", _("Address")), ("contact", _("Contact"))),
        ),
        Detail("vehicles", _("Vehicles"), "rows", (_NAME, ("capacity", _("Seats")), ("departure", _("Departure")))),
        Detail("background_paper", _("Background paper"), "link"),
        Detail("travel_information", _("Getting there"), "text"),
        Detail("hotel_information", _("Hotels"), "text"),
        Detail("safety_notes", _("Safety notes"), "text"),
        Detail("access_needs", _("Access"), "text"),
        Detail("dietary_needs", _("Food"), "text"),
        Detail("self_assessment", _("Self-assessment"), "link", is_internal=True),
        Detail("live_stream_link", _("Live stream"), "link"),
        Detail("recording_link", _("Recording"), "link", is_internal=True),
        Detail("papers", _("Papers"), "lines", is_internal=True),
        Detail("members", _("Members"), "rows", (_NAME, ("role", _("Role"))), is_internal=True),
        Detail("decisions", _("Decisions"), "lines", is_internal=True),
        Detail("votes", _("Votes"), "lines", is_internal=True),
        Detail(
            "action_list", _("Action list"), "rows",
            (("task", _("Task")), ("owner", _("Owner")), ("due", _("Due"))), is_internal=True,
        ),
        Detail("recommendations", _("Recommendations"), "lines", is_internal=True),
        Detail("group_outputs", _("Results of the groups"), "lines", is_internal=True),
        Detail("minutes", _("Minutes"), "text", is_internal=True),
        Detail("highlights", _("Highlights"), "lines"),
    )
}  # fmt: skip


def details_of(kind: str) -> list[Detail]:
    """Return the fields that a kind of event has, in our order."""
    names = terms("event_kinds")[kind]["fields"]
    return [detail for name, detail in DETAILS.items() if name in names]


def parse(detail: Detail, text: str) -> Any:
    """Turn what was typed into what is stored; an empty text is ``None``. Raises ``ValueError`` with a sentence."""
    text = text.strip()
    if not text:
        return None
    if detail.form == "link" and not text.startswith(("https://", "http://")):
        raise ValueError(gettext("Enter a full address, such as https://example.org/paper.pdf."))
    if detail.form in ("line", "text", "link"):
        return text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ENTRIES:
        raise ValueError(gettext("Enter at most %(n)s lines.", n=MOST_ENTRIES))
    return [_parse_line(detail, number, line) for number, line in enumerate(lines, 1)]


def _parse_line(detail: Detail, number: int, line: str) -> Any:
    if detail.form == "lines":
        _check_length(number, line)
        return line
    texts = [part.strip() for part in line.split("|")]
    if len(texts) > len(detail.parts):
        raise ValueError(gettext("Line %(n)s has more than %(parts)s parts.", n=number, parts=len(detail.parts)))
    row: dict[str, Any] = {}
    for (name, label), text in zip(detail.parts, texts, strict=False):
        _check_length(number, text)
        if text and name == "capacity":
            if not text.isdecimal() or not 0 < int(text) < 100_000:
                raise ValueError(gettext("Line %(n)s: “%(label)s” must be a number.", n=number, label=str(label)))
            row[name] = int(text)
        elif text:
            row[name] = text
    if detail.parts[0][0] not in row:
        raise ValueError(gettext("Line %(n)s: “%(label)s” is missing.", n=number, label=str(detail.parts[0][1])))
    return row


def _check_length(number: int, text: str) -> None:
    if len(text) > LONGEST_PART:
        raise ValueError(gettext("Line %(n)s is longer than %(most)s characters.", n=number, most=LONGEST_PART))


def typed(detail: Detail, value: Any) -> str:
    """Return a stored value as it is typed; the reverse of ``parse``."""
    if not value:
        return ""
    if not isinstance(value, list):
        return str(value)
    return "\n".join(_typed_line(detail, entry) for entry in value)


def _typed_line(detail: Detail, entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return str(entry)
    return " | ".join(str(entry.get(name) or "") for name, _label in detail.parts).rstrip(" |")


def shown(kind: str, details: Mapping[str, Any], *, internal: bool) -> list[tuple[Detail, Any]]:
    """Return the filled fields of an event for its page; ``internal`` adds what only participants may read."""
    return [
        (detail, details[detail.name])
        for detail in details_of(kind)
        if details.get(detail.name) and (internal or not detail.is_internal)
    ]
