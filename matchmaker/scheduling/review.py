"""What the page of one run shows, put together once. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matchmaker import jobs
from matchmaker.clock import now
from matchmaker.events.models import Event, Mode
from matchmaker.registrations.models import Participant
from matchmaker.scheduling import figures, queries
from matchmaker.scheduling.models import DraftMeeting, ScheduleRun, ScheduleState
from matchmaker.scheduling.names import Names
from matchmaker.scheduling.options import AIMS, DEFAULT_AIMS
from matchmaker.scheduling.rows import row_id
from matchmaker.web.times import local_datetime


def suggested_aims(event: Event) -> list[str]:
    """Return the aims that a new run starts with: gentle where people know a plan, mindful of clocks where they differ."""
    aims = [aim for aim in AIMS if aim in DEFAULT_AIMS]
    if queries.figures_before(event.id)["meetings"]:
        aims.insert(1, "changes")
    return [*aims, "hours"] if event.mode != Mode.ON_SITE else aims


@dataclass(frozen=True)
class Plan:
    """The plan of a run, with the rows that its pages show."""

    run: ScheduleRun
    situation: queries.Situation
    draft: Sequence[DraftMeeting]

    @cached_property
    def load(self) -> list[tuple[Participant, int, int]]:
        """(participant, meetings, accepted requests), the worst served first."""
        return figures.load(self.draft, self.situation)

    @cached_property
    def difference(self) -> figures.Difference | None:
        """What publishing would change, while it can be published."""
        if self.run.state != ScheduleState.DRAFT:
            return None
        return figures.difference(self.draft, self.situation.meetings, self.situation.moment)

    @cached_property
    def unplaced(self) -> list[tuple[str, list[figures.UnplacedRow]]]:
        """Requests left out, by reason, the most frequent first."""
        return figures.unplaced_by_reason(self.run.solution, Names(self.situation))

    @property
    def spread(self) -> list[tuple[str, int]]:
        """(number of meetings, how many people have that many)."""
        most = max((placed for _person, placed, _wished in self.load), default=0)
        return [(str(n), sum(placed == n for _person, placed, _wished in self.load)) for n in range(most + 1)]


def has_plan(run: ScheduleRun) -> bool:
    """Whether there is something to review."""
    return bool(run.solution) and run.state != ScheduleState.FAILED


def plan_of(run: ScheduleRun) -> Plan | None:
    """Return the plan of a run; nothing where there is none."""
    return Plan(run, queries.situation_of(run.event_id), queries.draft_of(run)) if has_plan(run) else None


def clashes(run: ScheduleRun) -> list[str]:
    """Return the names of the meetings that can't stay together, where that is why there is no plan."""
    found = run.figures.get("conflict", [])
    return sorted(_names_of(run, [clash["wish"] for clash in found])) if found else []


def _names_of(run: ScheduleRun, wishes: list[str]) -> list[str]:
    situation = queries.situation_of(run.event_id)
    names = Names(situation, queries.requests_by_id(run.event_id, {row_id(wish) for wish in wishes}))
    standing = {f"r{meeting.request_id}": meeting for meeting in situation.meetings}
    zone = run.event.timezone
    return [
        f"{local_datetime(standing[wish].slot.starts_at, zone)}: {names.of(wish)}"
        if wish in standing
        else names.of(wish)
        for wish in wishes
    ]


@dataclass(frozen=True)
class ProgressView:
    """A run while it lasts."""

    is_finished: bool
    is_silent: bool
    seconds: float
    limit: int
    objective: str
    value: float | None
    bound: float | None
    gap: float | None
    series: list[dict[str, Any]]


def progress_of(run: ScheduleRun) -> ProgressView:
    """Return how far a run has come: the newest point, and the curves of the first objective."""
    job = jobs.job_of(run.job_id)
    first = [point for point in run.trace if point[1] == (run.trace[0][1] if run.trace else "")]
    last: list[Any] = run.trace[-1] if run.trace else [0.0, "", None, None]
    value, bound = (_newest(run.trace, last[1], at) for at in (2, 3))
    series = [
        {"label": label, "points": [(p[0], p[at]) for p in first if p[at] is not None], "dashed": at == 3}
        for label, at in (("value", 2), ("bound", 3))
    ]
    return ProgressView(
        is_finished=run.state not in queries.BUSY_STATES,
        is_silent=job is not None and job.is_silent(now()),
        seconds=float(last[0]),
        limit=int(run.options.get("seconds", 0)),
        objective=str(last[1]),
        value=value,
        bound=bound,
        gap=figures.gap(value, bound),
        series=series if run.state != ScheduleState.QUEUED else [],
    )


def _newest(trace: list[Any], objective: str, at: int) -> float | None:
    """The newest figure of an objective; a solver that begins anew has none for a while."""
    return next((point[at] for point in reversed(trace) if point[1] == objective and point[at] is not None), None)
