"""Start and end matching runs, and store their results."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert

from matchmaker import audit
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event
from matchmaker.profiles import queries as profiles
from matchmaker.recommendations.errors import RunInProgress
from matchmaker.recommendations.models import UNDER_WAY, MatchRun, Recommendation, RunState
from matchmaker.registrations.models import ACTIVE_STATES, Participant


def start_run(event: Event, actor: User | None) -> MatchRun:
    """Add a queued run; raises RunInProgress while another of the event is under way. ``runs.start`` hands it to a job."""
    # One starter at a time: the row of the event is the lock (SQLite has one writer anyway).
    event_queries.locked(event.id)
    busy = db.select(MatchRun.id).where(MatchRun.event_id == event.id, MatchRun.state.in_(UNDER_WAY))
    if db.session.scalar(busy.limit(1)) is not None:
        raise RunInProgress
    run = MatchRun(event_id=event.id, started_by_id=actor.id if actor else None)
    db.session.add(run)
    db.session.flush()
    audit.record(actor, "matching.started", f"event {event.slug}", event.id, {"run": run.id})
    return run


def begin(run_id: int) -> bool:
    """Mark a queued run as running; ``False`` when somebody else has it, or it has ended."""
    run = _locked(run_id)
    if run is None or run.state != RunState.QUEUED:
        return False
    run.state = RunState.RUNNING
    return True


def finish(
    run_id: int, rows: Sequence[Mapping[str, Any]], figures: Mapping[str, Any], model: str, *, is_fallback: bool
) -> None:
    """Replace all recommendations of the run's event by ``rows`` and end the run as done.

    ``rows`` are values of Recommendation without ``run_id``. Pairs with somebody who left meanwhile are dropped, and pairs that one side never wants to meet. A run
    that was given up meanwhile (see ``interrupt``) stores nothing.
    """
    run = _locked(run_id)
    if run is None or run.state != RunState.RUNNING:
        return
    active = db.select(Participant.id).where(Participant.event_id == run.event_id, Participant.state.in_(ACTIVE_STATES))
    here = set(db.session.scalars(active))
    apart = {(one, other) for one, others in profiles.kept_apart(run.event_id).items() for other in others}
    kept = [
        {**row, "run_id": run.id} for row in rows if _may_be_shown(row["participant_id"], row["other_id"], here, apart)
    ]
    of_event = db.select(MatchRun.id).where(MatchRun.event_id == run.event_id)
    db.session.execute(delete(Recommendation).where(Recommendation.run_id.in_(of_event)))
    if kept:
        db.session.execute(insert(Recommendation), kept)
    run.state, run.finished_at = RunState.DONE, now()
    run.model, run.is_fallback, run.figures, run.error = model, is_fallback, dict(figures), ""


def _may_be_shown(one: int, other: int, here: set[int], apart: set[tuple[int, int]]) -> bool:
    return one in here and other in here and (one, other) not in apart and (other, one) not in apart


def fail(run_id: int, message: str) -> None:
    """End a run as failed, with a sentence for the organiser; the recommendations of the run before stay."""
    _end(run_id, RunState.FAILED, message)


def interrupt(run_id: int) -> None:
    """End a run whose worker was cut off; a run that has ended otherwise keeps its state."""
    _end(run_id, RunState.INTERRUPTED, "")


def _end(run_id: int, state: RunState, message: str) -> None:
    run = _locked(run_id)
    if run is not None and run.is_under_way:
        run.state, run.error, run.finished_at = state, message, now()


def _locked(run_id: int) -> MatchRun | None:
    query = db.select(MatchRun).where(MatchRun.id == run_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))
