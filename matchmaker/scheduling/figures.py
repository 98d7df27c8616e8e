"""What pages and exports say about a draft: counts, reasons by name, load, difference to the published plan."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from matchmaker.meetings.models import Meeting, MeetingRequest
from matchmaker.meetings.services import PlanResult
from matchmaker.registrations.models import Participant
from matchmaker.scheduling.bridge import row_id
from matchmaker.scheduling.models import DraftMeeting
from matchmaker.scheduling.queries import Situation
from matchmaker.web.times import local_datetime

REASONS = {
    "no_common_slot": lazy_gettext("No slot in which both are free"),
    "own_maximum": lazy_gettext("One of the two has reached the maximum of meetings"),
    "other_full": lazy_gettext("One of the two is busy in every slot they share"),
    "places_full": lazy_gettext("Every place is taken in the slots they share"),
    "outweighed": lazy_gettext("Other meetings that count more need these slots"),
    "forbidden": lazy_gettext("Not allowed in any slot"),
    "precedence": lazy_gettext("Has to follow a meeting that does not take place"),
}
CHANGE_KINDS = ("new", "moved", "kept", "dropped")


def of_solution(problem: Any, solution: Any) -> dict[str, Any]:
    """Return the figures stored with a run: status, counts, values and bounds, seconds."""
    return {
        "status": str(solution.status),
        "placed": len(solution.assignments),
        "wished": len(problem.wishes),
        "value": dict(solution.value),
        "bound": dict(solution.bound),
        "objective": list(problem.objective),
        "seconds": round(solution.seconds, 1),
        "conflict": [{"rule": clash.rule, "wish": clash.wish} for clash in solution.conflict],
    }


def gap(value: float | None, bound: float | None) -> float | None:
    """Return how far a value is from its proven bound, as a share of the bound (0 = proven best)."""
    if value is None or bound is None:
        return None
    return abs(bound - value) / max(abs(bound), 1.0)


def counts(result: PlanResult) -> dict[str, int]:
    """Return how many meetings a publication created, moved and cancelled."""
    return {"created": len(result.created), "moved": len(result.moved), "cancelled": len(result.cancelled)}


def people_told(result: PlanResult) -> int:
    """Return how many people a publication concerns."""
    changed = [*result.created, *result.moved, *result.cancelled]
    return len({side for meeting in changed for side in (meeting.first_id, meeting.second_id)})


class Names:
    """Puts names to the ids of the library."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._requests = {request.id: request for request in situation.requests}
        self._slots = {slot.id: slot for slot in situation.slots}
        self._places = {place.id: place for place in situation.places}
        self._zone = situation.slots[0].event.timezone if situation.slots else "UTC"

    def of(self, library_id: str) -> str:
        """Return the name of what a library id stands for; the id itself when it is gone."""
        kind, row = library_id[0], row_id(library_id)
        if kind == "p" and row in self._situation.participants:
            return self._situation.participants[row].display_name
        if kind == "s" and row in self._slots:
            return local_datetime(self._slots[row].starts_at, self._zone)
        if kind == "t" and row in self._places:
            return self._places[row].name
        if kind == "r":
            return " – ".join(person.display_name for person in self.pair(row)) or _("a withdrawn request")
        return library_id

    def pair(self, request_id: int) -> tuple[Participant, ...]:
        """Return the two people of a request; nobody when it is no longer accepted."""
        request = self._requests.get(request_id)
        if request is None:
            return ()
        people = self._situation.participants
        return people[request.sender_id], people[request.receiver_id]

    def in_text(self, text: str) -> str:
        """Replace every library id in a sentence by its name."""
        return re.sub(r"\"?\b([prst]\d+)\b\"?", lambda found: self.of(found.group(1)), text)

    def differences(self, found: dict[str, list[str]]) -> list[str]:
        """Return one sentence for each kind of change between two problems."""
        sentences = {
            "wishes_gone": _("Requests no longer accepted: %(count)s", count=len(found.get("wishes_gone", []))),
            "wishes_new": _("Newly accepted: %(names)s", names=self._list(found.get("wishes_new", []))),
            "participants_changed": _(
                "Availability changed: %(names)s", names=self._list(found.get("participants_changed", []))
            ),
            "slots_gone": _("Slots were removed."),
            "slots_new": _("Slots were added."),
            "places_changed": _("Places were added or removed."),
            "pins_changed": _("Meetings that must stay where they are have changed."),
        }
        return [sentences[kind] for kind in found]

    def _list(self, ids: Sequence[str], most: int = 5) -> str:
        named = ", ".join(self.of(each) for each in ids[:most])
        rest = len(ids) - most
        return named + (" " + ngettext("and %(num)s more", "and %(num)s more", rest) if rest > 0 else "")


@dataclass(frozen=True)
class UnplacedRow:
    """A request that the draft leaves out, with its reason and the smallest fix in words."""

    request_id: int
    people: tuple[Participant, ...]
    text: str
    fix: str


def unplaced_by_reason(solution: dict[str, Any], names: Names) -> list[tuple[str, list[UnplacedRow]]]:
    """Return the requests left out, by reason, the most frequent reason first."""
    groups: dict[str, list[UnplacedRow]] = defaultdict(list)
    for row in solution.get("unplaced", []):
        request_id = row_id(row["wish"])
        text, fix = names.in_text(row.get("text", "")), names.in_text(row.get("fix", ""))
        groups[row["reason"]].append(UnplacedRow(request_id, names.pair(request_id), text, fix))
    ranked = sorted(groups.items(), key=lambda group: -len(group[1]))
    return [(str(REASONS.get(reason, reason)), rows) for reason, rows in ranked]


def load(draft: Sequence[DraftMeeting], situation: Situation) -> list[tuple[Participant, int, int]]:
    """Return (participant, meetings in the draft, accepted requests), the worst served first."""
    placed = Counter(side for row in draft for side in (row.request.sender_id, row.request.receiver_id))
    wished = Counter(side for row in situation.requests for side in (row.sender_id, row.receiver_id))
    people = [(situation.participants[key], placed[key], count) for key, count in wished.items()]
    return sorted(people, key=lambda row: (row[1] / row[2], -row[2], row[0].id))


def difference(draft: Sequence[DraftMeeting], meetings: Sequence[Meeting]) -> dict[str, int]:
    """Return how many meetings of the draft are new, moved or kept, and how many published ones it drops."""
    standing = {meeting.request_id: (meeting.slot_id, meeting.place_id) for meeting in meetings}
    found = Counter[str]()
    for row in draft:
        before = standing.pop(row.request_id, None)
        found["new" if before is None else "kept" if before == (row.slot_id, row.place_id) else "moved"] += 1
    found["dropped"] = len(standing)
    return {kind: found[kind] for kind in CHANGE_KINDS}


def grid(draft: Sequence[DraftMeeting], situation: Situation) -> list[tuple[Participant, list[Any]]]:
    """Return a row for each participant: for each slot the other person, ``"blocked"``, or nothing."""
    cells: dict[int, dict[int, MeetingRequest]] = defaultdict(dict)
    for row in draft:
        for side in (row.request.sender_id, row.request.receiver_id):
            cells[side][row.slot_id] = row.request
    blocked = set(situation.blocked)
    people = sorted((row[0] for row in load(draft, situation)), key=lambda person: person.display_name)
    return [(person, [_cell(person.id, slot.id, cells, blocked) for slot in situation.slots]) for person in people]


def _cell(
    person_id: int, slot_id: int, cells: dict[int, dict[int, MeetingRequest]], blocked: set[tuple[int, int]]
) -> Participant | str | None:
    request = cells[person_id].get(slot_id)
    if request is not None:
        return request.other(person_id)
    return "blocked" if (person_id, slot_id) in blocked else None
