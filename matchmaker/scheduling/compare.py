"""Drafts side by side, also with the meetings that stand now. Reads only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.meetings.models import MeetingRequest
from matchmaker.registrations.models import Participant
from matchmaker.scheduling import certificate, figures, queries
from matchmaker.scheduling.aims import AIM_LABELS
from matchmaker.scheduling.models import ScheduleRun
from matchmaker.scheduling.options import AIMS
from matchmaker.scheduling.queries import Situation

MOST = 4  # plans side by side
PUBLISHED = "published"


@dataclass(frozen=True)
class Contender:
    """A plan in the comparison: a run, or what is published (no run). ``spots``: where each request is placed."""

    run: ScheduleRun | None
    spots: dict[int, tuple[int, int | None]]
    requests: dict[int, MeetingRequest]
    value: Mapping[str, float]
    bound: Mapping[str, float]
    change: figures.Difference | None

    @property
    def label(self) -> str:
        """What it is called."""
        return _("Run %(number)s", number=self.run.id) if self.run else _("Published now")

    @cached_property
    def meetings_of(self) -> Counter[int]:
        """How many meetings each participant has."""
        return Counter(side for each in self.requests.values() for side in (each.sender_id, each.receiver_id))

    def aim(self, name: str) -> str:
        """What it reaches in an aim, and what is proven about it."""
        if name not in self.value:
            return "–"
        reached = certificate.amount(name, self.value[name])
        if name not in self.bound:
            return reached
        if abs(self.bound[name] - self.value[name]) < certificate.CLOSE:
            return _("%(value)s, proven", value=reached)
        return _("%(value)s, bound %(bound)s", value=reached, bound=certificate.amount(name, self.bound[name]))


@dataclass(frozen=True)
class Comparison:
    """Two or more plans; differences for people are against the first."""

    contenders: list[Contender]
    situation: Situation

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """(what, its text for each plan)."""
        each = self.contenders
        used = [aim for aim in AIMS[1:] if any(plan.run and aim in plan.run.figures["objective"] for plan in each)]
        return [
            (_("Meetings"), [str(len(plan.spots)) for plan in each]),
            (_("No plan has more than"), [_most(plan.run) for plan in each]),
            *((str(AIM_LABELS[aim]), [plan.aim(aim) for plan in each]) for aim in used),
            (_("People without a meeting"), [str(self._without(plan)) for plan in each]),
            (_("Against what is published"), [_changes(plan.change) for plan in each]),
            (_("Meetings in no other of these"), [str(len(self.only(plan))) for plan in each]),
            (_("People with more meetings than in the first"), ["–", *(str(len(self.better(plan))) for plan in each[1:])]),
            (_("People with fewer meetings than in the first"), ["–", *(str(len(self.worse(plan))) for plan in each[1:])]),
        ]  # fmt: skip

    @cached_property
    def people(self) -> list[Participant]:
        """Everybody with an accepted request, by name."""
        asked = {side for each in self.situation.requests for side in (each.sender_id, each.receiver_id)}
        people = (self.situation.participants[key] for key in asked)
        return sorted(people, key=lambda person: (person.display_name, person.id))

    def only(self, plan: Contender) -> list[MeetingRequest]:
        """Return the meetings that only this plan has, whenever they are."""
        others = {key for other in self.contenders if other is not plan for key in other.spots}
        return [request for key, request in plan.requests.items() if key not in others]

    def better(self, plan: Contender) -> list[Participant]:
        """Return who has more meetings than in the first plan."""
        first = self.contenders[0].meetings_of
        return [person for person in self.people if plan.meetings_of[person.id] > first[person.id]]

    def worse(self, plan: Contender) -> list[Participant]:
        """Return who has fewer meetings than in the first plan."""
        first = self.contenders[0].meetings_of
        return [person for person in self.people if plan.meetings_of[person.id] < first[person.id]]

    def _without(self, plan: Contender) -> int:
        return sum(not plan.meetings_of[person.id] for person in self.people)


def of(event_id: int, runs: Iterable[ScheduleRun], *, published: bool) -> Comparison:
    """Return the comparison of runs of an event, the oldest first; before them, if asked, with what is published."""
    situation = queries.situation_of(event_id)
    first = [_published(situation)] if published else []
    return Comparison([*first, *(_contender(run, situation) for run in runs)], situation)


def _published(situation: Situation) -> Contender:
    from matchmaker.scheduling import bridge  # loads the library

    asked = {request.id: request for request in situation.requests}
    standing = [meeting for meeting in situation.meetings if meeting.request_id in asked]
    spots = {meeting.request_id: (meeting.slot_id, meeting.place_id) for meeting in standing}
    return Contender(None, spots, {key: asked[key] for key in spots}, bridge.worth(situation), {}, None)


def _contender(run: ScheduleRun, situation: Situation) -> Contender:
    draft = queries.draft_of(run)
    return Contender(
        run,
        {row.request_id: (row.slot_id, row.place_id) for row in draft},
        {row.request_id: row.request for row in draft},
        run.figures["value"],
        run.figures["bound"],
        figures.difference(draft, situation.meetings, situation.moment),
    )


def _most(run: ScheduleRun | None) -> str:
    return str(run.figures.get("most", "–")) if run else "–"


def _changes(change: figures.Difference | None) -> str:
    if change is None:
        return "–"
    counts: Sequence[tuple[int, Any]] = (
        (len(change.new), lambda n: ngettext("%(num)s new", "%(num)s new", n)),
        (len(change.moved), lambda n: ngettext("%(num)s moved", "%(num)s moved", n)),
        (len(change.dropped), lambda n: ngettext("%(num)s cancelled", "%(num)s cancelled", n)),
    )
    return ", ".join(text(count) for count, text in counts if count) or _("no change")
