"""The programme of a project: its events by semester, for whoever looks at it."""

from dataclasses import dataclass, field

from sqlalchemy.orm import joinedload

from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.events import queries
from matchmaker.events.gaps import STAKEHOLDERS, Gap, gaps
from matchmaker.events.models import Event, Visibility
from matchmaker.events.naming import series_name
from matchmaker.projects import queries as project_queries
from matchmaker.projects.models import Partner, Project, Semester


@dataclass
class Entry:
    """One event of the programme. Not ``is_open``: it is closed for whoever looks, who sees label, host and days only."""

    event: Event
    is_open: bool

    @property
    def label(self) -> str:
        """Number and series, such as "1st peer review"."""
        return self.event.kind_label


@dataclass
class Rounds:
    """The stakeholder meetings of one round: the same number in several regions."""

    name: str
    entries: list[Entry]


@dataclass
class Part:
    """A semester, or the events outside of all semesters (``semester`` is ``None``)."""

    semester: Semester | None
    entries: list[Entry] = field(default_factory=list)
    rounds: list[Rounds] = field(default_factory=list)


@dataclass(frozen=True)
class Mark:
    """A dot in the picture of the programme: what, how many, and how far through its semester (0 to 1) it takes place."""

    label: str
    place: float
    series: int
    count: int = 1


@dataclass
class Programme:
    """Everything the page of a project shows."""

    project: Project
    parts: list[Part]
    partners: list[Partner]
    gaps: list[Gap]
    is_organiser: bool
    kinds: list[str] = field(default_factory=list)

    def marks(self, part: Part) -> list[Mark]:
        """Return the dots of a semester in order of time; the meetings of one round are one dot."""
        alone = [(entry.event, entry.label, 1) for entry in part.entries]
        rounds = [(each.entries[len(each.entries) // 2].event, each.name, len(each.entries)) for each in part.rounds]
        found = [
            Mark(label, _how_far(event, part.semester), self.kinds.index(event.kind), count)
            for event, label, count in alone + rounds
            if part.semester
        ]
        return sorted(found, key=lambda mark: mark.place)


def programme(project: Project, user: User | None) -> Programme:
    """Return the programme as ``user`` may see it: five statements however long it is.

    Drafts are seen by their organisers only; a closed event by others as a label with host and days. Gaps are for
    administrators and for organisers of any event of the project.
    """
    events = _events(project.id)
    organised, seen = queries.organised_ids(user), queries.seen_ids(user)
    sees_all = user is not None and user.is_admin
    is_organiser = sees_all or any(event.id in organised for event in events)
    entries = [
        Entry(event, sees_all or event.id in seen or event.visibility == Visibility.PUBLIC)
        for event in events
        if event.is_published or sees_all or event.id in organised
    ]
    semesters = project_queries.semesters(project.id)
    parts = [_part(semester, [e for e in entries if e.event.semester_id == semester.id]) for semester in semesters]
    rest = [entry for entry in entries if entry.event.semester_id is None]
    if rest:
        parts.append(_part(None, rest))
    found = gaps(events) if is_organiser else []
    kinds = list(dict.fromkeys(entry.event.kind for entry in entries))
    return Programme(project, parts, project_queries.partners(project.id), found, is_organiser, kinds)


def _how_far(event: Event, semester: Semester) -> float:
    days = (semester.ends_on - semester.starts_on).days or 1
    return min(1.0, max(0.0, (event.first_day - semester.starts_on).days / days))


def _events(project_id: int) -> list[Event]:
    query = db.select(Event).where(Event.project_id == project_id).order_by(Event.starts_at, Event.id)
    return list(db.session.scalars(query.options(joinedload(Event.host_partner), joinedload(Event.semester))))


def _part(semester: Semester | None, entries: list[Entry]) -> Part:
    part = Part(semester)
    rounds: dict[int | None, list[Entry]] = {}
    for entry in entries:
        if entry.event.kind == STAKEHOLDERS:
            rounds.setdefault(entry.event.ordinal, []).append(entry)
        else:
            part.entries.append(entry)
    part.rounds = [Rounds(series_name(STAKEHOLDERS, number), members) for number, members in rounds.items()]
    return part
