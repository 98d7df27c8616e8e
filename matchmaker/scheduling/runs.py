"""The long work: load, leave the transaction, solve, check, store the draft."""

import logging
from collections.abc import Sequence
from time import monotonic

from matchmaker import jobs
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.events.models import Event
from matchmaker.scheduling import bridge, figures, queries, services
from matchmaker.scheduling.models import DraftMeeting, ScheduleRun, ScheduleState
from matchmaker.scheduling.options import Keep, Options

log = logging.getLogger(__name__)
STORE_EVERY = 1.0  # seconds between two points of the curve that organisers watch


def start(event: Event, options: Options, actor: User) -> ScheduleRun:
    """Start a run in the present transaction: ``services.start_run``, and the job that does the work."""
    run = services.start_run(event, options, actor)
    run.job_id = jobs.enqueue(solve_run, run.id).id
    return run


@jobs.task(interrupted=services.interrupted)
def solve_run(run_id: int) -> None:
    """Solve one queued run and store its draft; a run in any other state is left alone."""
    from flask import current_app

    from matching.scheduling import Problem, Solution, solve, violations

    with transaction():
        run = db.session.get(ScheduleRun, run_id)
        if run is None or run.state != ScheduleState.QUEUED:
            return
        options = Options.from_dict(run.options)
        situation = queries.situation_of(run.event_id)
        problem: Problem = bridge.problem_of(situation, options)
        previous = bridge.published_plan(situation) if options.keep == Keep.FEW_CHANGES else None
        run.state, run.problem, run.fingerprint = ScheduleState.RUNNING, problem.to_dict(), problem.fingerprint
    curve = Curve(run_id, options.seconds)
    try:
        solution: Solution = solve(
            problem,
            seconds=options.seconds,
            workers=current_app.config["SETTINGS"].solver_workers,
            previous=previous,
            progress=curve.note,
            should_stop=curve.job.should_stop,
        )
        refuse_broken(run_id, violations(problem, solution))
    except Exception as error:
        with transaction():
            run = db.session.get_one(ScheduleRun, run_id)
            run.state, run.finished_at, run.error = ScheduleState.FAILED, now(), str(error)[:2000]
        raise
    _store(run_id, problem, solution, curve)


def refuse_broken(run_id: int, found: Sequence[object]) -> None:
    """Let no plan through in which the independent check finds a broken rule: that is a fault of ours."""
    if found:
        log.error("the solver broke rules in run %s: %s", run_id, found)
        raise RuntimeError("The solver returned a plan that breaks rules: " + "; ".join(map(str, found[:5])))


def _store(run_id: int, problem: object, solution: object, curve: "Curve") -> None:
    with transaction():
        run = db.session.get_one(ScheduleRun, run_id)
        if run.state != ScheduleState.RUNNING:  # marked as interrupted meanwhile, and perhaps started again
            return
        run.solution = solution.to_dict()  # type: ignore[attr-defined]
        run.trace = [*curve.points, *curve.last()]
        run.figures = figures.of_solution(problem, solution)
        run.finished_at, run.state = now(), ScheduleState.DRAFT
        for request_id, slot_id, place_id in bridge.placements_of(solution):  # type: ignore[arg-type]
            db.session.add(DraftMeeting(run_id=run_id, request_id=request_id, slot_id=slot_id, place_id=place_id))


class Curve:
    """Value and bound over time, stored about once a second while the solver runs."""

    def __init__(self, run_id: int, seconds: int) -> None:
        self.run_id, self.seconds = run_id, seconds
        self.job = jobs.current_job()
        self.points: list[list[object]] = []
        self._latest: list[object] | None = None
        self._stored_at = -STORE_EVERY

    def note(self, progress: object) -> None:
        """Take a message of the solver."""
        point = [round(progress.seconds, 2), progress.objective, progress.value, progress.bound]  # type: ignore[attr-defined]
        if self.points and self.points[-1][1:] == point[1:]:
            self._latest = point
            return
        self.points.append(point)
        self._latest = None
        if monotonic() - self._stored_at < STORE_EVERY:
            return
        self._stored_at = monotonic()
        with transaction():
            db.session.get_one(ScheduleRun, self.run_id).trace = list(self.points)
        self.job.report(min(99, round(100 * progress.seconds / self.seconds)))  # type: ignore[attr-defined]

    def last(self) -> list[list[object]]:
        """Return the newest point where it only repeats the one before, so that the curve reaches the end."""
        return [self._latest] if self._latest else []
