"""Matching in the background: load, leave the transaction, compute, store. Safe to run twice.

The library is imported where it computes: a web process that only starts runs never loads it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
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
    from matching import Embedder, Policy, Ranking
    from matching.costs import Cost
    from matching.population import Population

PATIENCE = timedelta(seconds=30)  # before a run that nobody started, so that it takes several changes along


def _(text: str) -> str:
    """Mark a sentence that is stored as it is and translated where it is shown."""
    return text


# Where the bar stands at the end of each step, in percent, and what the step is called.
_STEPS = {"encoding": (5, 65, _("Reading the profiles")), "scoring": (65, 85, _("Comparing everybody with everybody"))}
_COUNTING, _STORING = 86, 95
UNTOLD = ("blocked", "forbidden")  # that somebody avoids somebody is nobody else's business
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
    from matching import CachedEmbedder
    from matching.population import Population
    from matching.recommending import rank

    started = perf_counter()
    job = jobs.current_job()
    event_id = db.session.get_one(MatchRun, run_id).event_id
    loaded, policy = bridge.load(event_id), bridge.policy_of(event_id)
    db.session.rollback()  # the transaction ends here
    job.report(1, _("Loading the language model"))
    engine, is_fallback = engine_of(job.app)
    table = bridge.EmbeddingTable()
    embedder = CachedEmbedder(engine, table)
    population = Population.build(loaded.profiles, embedder, _progress(job))
    ranking = rank(population, embedder.id, policy, _progress(job))
    rows = _rows(ranking)
    job.report(_COUNTING, _("Counting who is shown how often"))
    facts = _facts(rows, loaded, embedder, population, policy)
    facts |= {"embedded": table.added, "isolated": ranking.fairness.isolated}
    facts["seconds"] = round(perf_counter() - started, 1)
    job.report(_STORING, _("Storing the recommendations"))
    with transaction():
        is_outdated = services.finish(run_id, rows, facts, ranking.model, is_fallback=is_fallback)
        if is_outdated:
            rerun(db.session.get_one(MatchRun, run_id).event)


def _facts(
    rows: list[dict[str, Any]], loaded: bridge.Loaded, embedder: Embedder, population: Population, policy: Policy
) -> dict[str, Any]:
    from matching.calibration import calibration_for
    from matching.costs import costs_of

    owners = {int(profile.id): profile.organisation or f"person {profile.id}" for profile in loaded.profiles}
    chance = calibration_for(embedder.id).side.probability
    sentences = figures.answered(loaded.contents, owners, embedder.encode, chance)
    costs = costs_of(population, embedder.id, policy, leave_out=UNTOLD)
    return {
        **figures.coverage(rows, loaded.contents),
        **figures.unanswered(sentences),
        "picture": figures.picture(sentences, embedder.encode),
        "little": figures.little(rows, costs.reach),
        "costs": {"now": asdict(costs.now), "measures": [_flat(cost) for cost in costs.measures]},
        "gini": round(costs.now.gini, 3),
        "hidden": loaded.hidden,
        "empty": loaded.empty,
        "policy": policy.to_dict(),
    }


def _flat(cost: Cost) -> dict[str, Any]:
    return {"measure": cost.measure, "pairs": cost.pairs, **asdict(cost.without)}


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
