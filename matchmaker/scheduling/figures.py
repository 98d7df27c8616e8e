"""What pages and exports say about a draft: counts, reasons, load, difference to the published plan."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Any

from matchmaker.jobs import Memory
from matchmaker.meetings.models import Meeting, Place, Slot
from matchmaker.meetings.services import PlanResult
from matchmaker.registrations.models import Participant
from matchmaker.scheduling import assumptions, reasons
from matchmaker.scheduling.models import DraftMeeting
from matchmaker.scheduling.names import Names
from matchmaker.scheduling.queries import Situation
from matchmaker.scheduling.rows import row_id, stands


def of_solution(problem: Any, solution: Any, moment: datetime, memory: Memory) -> dict[str, Any]:
    """Return the figures stored with a run; ``moment`` is when the problem was read from the tables.

    ``most``: no plan has more meetings; ``limits``: what this number is made of, where that is known; ``rules``: how many
    rules the independent check went through; ``memory``: megabytes of the process.
    """
    from matching.scheduling import limits
    from matching.scheduling.check import CHECKS

    found = limits(problem)
    most = min(found.most, _most_by_weight(problem, solution.bound.get("placed")))
    return {
        "status": str(solution.status),
        "placed": len(solution.assignments),
        "wished": len(problem.wishes),
        "value": dict(solution.value),
        "bound": dict(solution.bound),
        "objective": list(problem.objective),
        "seconds": round(solution.seconds, 1),
        "made_at": moment.isoformat(),
        "conflict": [{"rule": clash.rule, "wish": clash.wish} for clash in solution.conflict],
        "most": most,
        "limits": [asdict(part) for part in found.parts] if most == found.most else [],
        "impossible": found.impossible,
        "rules": len(CHECKS),
        "memory": {"before": memory.before, "peak": memory.peak},
    }


def _most_by_weight(problem: Any, bound: float | None) -> int:
    """How many meetings fit under the proven bound of the weight, were they those that weigh least."""
    if bound is None:
        return len(problem.wishes)
    totals = accumulate(sorted(wish.weight for wish in problem.wishes))
    return sum(total <= bound + 1e-6 for total in totals)


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


@dataclass(frozen=True)
class UnplacedRow:
    """A request that the draft leaves out, with its reason and the smallest fix in words."""

    request_id: int
    people: tuple[Participant, ...]
    text: str
    fix: str
    can_try: bool


def unplaced_by_reason(solution: dict[str, Any], names: Names) -> list[tuple[str, list[UnplacedRow]]]:
    """Return the requests left out, by reason, the most frequent reason first."""
    groups: dict[str, list[UnplacedRow]] = defaultdict(list)
    for row in solution.get("unplaced", []):
        request_id = row_id(row["wish"])
        details = row.get("details", {})
        text, fix = reasons.sentence(row["reason"], details, names), reasons.fix(details, names)
        groups[row["reason"]].append(
            UnplacedRow(request_id, names.pair(request_id), text, fix, assumptions.can_try(details))
        )
    ranked = sorted(groups.items(), key=lambda group: -len(group[1]))
    return [(reasons.label(reason), rows) for reason, rows in ranked]


def load(draft: Sequence[DraftMeeting], situation: Situation) -> list[tuple[Participant, int, int]]:
    """Return (participant, meetings in the draft, accepted requests), the worst served first."""
    placed = Counter(side for row in draft for side in (row.request.sender_id, row.request.receiver_id))
    wished = Counter(side for row in situation.requests for side in (row.sender_id, row.receiver_id))
    people = [(situation.participants[key], placed[key], count) for key, count in wished.items()]
    return sorted(people, key=lambda row: (row[1] / row[2], -row[2], row[0].id))


@dataclass(frozen=True)
class ChangeRow:
    """One meeting that publishing would create, move or cancel; ``slot`` and ``place`` are where it goes."""

    people: tuple[Participant, Participant]
    slot: Slot | None = None
    place: Place | None = None
    before_slot: Slot | None = None
    before_place: Place | None = None

    def other(self, person: Participant) -> Participant:
        """Return whom this person meets."""
        return self.people[self.people[0].id == person.id]


@dataclass(frozen=True)
class Difference:
    """A draft against the meetings that stand now."""

    new: list[ChangeRow]
    moved: list[ChangeRow]
    dropped: list[ChangeRow]
    kept: int
    locked: int


def difference(draft: Sequence[DraftMeeting], meetings: Sequence[Meeting], moment: datetime) -> Difference:
    """Return what publishing would change; what is locked, has begun or is over stays, as ``publish_plan`` does it."""
    standing = {meeting.request_id: meeting for meeting in meetings}
    new, moved = [], []
    for row in draft:
        before = standing.pop(row.request_id, None)
        people = (row.request.sender, row.request.receiver)
        if before is None:
            new.append(ChangeRow(people, row.slot, row.place))
        elif not stands(before, moment) and (before.slot_id, before.place_id) != (row.slot_id, row.place_id):
            moved.append(ChangeRow(people, row.slot, row.place, before.slot, before.place))
    gone = [meeting for meeting in standing.values() if not stands(meeting, moment)]
    gone.sort(key=lambda meeting: (meeting.slot.starts_at, meeting.id))
    dropped = [ChangeRow((each.first, each.second), None, None, each.slot, each.place) for each in gone]
    locked = sum(meeting.is_locked for meeting in meetings)
    return Difference(new, moved, dropped, len(meetings) - len(moved) - len(dropped), locked)


@dataclass
class Told:
    """What one person learns when a plan is published."""

    person: Participant
    new: list[ChangeRow] = field(default_factory=list)
    moved: list[ChangeRow] = field(default_factory=list)
    cancelled: list[ChangeRow] = field(default_factory=list)


def told(difference: Difference) -> list[Told]:
    """Return the people concerned, by name, each with the own meetings that change; everybody else hears nothing."""
    found: dict[int, Told] = {}
    kinds = (("new", difference.new), ("moved", difference.moved), ("cancelled", difference.dropped))
    for kind, row in ((kind, row) for kind, rows in kinds for row in rows):
        for person in row.people:
            getattr(found.setdefault(person.id, Told(person)), kind).append(row)
    return sorted(found.values(), key=lambda row: (row.person.display_name, row.person.id))
