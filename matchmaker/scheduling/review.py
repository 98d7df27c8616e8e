"""What the page of one run shows, put together once. Reads only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker import jobs
from matchmaker.clock import now
from matchmaker.events.models import Event, Mode
from matchmaker.registrations.models import Participant
from matchmaker.scheduling import figures, queries
from matchmaker.scheduling.bridge import row_id
from matchmaker.scheduling.models import DraftMeeting, ScheduleRun, ScheduleState
from matchmaker.scheduling.names import Names
from matchmaker.scheduling.options import AIMS, DEFAULT_AIMS
from matchmaker.web.times import local_date, local_datetime, local_time

PER_PAGE = 40
LEAST_SERVED = 15


def suggested_aims(event: Event) -> list[str]:
    """Return the aims that a new run starts with: gentle where people know a plan, mindful of clocks where they differ."""
    aims = [aim for aim in AIMS if aim in DEFAULT_AIMS]
    if queries.figures_before(event.id)["meetings"]:
        aims.insert(1, "changes")
    return [*aims, "hours"] if event.mode != Mode.ON_SITE else aims


@dataclass(frozen=True)
class Review:
    """A finished draft as organisers judge it."""

    gap: float | None
    is_proven: bool
    unplaced: list[tuple[str, list[figures.UnplacedRow]]]
    load: list[tuple[Participant, int, int]]
    spread: list[tuple[str, int]]
    difference: figures.Difference | None
    people: int


def of(run: ScheduleRun) -> Review | None:
    """Return the review of a run; nothing where there is no plan."""
    if not run.solution or run.state == ScheduleState.FAILED:
        return None
    situation = queries.situation_of(run.event_id)
    draft = queries.draft_of(run)
    load = figures.load(draft, situation)
    first = run.figures["objective"][0]
    value, bound = run.figures["value"].get(first), run.figures["bound"].get(first)
    gap = figures.gap(value, bound)
    return Review(
        gap=gap,
        is_proven=gap is not None and gap < 1e-6,
        unplaced=figures.unplaced_by_reason(run.solution, Names(situation)),
        load=load[:LEAST_SERVED],
        spread=_spread(load),
        difference=_difference(run, draft, situation),
        people=len(load),
    )


def _difference(
    run: ScheduleRun, draft: Sequence[DraftMeeting], situation: queries.Situation
) -> figures.Difference | None:
    if run.state != ScheduleState.DRAFT:
        return None
    return figures.difference(draft, situation.meetings, situation.moment)


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


def _spread(load: list[tuple[Participant, int, int]]) -> list[tuple[str, int]]:
    """Return (number of meetings, how many people have that many)."""
    most = max((placed for _person, placed, _wished in load), default=0)
    return [(str(n), sum(placed == n for _person, placed, _wished in load)) for n in range(most + 1)]


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


@dataclass(frozen=True)
class GridPage:
    """One page of the grid: slots by day as columns; participants, or places, as rows."""

    days: list[tuple[str, list[str]]]
    rows: list[tuple[Any, list[Any]]]
    number: int
    pages: int
    view: str
    views: tuple[str, ...]


def grid_of(run: ScheduleRun, number: int, view: str = "people") -> GridPage:
    """Return a page of the grid of a draft, in the zone of the event; ``view`` is "people" or, where places count, "places"."""
    situation, draft = queries.situation_of(run.event_id), queries.draft_of(run)
    zone = run.event.timezone
    views = ("people", "places") if any(row.place_id for row in draft) else ("people",)
    view = view if view in views else "people"
    rows: list[tuple[Any, list[Any]]] = [*_ROWS[view](draft, situation)]
    pages = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(1, number), pages)
    days: dict[str, list[str]] = {}
    for slot in situation.slots:
        days.setdefault(local_date(slot.starts_at, zone), []).append(local_time(slot.starts_at, zone))
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    return GridPage(list(days.items()), shown, number, pages, view, views)


_ROWS: dict[str, Callable[[Sequence[DraftMeeting], queries.Situation], Sequence[tuple[Any, list[Any]]]]] = {
    "people": figures.grid,
    "places": figures.place_grid,
}
