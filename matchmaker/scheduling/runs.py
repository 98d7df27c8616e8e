"""The long work: load, leave the transaction, solve, check, store the draft.

The library is imported where it solves: a web process that only starts runs never loads it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from matching.errors import MatchingError
from matchmaker import jobs
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.errors import Invalid
from matchmaker.events.models import Event
from matchmaker.meetings import services as meetings
from matchmaker.meetings.queries import slots_of
from matchmaker.scheduling import assumptions, board, figures, queries, services
from matchmaker.scheduling.errors import NotADraft
from matchmaker.scheduling.models import DraftMeeting, ScheduleRun, ScheduleState, WhatIf, WhatIfState
from matchmaker.scheduling.options import Options
from matchmaker.scheduling.what_if import RECUTS, intervals_of

if TYPE_CHECKING:
    from matching.scheduling import Progress, Solution

UNEXPECTED = lazy_gettext("The run failed because of an error. It is written to the log of the server.")
log = logging.getLogger(__name__)
STORE_EVERY = 1.0  # seconds between two points of the curve that organisers watch
RESTARTABLE = (ScheduleState.FAILED, ScheduleState.INTERRUPTED)


class BrokenPlan(MatchingError):
    """The independent check found a broken rule in a plan of the solver: a fault of ours."""


def start(event: Event, options: Options, actor: User) -> ScheduleRun:
    """Start a run in the present transaction: ``services.start_run``, and the job that does the work.

    What is locked in the newest draft stays where it is.
    """
    draft = queries.newest_draft(event.id)
    options = replace(options, pins=board.pins_of(queries.draft_of(draft)) if draft else ())
    run = services.start_run(event, options, actor)
    run.job_id = jobs.enqueue(solve_run, run.id).id
    return run


def restart(run: ScheduleRun, actor: User) -> ScheduleRun:
    """Start a new run with the options of one that failed or was interrupted, in the present transaction."""
    if run.state not in RESTARTABLE:
        raise NotADraft(_("Only a run that failed or was interrupted can be started again."))
    return start(run.event, Options.from_dict(run.options), actor)


def try_fix(run: ScheduleRun, request_id: int, actor: User) -> ScheduleRun:
    """Start a run that assumes, on top of what ``run`` does, what would place one of its requests left out."""
    fix = assumptions.fix_of(run, request_id)
    if fix is None:
        raise Invalid(_("Nothing is known that would place this request."))
    options = Options.from_dict(run.options)
    return start(run.event, replace(options, fixes=(*options.fixes, fix), origin=run.id), actor)


def around_locked(run: ScheduleRun, actor: User) -> ScheduleRun:
    """Start a run with the same options that leaves the meetings locked in a draft where they are."""
    if run.state != ScheduleState.DRAFT:
        raise NotADraft(_("Only a draft can be changed by hand."))
    return start(run.event, Options.from_dict(run.options), actor)


@jobs.task(interrupted=services.interrupted)
def solve_run(run_id: int) -> None:
    """Solve one queued run and store its draft; a run in any other state is left alone."""
    from flask import current_app

    from matching.scheduling import solve, violations
    from matchmaker.scheduling import bridge

    with transaction():
        run = db.session.scalar(db.select(ScheduleRun).where(ScheduleRun.id == run_id).with_for_update())
        if run is None or run.state != ScheduleState.QUEUED:
            return
        options = Options.from_dict(run.options)
        situation = queries.situation_of(run.event_id)
        problem = bridge.problem_of(situation, options)
        previous = bridge.published_plan(situation) if "changes" in options.objective else None
        run.state, run.problem, run.fingerprint = ScheduleState.RUNNING, problem.to_dict(), problem.fingerprint
    curve = Curve(run_id, options.seconds)
    try:
        with jobs.Memory() as memory:
            solution = solve(
                problem,
                seconds=options.seconds,
                workers=options.workers or current_app.config["SETTINGS"].solver_workers,
                seed=options.seed,
                previous=previous,
                progress=curve.note,
                should_stop=curve.job.should_stop,
            )
            refuse_broken(run_id, violations(problem, solution, previous))
        _store(run_id, figures.of_solution(problem, solution, situation.moment, memory), solution, curve)
    except Exception as error:  # whatever it is, the run must not stay "running"
        db.session.rollback()
        with transaction():
            _fail(run_id, str(error) if isinstance(error, MatchingError) else str(UNEXPECTED))
        raise


def refuse_broken(run_id: int, found: Sequence[object]) -> None:
    """Let no plan through in which the independent check finds a broken rule: that is a fault of ours."""
    if found:
        log.error("the solver broke rules in run %s: %s", run_id, found)
        raise BrokenPlan("The solver returned a plan that breaks rules: " + "; ".join(map(str, found[:5])))


def _fail(run_id: int, error: str) -> None:
    run = db.session.get_one(ScheduleRun, run_id)
    if run.state == ScheduleState.RUNNING:  # else it was marked as interrupted meanwhile
        run.state, run.finished_at, run.error = ScheduleState.FAILED, now(), error[:2000]


def _store(run_id: int, found: dict[str, Any], solution: Solution, curve: Curve) -> None:
    """Keep a plan as a draft. Without one there is nothing to publish: an empty draft would cancel every meeting."""
    from matching.scheduling import Status
    from matchmaker.scheduling import bridge

    with transaction():
        run = db.session.scalars(db.select(ScheduleRun).where(ScheduleRun.id == run_id).with_for_update()).one()
        if run.state != ScheduleState.RUNNING:  # marked as interrupted meanwhile, and perhaps started again
            return
        has_plan = solution.status in (Status.OPTIMAL, Status.FEASIBLE)
        run.solution = solution.to_dict()
        run.trace = [*curve.points, *curve.last()]
        run.figures = found
        run.finished_at, run.state = now(), ScheduleState.DRAFT if has_plan else ScheduleState.FAILED
        locked = {pin[0] for pin in Options.from_dict(run.options).pins}
        rows = bridge.placements_of(solution, queries.situation_of(run.event_id))
        for request_id, slot_id, place_id, assumed in rows:
            row = DraftMeeting(run_id=run_id, request_id=request_id, slot_id=slot_id, place_id=place_id)
            row.assumed_place, row.is_locked = assumed, f"r{request_id}" in locked
            db.session.add(row)


class Curve:
    """Value and bound over time, stored about once a second while the solver runs."""

    def __init__(self, run_id: int, seconds: int) -> None:
        self.run_id, self.seconds = run_id, seconds
        self.job = jobs.current_job()
        self.points: list[list[object]] = []
        self._latest: list[object] | None = None
        self._stored_at = -STORE_EVERY

    def note(self, progress: Progress) -> None:
        """Take a message of the solver."""
        point = [round(progress.seconds, 2), progress.objective, progress.value, progress.bound]
        if self.points and self.points[-1][1:] == point[1:]:
            self._latest = point
            return
        self.points.append(point)
        self._latest = None
        if monotonic() - self._stored_at < STORE_EVERY:
            return
        self._stored_at = monotonic()
        try:
            self._write(progress)
        except SQLAlchemyError:  # a busy database must not cost the plan; the next point comes in a second
            log.warning("the progress of run %s could not be stored", self.run_id, exc_info=True)

    def _write(self, progress: Progress) -> None:
        with transaction():
            statement = update(ScheduleRun).where(ScheduleRun.id == self.run_id)
            db.session.execute(statement.values(trace=list(self.points)))
        self.job.report(min(99, round(100 * progress.seconds / self.seconds)))

    def last(self) -> list[list[object]]:
        """Return the newest point where it only repeats the one before, so that the curve reaches the end."""
        return [self._latest] if self._latest else []


def start_what_if(event: Event, scenarios: list[list[dict[str, Any]]], seconds: int, actor: User) -> WhatIf:
    """Store a comparison of scenarios and start the job that works it out, in the present transaction."""
    what_if = services.start_what_if(event, scenarios, seconds, actor)
    what_if.job_id = jobs.enqueue(compare, what_if.id).id
    return what_if


def draft_of_scenario(what_if: WhatIf, number: int, actor: User, *, add_slots: bool = False) -> ScheduleRun:
    """Start a run that assumes one scenario; its slots are no assumption: with ``add_slots`` the event gets them first."""
    parts = what_if.scenarios[number - 1] if 0 < number <= len(what_if.scenarios) else []
    if not parts or any(part["kind"] in RECUTS for part in parts):
        raise Invalid(_("Set these slots up first, then start a run."))
    intervals = intervals_of(parts)
    if intervals and add_slots:
        meetings.add_slots(what_if.event, intervals, actor)
    if meetings.lacking(slots_of(what_if.event_id), intervals):
        raise Invalid(_("Set these slots up first, then start a run."))
    options = Options(what_if.seconds, scenario=tuple(parts), what_if=what_if.id)
    return start(what_if.event, options, actor)


@jobs.task(interrupted=services.what_if_interrupted)
def compare(what_if_id: int) -> None:
    """Solve the event as it is and under each scenario, every accepted request counting as one meeting."""
    from flask import current_app

    from matching.scheduling import what_if
    from matchmaker.scheduling import bridge

    with transaction():
        row = db.session.scalar(db.select(WhatIf).where(WhatIf.id == what_if_id).with_for_update())
        if row is None or row.state != WhatIfState.QUEUED:
            return
        row.state, seconds = WhatIfState.RUNNING, row.seconds
        situation = queries.situation_of(row.event_id)
        problem = bridge.problem_of(situation, Options(stars=False))
        scenarios = [bridge.scenario_of(parts, situation, str(n)) for n, parts in enumerate(row.scenarios, 1)]
    clock = Clock(seconds)
    try:
        effects = what_if(
            problem, scenarios, seconds=seconds, workers=current_app.config["SETTINGS"].solver_workers,
            progress=clock.note, should_stop=clock.job.should_stop,
        )  # fmt: skip
    except Exception as error:
        db.session.rollback()
        _end_what_if(
            what_if_id,
            WhatIfState.FAILED,
            error=str(error)[:500] if isinstance(error, MatchingError) else str(UNEXPECTED),
        )
        raise
    _end_what_if(what_if_id, WhatIfState.DONE, effects=[effect.to_dict() for effect in effects])


def _end_what_if(what_if_id: int, state: WhatIfState, **values: Any) -> None:
    with transaction():
        running = (WhatIf.id == what_if_id, WhatIf.state == WhatIfState.RUNNING)  # else marked as interrupted meanwhile
        db.session.execute(update(WhatIf).where(*running).values(state=state, finished_at=now(), **values))


class Clock:
    """How much of its time a comparison has used, reported about once a second."""

    def __init__(self, seconds: int) -> None:
        self.seconds, self.job = seconds, jobs.current_job()
        self._began = self._said = monotonic()

    def note(self, _progress: Progress) -> None:
        """Take any message of the solver as a sign of life."""
        at = monotonic()
        if at - self._said >= STORE_EVERY:
            self._said = at
            self.job.report(min(99, round(100 * (at - self._began) / self.seconds)))
