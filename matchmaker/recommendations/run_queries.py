"""Reading matching runs for organisers: history, progress, results and the list of all recommendations."""

from typing import Any, NamedTuple

from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.profiles import queries as profiles
from matchmaker.profiles.models import Profile, Side
from matchmaker.recommendations.models import MatchRun, Recommendation
from matchmaker.recommendations.queries import settings_of
from matchmaker.recommendations.rules import Rules
from matchmaker.registrations.models import Participant


class Lonely(NamedTuple):
    """A need that nobody's offer answers, or an offer that nobody needs; ``chance`` that the best counterpart is one."""

    person: Participant
    text: str
    chance: float


class Progress(NamedTuple):
    """How far a run is, in percent, and what it is doing."""

    percent: int
    label: str


def runs_of(event_id: int, limit: int = 20) -> list[MatchRun]:
    """Return the runs of an event, newest first."""
    query = db.select(MatchRun).where(MatchRun.event_id == event_id).options(joinedload(MatchRun.started_by))
    return list(db.session.scalars(query.order_by(MatchRun.id.desc()).limit(limit)))


def run_of(event_id: int, run_id: int) -> MatchRun | None:
    """Return a run of the event."""
    return db.session.scalar(db.select(MatchRun).where(MatchRun.event_id == event_id, MatchRun.id == run_id))


def has_new_rules(run: MatchRun) -> bool:
    """Whether the rules of the event are others than those that a run followed."""
    followed = run.figures.get("policy", {})
    return Rules.of(settings_of(run.event_id).policy) != Rules.of(followed)


def costs_of(run: MatchRun) -> dict[str, Any] | None:
    """Return what each rule of a run costs, as it was stored; each row says whether it ``matters`` for what is shown."""
    costs = run.figures.get("costs")
    if costs is None:
        return None
    now = costs["now"]
    rows = [
        row | {"matters": bool(row["pairs"]) or any(row[key] != now[key] for key in now)} for row in costs["measures"]
    ]
    return {"now": now, "measures": rows}


def progress_of(run: MatchRun) -> Progress:
    """Return how far the job of a run has come."""
    job = jobs.job_of(run.job_id)
    return Progress(job.progress, job.label) if job else Progress(0, "")


def lonely(run: MatchRun, side: Side) -> list[Lonely]:
    """Return the unanswered needs (or offers) of a run as far as they still stand as they stood then."""
    entries = run.figures.get(f"lonely_{side}s_list", [])
    ids = {participant_id for participant_id, _position, _chance in entries}
    unchanged = profiles.participants_with_profile(run.event_id).where(
        Participant.id.in_(ids), Profile.texts_changed_at <= run.created_at
    )
    people = {person.id: person for person in db.session.scalars(unchanged)}
    contents = profiles.contents(people)
    found = []
    for participant_id, position, chance in entries:
        if participant_id in people:
            content = contents[participant_id]
            texts = content.needs if side == Side.NEED else content.offers
            found.append(Lonely(people[participant_id], texts[position], chance))
    return found


def all_recommendations(event_id: int, band: str = "") -> Select[Recommendation]:
    """Select the recommendations of an event by participant and rank, with everybody in them at hand."""
    of_event = db.select(MatchRun.id).where(MatchRun.event_id == event_id)
    ends: list[Any] = [Recommendation.participant, Recommendation.other]
    loads = [joinedload(end).joinedload(part) for end in ends for part in (Participant.user, Participant.organisation)]
    query = db.select(Recommendation).where(Recommendation.run_id.in_(of_event)).options(*loads)
    if band:
        query = query.where(Recommendation.band == band)
    return query.order_by(Recommendation.participant_id, Recommendation.rank)
