"""A plan seen from above: meetings between countries, regions or kinds, and at which hours of their own day people meet."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from matchmaker import vocabulary
from matchmaker.events.models import Mode
from matchmaker.meetings.models import MeetingRequest, Slot
from matchmaker.registrations.models import Participant
from matchmaker.scheduling.review import Plan
from matchmaker.web.times import local

MOST = 14  # rows and columns of a matrix; the rest is one more
EARLIEST, LATEST = time(7), time(21)


def _country(person: Participant) -> str:
    code = person.organisation.country if person.organisation else ""
    return str(vocabulary.label("countries", code)) if code else ""


def _region(person: Participant) -> str:
    return person.organisation.region if person.organisation else ""


def _helix(person: Participant) -> str:
    code = person.organisation.helix_type if person.organisation else ""
    return str(vocabulary.label("helix_types", code)) if code else ""


KINDS: dict[str, tuple[object, Callable[[Participant], str]]] = {
    "country": (lazy_gettext("Countries"), _country),
    "region": (lazy_gettext("Regions"), _region),
    "helix": (lazy_gettext("Kinds of organisation"), _helix),
}


@dataclass(frozen=True)
class Between:
    """How many meetings there are between two groups, of how many wished."""

    meetings: int
    wished: int

    @property
    def share(self) -> float | None:
        """What part of the wishes is placed; nothing where none was wished."""
        return self.meetings / self.wished if self.wished else None


@dataclass(frozen=True)
class Matrix:
    """Groups by groups. ``across``: between different groups; ``whole``: all meetings."""

    by: str
    names: list[str]
    rows: list[tuple[str, list[Between]]]
    across: Between
    whole: Between

    @property
    def most(self) -> int:
        """The largest number of meetings in a cell."""
        return max((cell.meetings for _name, cells in self.rows for cell in cells), default=0) or 1


def kinds(plan: Plan) -> list[str]:
    """Return by what the people of a plan can be told apart: where there is more than one group."""
    people = [row[0] for row in plan.load]
    return [key for key, (_label, group) in KINDS.items() if len({group(person) for person in people}) > 1]


def matrix(plan: Plan, by: str) -> Matrix:
    """Return the meetings between the groups of a kind against the accepted requests between them."""
    group = KINDS[by][1]
    placed = {row.request_id: row.request for row in plan.draft}
    wished = placed | {request.id: request for request in plan.situation.requests}
    names, name_of = _names(wished.values(), group)
    meetings, wishes = _count(placed.values(), name_of), _count(wished.values(), name_of)
    rows = [(row, [_between(meetings, wishes, row, column) for column in names]) for row in names]
    apart = [(one, other) for number, one in enumerate(names) for other in names[number + 1 :]]
    across = Between(sum(meetings[pair] for pair in apart), sum(wishes[pair] for pair in apart))
    return Matrix(by, names, rows, across, Between(len(placed), len(wished)))


def _names(
    requests: Iterable[MeetingRequest], group: Callable[[Participant], str]
) -> tuple[list[str], Callable[[Participant], str]]:
    """Return the groups in order of name, the small ones as one, and which is whose."""
    people = [side for request in requests for side in (request.sender, request.receiver)]
    counts = Counter(group(person) or _("not given") for person in people)
    kept = [name for name, _count in counts.most_common(MOST)]
    rest = _("all others")

    def name_of(person: Participant) -> str:
        name = group(person) or _("not given")
        return name if name in kept else rest

    return sorted(kept) + ([rest] if len(counts) > len(kept) else []), name_of


def _count(requests: Iterable[MeetingRequest], name_of: Callable[[Participant], str]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for request in requests:
        pair = (name_of(request.sender), name_of(request.receiver))
        found.update({pair, pair[::-1]})
    return found


def _between(meetings: Counter[tuple[str, str]], wishes: Counter[tuple[str, str]], row: str, column: str) -> Between:
    return Between(meetings[row, column], wishes[row, column])


@dataclass(frozen=True)
class Hours:
    """At which hours of the own day people meet: who has most outside of normal hours first."""

    columns: list[int]
    rows: list["Own"]
    people: int
    meetings: int


@dataclass(frozen=True)
class Own:
    """The meetings of one person by hour of the own day; ``outside``: how many are too early or too late."""

    person: Participant
    counts: list[int]
    outside: int


def hours(plan: Plan) -> Hours | None:
    """Return the hours at which people meet, where they need not be in one place; nothing without meetings."""
    if plan.run.event.mode == Mode.ON_SITE or not plan.draft:
        return None
    slots: dict[Participant, list[Slot]] = defaultdict(list)
    for row in plan.draft:
        for person in (row.request.sender, row.request.receiver):
            slots[person].append(row.slot)
    seen = [_start(slot, person).hour for person, own in slots.items() for slot in own]
    columns = list(range(min(seen), max(seen) + 1))
    rows = [_own(person, own, columns) for person, own in slots.items()]
    rows.sort(key=lambda row: (-row.outside, row.person.display_name, row.person.id))
    return Hours(columns, rows, sum(row.outside > 0 for row in rows), sum(row.outside for row in rows))


def is_normal(hour: int) -> bool:
    """Whether an hour of the day lies within normal hours."""
    return EARLIEST.hour <= hour < LATEST.hour


def _own(person: Participant, slots: Sequence[Slot], columns: Sequence[int]) -> Own:
    counts = Counter(_start(slot, person).hour for slot in slots)
    return Own(person, [counts[hour] for hour in columns], sum(_is_outside(slot, person) for slot in slots))


def _start(slot: Slot, person: Participant) -> datetime:
    return local(slot.starts_at, person.user.timezone)


def _is_outside(slot: Slot, person: Participant) -> bool:
    start, end = _start(slot, person), local(slot.ends_at, person.user.timezone)
    return start.time() < EARLIEST or start.date() != end.date() or end.time() > LATEST
