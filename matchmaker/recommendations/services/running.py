"""Start and end matching runs, and store their results."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from matchmaker import audit
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event
from matchmaker.profiles import queries as profiles
from matchmaker.recommendations import queries
from matchmaker.recommendations.errors import RunInProgress
from matchmaker.recommendations.models import UNDER_WAY, MatchRun, Recommendation, RunState
from matchmaker.registrations.models import ACTIVE_STATES, Participant


def start_run(event: Event, actor: User | None) -> MatchRun:
    """Add a queued run; raises RunInProgress while another of the event is under way. ``runs.start`` hands it to a job.

    One that waits because something had changed is taken over.
    """
    # One starter at a time: the row of the event is the lock (SQLite has one writer anyway).
    event_queries.locked(event.id)
    busy = _under_way(event.id)
    if busy is not None and not busy.is_waiting:
        raise RunInProgress
    run = busy or MatchRun(event_id=event.id)
    run.started_by_id, run.is_automatic = actor.id if actor else None, False
    db.session.add(run)
    db.session.flush()
    audit.record(actor, "matching.started", f"event {event.slug}", event.id, {"run": run.id})
    return run


def want_rerun(event: Event) -> MatchRun | None:
    """Add a run that waits, because something changed that matters; ``runs.rerun`` hands it to a job.

    ``None`` where none is needed: one waits already, one works (another follows it), or this event has none by itself:
    it was never run, it is over or cancelled, or its organisers don't want it.
    """
    if event.ends_at <= now() or event.cancelled_at is not None or not queries.reruns_itself(event.id):
        return None
    busy = _under_way(event.id)
    if busy is not None and busy.state == RunState.RUNNING:
        working = update(MatchRun).where(MatchRun.id == busy.id, MatchRun.state == RunState.RUNNING)
        if db.session.execute(working.values(is_outdated=True)).rowcount:  # type: ignore[attr-defined]
            return None
    elif busy is not None or queries.newest_finished_run(event.id) is None:
        return None
    run = MatchRun(event_id=event.id, is_automatic=True)
    try:
        with db.session.begin_nested():
            db.session.add(run)
    except IntegrityError:  # another change was quicker
        return None
    return run


def choose_reruns(event: Event, actor: User, *, is_automatic: bool) -> None:
    """Let the matching of an event run by itself when profiles change, or not."""
    event_queries.locked(event.id)
    settings = queries.settings_of(event.id)
    if settings.is_automatic != is_automatic:
        audit.record(actor, "matching.reruns", f"event {event.slug}", event.id, {"automatic": is_automatic})
    settings.is_automatic = is_automatic
    db.session.add(settings)
    db.session.flush()


def begin(run_id: int) -> bool:
    """Mark a queued run as running; ``False`` when somebody else has it, or it has ended."""
    run = _locked(run_id)
    if run is None or run.state != RunState.QUEUED:
        return False
    run.state, run.created_at = RunState.RUNNING, now()
    return True


def finish(
    run_id: int, rows: Sequence[Mapping[str, Any]], figures: Mapping[str, Any], model: str, *, is_fallback: bool
) -> bool:
    """Replace all recommendations of the run's event by ``rows`` and end the run as done.

    ``rows`` are values of Recommendation without ``run_id``. Pairs with somebody who left meanwhile are dropped, and pairs that one side never wants to meet. A run
    that was given up meanwhile (see ``interrupt``) stores nothing. Returns whether something changed while it worked.
    """
    run = _locked(run_id)
    if run is None or run.state != RunState.RUNNING:
        return False
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
    return run.is_outdated


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


def _under_way(event_id: int) -> MatchRun | None:
    busy = db.select(MatchRun).where(MatchRun.event_id == event_id, MatchRun.state.in_(UNDER_WAY))
    return db.session.scalar(busy.order_by(MatchRun.id.desc()).limit(1).execution_options(populate_existing=True))


def _locked(run_id: int) -> MatchRun | None:
    query = db.select(MatchRun).where(MatchRun.id == run_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))
