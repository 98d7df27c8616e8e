"""Matching in the background: load, leave the transaction, compute, store. Safe to run twice.

The library is imported where it computes: a web process that only starts runs never loads it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Any

from matching.errors import MatchingError
from matchmaker import jobs
from matchmaker.accounts.models import User
from matchmaker.db import db, transaction
from matchmaker.events.models import Event
from matchmaker.recommendations import bridge, figures, services
from matchmaker.recommendations.engines import engine_of
from matchmaker.recommendations.models import MatchRun

if TYPE_CHECKING:
    from matching import Ranking

PATIENCE = timedelta(seconds=30)  # before a run that nobody started, so that it takes several changes along


def _(text: str) -> str:
    """Mark a sentence that is stored as it is and translated where it is shown."""
    return text


# Where the bar stands at the end of each step, in percent, and what the step is called.
_STEPS = {"encoding": (5, 65, _("Reading the profiles")), "scoring": (65, 85, _("Comparing everybody with everybody"))}
_STORING = 90
_UNEXPECTED = _("The run failed because of an error. It is written to the log of the server.")


def start(event: Event, actor: User | None) -> MatchRun:
    """Start a run in the present transaction: ``services.start_run``, and the job that does the work."""
    run = services.start_run(event, actor)
    run.job_id = jobs.enqueue(match_run, run.id).id
    return run


def rerun(event: Event) -> None:
    """Run the matching of an event again in a while, in the present transaction; changes until then are taken along."""
    run = services.want_rerun(event)
    if run is not None:
        run.job_id = jobs.enqueue(match_run, run.id, delay=PATIENCE).id


def mark_interrupted(run_id: int) -> None:
    """Note that the worker of a run was cut off; the organiser may start another."""
    with transaction():
        services.interrupt(run_id)


@jobs.task(interrupted=mark_interrupted)
def match_run(run_id: int) -> None:
    """Compute all recommendations of the run's event and replace those before; no transaction is open meanwhile."""
    with transaction():
        is_ours = services.begin(run_id)
    if not is_ours:
        return
    try:
        _match(run_id)
    except Exception as error:  # whatever it is, the run must not stay "running"
        db.session.rollback()
        with transaction():
            services.fail(run_id, str(error) if isinstance(error, MatchingError) else _UNEXPECTED)
        raise


def _match(run_id: int) -> None:
    from matching import CachedEmbedder, recommend
    from matching.calibration import calibration_for

    started = perf_counter()
    job = jobs.current_job()
    event_id = db.session.get_one(MatchRun, run_id).event_id
    loaded, policy = bridge.load(event_id), bridge.policy_of(event_id)
    db.session.rollback()  # the transaction ends here
    job.report(1, _("Loading the language model"))
    engine, is_fallback = engine_of(job.app)
    table = bridge.EmbeddingTable()
    embedder = CachedEmbedder(engine, table)
    ranking = recommend(loaded.profiles, embedder, policy, _progress(job))
    job.report(_STORING, _("Storing the recommendations"))
    rows = _rows(ranking)
    facts = figures.coverage(rows, loaded.contents)
    owners = {int(profile.id): profile.organisation or f"person {profile.id}" for profile in loaded.profiles}
    chance = calibration_for(ranking.model).side.probability
    facts |= figures.unanswered(loaded.contents, owners, embedder.encode, chance)
    facts |= {"hidden": loaded.hidden, "empty": loaded.empty, "embedded": table.added}
    facts |= {"gini": round(ranking.fairness.gini, 3), "isolated": ranking.fairness.isolated}
    facts["policy"] = policy.to_dict()
    facts["seconds"] = round(perf_counter() - started, 1)
    with transaction():
        is_outdated = services.finish(run_id, rows, facts, ranking.model, is_fallback=is_fallback)
        if is_outdated:
            rerun(db.session.get_one(MatchRun, run_id).event)


def _rows(ranking: Ranking) -> list[dict[str, Any]]:
    return [
        bridge.as_row(participant_id, rank, match)
        for participant_id in ranking.matches
        for rank, match in enumerate(ranking.matches[participant_id], start=1)
    ]


def _progress(job: jobs.JobHandle) -> Callable[[int, int, str], None]:
    last = -1

    def report(done: int, total: int, label: str) -> None:
        nonlocal last
        low, high, text = _STEPS[label]
        percent = low + (high - low) * done // max(total, 1)
        if percent > last:  # each report is a transaction: not more of them than the bar can show
            last = percent
            job.report(percent, text)

    return report
