"""What a what-if run assumes: in words, whether the event has it by now, and which setting gives it. Writes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.scheduling import queries, reasons, what_if
from matchmaker.scheduling.models import DraftMeeting, ScheduleRun, ScheduleState
from matchmaker.scheduling.names import Names
from matchmaker.scheduling.options import Options
from matchmaker.scheduling.queries import Situation
from matchmaker.scheduling.rows import row_id

TRYABLE = ("max_meetings", "places", "availability", "drop")


@dataclass(frozen=True)
class Assumption:
    """One assumption of a run. ``missing``: what has to be done first; empty when it is so, or publishing makes it so.

    ``setting`` is where it is done: "places", "rules", or "availability" of ``participant_id``. ``wish``: for which meeting, if
    for one.
    """

    text: str
    wish: str = ""
    missing: str = ""
    setting: str = ""
    participant_id: int = 0


def can_try(details: Mapping[str, Any]) -> bool:
    """Whether a run can assume what would place a request left out; the past can't be allowed again."""
    rules = details.get("fix", [])
    return bool(rules) and all(rule["rule"] in TRYABLE for rule in rules)


def fix_of(run: ScheduleRun, request_id: int) -> dict[str, Any] | None:
    """Return what would place a request that a run leaves out, as ``Options.fixes`` has it."""
    for row in run.solution.get("unplaced", []):
        details = row.get("details", {})
        if row_id(row["wish"]) == request_id and can_try(details):
            return {"wish": row["wish"], "rules": details["fix"]}
    return None


def shown(run: ScheduleRun) -> list[Assumption]:
    """Return what the page of a run says about its assumptions; only those of a draft can be missing."""
    if not Options.from_dict(run.options).is_what_if:
        return []
    draft = queries.draft_of(run) if run.state == ScheduleState.DRAFT else []
    return of(run, draft, queries.situation_of(run.event_id))


def of(run: ScheduleRun, draft: Sequence[DraftMeeting], situation: Situation) -> list[Assumption]:
    """Return the assumptions of a run, each with what is missing for its draft."""
    options = Options.from_dict(run.options)
    fixes = options.fixes
    gone = {row_id(fix["wish"]) for fix in fixes} - {request.id for request in situation.requests}
    names = Names(situation, queries.requests_by_id(run.event_id, gone) if gone else ())
    short = _short_of_places(draft, situation)
    blocked = set(situation.blocked) & _busy(draft)
    return [_supposed(part, draft, situation, short) for part in options.scenario] + [
        _assumption(rule, names.of(fix["wish"]), names, short, blocked) for fix in fixes for rule in fix["rules"]
    ]


def _supposed(
    part: Mapping[str, Any], draft: Sequence[DraftMeeting], situation: Situation, short: Counter[int]
) -> Assumption:
    text = what_if.words([part], situation.event.timezone)
    if part["kind"] == "places" and short:
        lacking = max(short.values())
        missing = ngettext("%(num)s place has to be added.", "%(num)s places have to be added.", lacking)
        return Assumption(text, missing=missing, setting="places")
    limit = situation.settings.max_meetings
    if part["kind"] == "maximum" and limit is not None and limit < part["to"]:
        counts = Counter(side for row in draft for side in (row.request.sender_id, row.request.receiver_id))
        if max(counts.values(), default=0) > limit:
            missing = _("The most meetings of one participant have to be set to %(to)s.", to=part["to"])
            return Assumption(text, missing=missing, setting="rules")
    return Assumption(text)


def _assumption(
    rule: Mapping[str, str], wish: str, names: Names, short: Counter[int], blocked: set[tuple[int, int]]
) -> Assumption:
    text, slot = reasons.begun(reasons.change(rule, names)), names.of(rule["slot"]) if "slot" in rule else ""
    if rule["rule"] == "places" and short[row_id(rule["slot"])]:
        missing = _("No place is free on %(slot)s: add one.", slot=slot)
        return Assumption(text, wish, missing, "places")
    if rule["rule"] == "availability":
        participant_id, slot_id = row_id(rule["participant"]), row_id(rule["slot"])
        if (participant_id, slot_id) in blocked:
            who = names.of(rule["participant"])
            missing = _("%(name)s is still not available on %(slot)s.", name=who, slot=slot)
            return Assumption(text, wish, missing, "availability", participant_id)
    return Assumption(text, wish)


def places_for(draft: Sequence[DraftMeeting], situation: Situation) -> list[tuple[DraftMeeting, int]]:
    """Return the meetings whose place was assumed, each with a place of the event that is free in its slot."""
    found: list[tuple[DraftMeeting, int]] = []
    for row in draft:
        if row.assumed_place:
            taken = {other.place_id for other in draft if other.slot_id == row.slot_id}
            taken |= {place_id for other, place_id in found if other.slot_id == row.slot_id}
            free = next((place.id for place in situation.places if place.id not in taken), None)
            if free is not None:
                found.append((row, free))
    return found


def _short_of_places(draft: Sequence[DraftMeeting], situation: Situation) -> Counter[int]:
    """How many assumed places each slot still lacks."""
    seated = {row.id for row, _place in places_for(draft, situation)}
    return Counter(row.slot_id for row in draft if row.assumed_place and row.id not in seated)


def _busy(draft: Sequence[DraftMeeting]) -> set[tuple[int, int]]:
    return {(side, row.slot_id) for row in draft for side in (row.request.sender_id, row.request.receiver_id)}
