"""What has changed since a plan was made: the reasons not to publish it. Reads only."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from matchmaker.meetings.models import MeetingState
from matchmaker.scheduling import queries
from matchmaker.scheduling.models import DraftMeeting, ScheduleRun
from matchmaker.scheduling.names import Names
from matchmaker.scheduling.options import Options
from matchmaker.scheduling.queries import Situation
from matchmaker.scheduling.rows import row_id

Rows = dict[str, dict[str, Any]]


def since(run: ScheduleRun, situation: Situation) -> list[str]:
    """Return one sentence for each kind of change since the plan was made; none means that it still holds."""
    from matchmaker.scheduling import bridge  # loads the library

    old, new = run.problem, bridge.problem_of(situation, Options.from_dict(run.options)).to_dict()
    wishes_old, wishes_new = _by_id(old, "wishes"), _by_id(new, "wishes")
    draft = queries.draft_of(run)
    known = {request.id for request in situation.requests}
    gone = queries.requests_by_id(run.event_id, {row_id(wish) for wish in wishes_old} - known)
    names = Names(situation, gone)
    left = [who for who in _by_id(old, "participants") if row_id(who) not in situation.participants]
    without = [
        wish for wish in _missing(wishes_old, wishes_new) if not set(wishes_old[wish]["participants"]) & set(left)
    ]
    found: list[tuple[Collection[str], Callable[[str], str]]] = [
        (left, lambda who: _("No longer taking part: %(names)s.", names=who)),
        (without, lambda who: _("No longer accepted: %(names)s.", names=who)),
        (_missing(wishes_new, wishes_old), lambda who: _("Newly accepted: %(names)s.", names=who)),
        (_otherwise_free(old, new), lambda who: _("Availability changed: %(names)s.", names=who)),
        (_elsewhere(old, new), lambda who: _("Now on site instead of online, or the other way: %(names)s.", names=who)),
        (_displaced(new, draft), lambda who: _("Has to stay where it is: %(names)s.", names=who)),
        (_by_hand(run, draft, wishes_new), lambda who: _("Booked, moved or cancelled since: %(names)s.", names=who)),
    ]
    sentences = [sentence(names.some_of(list(ids))) for ids, sentence in found if ids]
    more_is_fine = Options.from_dict(run.options).assumes_places
    return sentences + _of_the_grid(old, new, more_is_fine=more_is_fine) + _late(draft, situation)


def _by_id(problem: dict[str, Any], part: str) -> Rows:
    return {row["id"]: row for row in problem.get(part) or []}


def _missing(rows: Rows, elsewhere: Rows) -> list[str]:
    return [key for key in rows if key not in elsewhere]


def _otherwise_free(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    before, after = _by_id(old, "participants"), _by_id(new, "participants")
    return [
        key
        for key in before.keys() & after.keys()
        if set(before[key].get("unavailable", ())) != set(after[key].get("unavailable", ()))
    ]


def _elsewhere(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """People who are on site where they were online, or the other way; a meeting fixed at a table puts nobody on site."""
    before, after = _by_id(old, "participants"), _by_id(new, "participants")
    fixed = {pin["slot"] for problem in (old, new) for pin in problem.get("pins", [])}
    return [
        key
        for key in before.keys() & after.keys()
        if (set(before[key].get("online", ())) ^ set(after[key].get("online", ()))) - fixed
    ]


def _displaced(new: dict[str, Any], draft: Sequence[DraftMeeting]) -> list[str]:
    """Meetings that must stay by now, and which the draft puts elsewhere or leaves out."""
    planned = {f"r{row.request_id}": (f"s{row.slot_id}", f"t{row.place_id}") for row in draft}
    return [
        pin["wish"]
        for pin in new.get("pins", [])
        if planned.get(pin["wish"]) != (pin["slot"], pin.get("place") or planned.get(pin["wish"], ("", ""))[1])
    ]


def _by_hand(run: ScheduleRun, draft: Sequence[DraftMeeting], wishes: Rows) -> list[str]:
    """Requests whose meeting somebody arranged or cancelled meanwhile, other than the draft has it."""
    made_at = run.figures.get("made_at")
    if made_at is None:
        return []
    planned = {row.request_id: (row.slot_id, row.place_id) for row in draft}
    changed: dict[str, bool] = {}
    for meeting in queries.meetings_changed_since(run.event_id, datetime.fromisoformat(made_at)):
        if f"r{meeting.request_id}" in wishes:
            now_at = None if meeting.state == MeetingState.CANCELLED else (meeting.slot_id, meeting.place_id)
            changed[f"r{meeting.request_id}"] = planned.get(meeting.request_id) != now_at
    return [wish for wish, differs in changed.items() if differs]


def _of_the_grid(old: dict[str, Any], new: dict[str, Any], *, more_is_fine: bool) -> list[str]:
    before, after = _by_id(old, "slots"), _by_id(new, "slots")
    moved = [key for key in before.keys() & after.keys() if _times(before[key]) != _times(after[key])]
    places, places_now = ({key for key in _by_id(each, "places") if key[1:].isdigit()} for each in (old, new))
    gone, come = places - places_now, places_now - places
    facts = [
        (before.keys() - after.keys(), _("Slots were removed.")),
        (after.keys() - before.keys(), _("Slots were added.")),
        (moved, _("Slots were moved.")),
        (gone or (come and not more_is_fine), _("Places were added or removed.")),
        (_limit(old) != _limit(new), _("The maximum of meetings was changed.")),
    ]
    return [sentence for happened, sentence in facts if happened]


def _times(slot: dict[str, Any]) -> tuple[Any, Any]:
    return slot.get("start"), slot.get("minutes")


def _limit(problem: dict[str, Any]) -> int:
    """The maximum of everybody; some may keep more, having had them before."""
    return min((row.get("max_meetings") or 0 for row in problem.get("participants", [])), default=0)


def _late(draft: Sequence[DraftMeeting], situation: Situation) -> list[str]:
    standing = {(meeting.request_id, meeting.slot_id) for meeting in situation.meetings}
    late = [
        row for row in draft if row.slot.starts_at <= situation.moment and (row.request_id, row.slot_id) not in standing
    ]
    return [_("%(count)s of its meetings would lie in the past by now.", count=len(late))] if late else []
