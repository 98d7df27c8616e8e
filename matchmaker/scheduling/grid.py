"""A plan as a grid: slots as columns; participants, or places, as rows; narrowed to what somebody looks for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from matchmaker.events.models import Mode
from matchmaker.meetings.models import Place, Slot
from matchmaker.registrations.models import Participant
from matchmaker.scheduling.models import DraftMeeting
from matchmaker.scheduling.names import matches, named
from matchmaker.scheduling.review import Plan
from matchmaker.web.times import local, local_date, local_datetime, zone_label

PEOPLE, PLACES = "people", "places"


@dataclass(frozen=True)
class Sight:
    """What of a plan is looked at. ``day``: an ISO date on the clock of the event; ``text``: part of a name."""

    view: str = PEOPLE
    text: str = ""
    place: int = 0
    day: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> "Sight":
        """Read it from the arguments of an address; what makes no sense there asks for nothing."""
        place = str(arguments.get("place", ""))
        return cls(
            view=PLACES if arguments.get("view") == PLACES else PEOPLE,
            text=" ".join(str(arguments.get("q", "")).split())[:200],
            place=int(place) if place.isascii() and place.isdigit() and len(place) < 10 else 0,
            day=str(arguments.get("day", ""))[:10],
        )

    def query(self, view: str) -> str:
        """Return the arguments of an address that shows the same in another view."""
        wanted = {"view": view, "q": self.text, "place": self.place or "", "day": self.day}
        return urlencode({name: value for name, value in wanted.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves something out."""
        return bool(self.text or self.place or self.day)


@dataclass(frozen=True)
class Cell:
    """What somebody, or a place, has in one slot. ``note``: where; ``lines``: everything, also on the own clocks."""

    slot: Slot
    kind: str = "free"  # free, blocked, meeting
    text: str = ""
    note: str = ""
    lines: tuple[str, ...] = ()
    meeting: DraftMeeting | None = None

    @property
    def hint(self) -> str:
        """All of it in one text."""
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Row:
    """A participant or a place, with a cell for each slot shown."""

    name: str
    note: str
    cells: list[Cell]
    subject: Participant | Place

    @property
    def meetings(self) -> list[Cell]:
        """The cells with a meeting, in order of time: what narrow screens and paper show."""
        return [cell for cell in self.cells if cell.meeting is not None]


class Grid:
    """What is seen of a plan. Rows are made one by one, so that only those shown cost anything."""

    def __init__(self, plan: Plan, sight: Sight) -> None:
        """Sort the meetings of the plan by person and by place."""
        self.plan, self.zone = plan, plan.run.event.timezone
        self.has_places = any(row.place_id for row in plan.draft)
        sight = replace(sight, day=sight.day if sight.day in self.all_days else "")
        self.sight = sight if self.has_places else replace(sight, view=PEOPLE, place=0)
        self._of_person: dict[int, dict[int, DraftMeeting]] = defaultdict(dict)
        self._of_place: dict[int, dict[int, DraftMeeting]] = defaultdict(dict)
        for row in plan.draft:
            for side in (row.request.sender_id, row.request.receiver_id):
                self._of_person[side][row.slot_id] = row
            if row.place_id is not None:
                self._of_place[row.place_id][row.slot_id] = row

    @cached_property
    def days(self) -> dict[str, list[Slot]]:
        """The slots shown, by ISO date on the clock of the event."""
        return {day: slots for day, slots in self.all_days.items() if self.sight.day in ("", day)}

    @cached_property
    def all_days(self) -> dict[str, list[Slot]]:
        """All slots, by ISO date on the clock of the event."""
        found: dict[str, list[Slot]] = {}
        for slot in self.plan.situation.slots:
            found.setdefault(local(slot.starts_at, self.zone).date().isoformat(), []).append(slot)
        return found

    @property
    def day_choices(self) -> list[tuple[str, str]]:
        """What the filter by day offers."""
        days = ((day, local_date(slots[0].starts_at, self.zone)) for day, slots in self.all_days.items())
        return [("", _("All days")), *days]

    @property
    def place_choices(self) -> list[tuple[int, str]]:
        """What the filter by place offers."""
        return [(0, _("All places")), *((place.id, place.name) for place in self.plan.situation.places)]

    @cached_property
    def subjects(self) -> Sequence[Participant | Place]:
        """The people, or places, shown: as rows in order of name."""
        if self.sight.view == PLACES:
            return [place for place in self.plan.situation.places if self._shows_place(place)]
        people = (row[0] for row in self.plan.load)
        return sorted(
            (each for each in people if self._shows_person(each)), key=lambda each: (each.display_name, each.id)
        )

    def row(self, subject: Participant | Place) -> Row:
        """Return the row of a person or a place."""
        slots = [slot for day in self.days.values() for slot in day]
        if isinstance(subject, Place):
            taken = self._of_place[subject.id]
            return Row(subject.name, "", [self._cell(slot, taken.get(slot.id), None) for slot in slots], subject)
        seats, away = self._of_person[subject.id], self._blocked[subject.id]
        cells = [
            Cell(slot, "blocked", _("not available"))
            if slot.id in away and slot.id not in seats
            else self._cell(slot, seats.get(slot.id), subject)
            for slot in slots
        ]
        return Row(subject.display_name, subject.organisation.name if subject.organisation else "", cells, subject)

    @cached_property
    def _blocked(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for person_id, slot_id in self.plan.situation.blocked:
            found[person_id].add(slot_id)
        return found

    def _shows_person(self, person: Participant) -> bool:
        if self.sight.place and not any(row.place_id == self.sight.place for row in self._seen(person)):
            return False
        return matches(self.sight.text, named(person))

    def _shows_place(self, place: Place) -> bool:
        if self.sight.place not in (0, place.id):
            return False
        people = [side for row in self._of_place[place.id].values() for side in _people(row)]
        return any(matches(self.sight.text, name) for name in (place.name, *map(named, people)))

    def _seen(self, person: Participant) -> Iterable[DraftMeeting]:
        shown = {slot.id for slots in self.days.values() for slot in slots}
        return (row for slot_id, row in self._of_person[person.id].items() if slot_id in shown)

    def _cell(self, slot: Slot, row: DraftMeeting | None, person: Participant | None) -> Cell:
        if row is None:
            return Cell(slot)
        sides = _people(row)
        others = [side for side in sides if person is None or side.id != person.id]
        place = row.place.name if row.place else ""
        lines = (*map(named, others), *filter(None, [place]), *self._own_clocks(slot, sides))
        text = " – ".join(side.display_name for side in others)
        return Cell(slot, "meeting", text, place if person else "", lines, row)

    def _own_clocks(self, slot: Slot, people: Iterable[Participant]) -> list[str]:
        """The time on the clocks of those whose clock differs, where people may be anywhere."""
        if self.plan.run.event.mode == Mode.ON_SITE:
            return []
        here = local_datetime(slot.starts_at, self.zone)
        return [
            _("%(name)s: %(time)s in %(zone)s", name=person.display_name, time=local_datetime(slot.starts_at, zone),
              zone=zone_label(zone, slot.starts_at))
            for person in people
            if local_datetime(slot.starts_at, zone := person.user.timezone) != here
        ]  # fmt: skip


def _people(row: DraftMeeting) -> tuple[Participant, Participant]:
    return row.request.sender, row.request.receiver
