"""Runs and people for the tests of matching."""

from matchmaker.accounts.models import User
from matchmaker.db import db, transaction
from matchmaker.recommendations import runs
from matchmaker.recommendations.models import MatchRun, Recommendation
from tests import factories

ROBOTS, VISION = "Robot cells for welding of thin steel sheets", "Machine vision software for welding seams"


def fit_for_each_other(one, other):
    """Give two participants profiles that answer each other's needs."""
    with transaction():
        factories.make_profile(one, (ROBOTS,), (VISION,), {"cooperation": ("pilot_project",), "language": ("en",)})
        factories.make_profile(other, (VISION,), (ROBOTS,), {"cooperation": ("pilot_project",), "language": ("en",)})


def newcomer(event, name="", offers=("Training courses in laser safety",), needs=("Grants for exports",), **values):
    """A participant with a profile of its own."""
    with transaction():
        person = factories.make_participant(event, factories.make_user(name) if name else None)
        factories.make_profile(person, offers, needs, **values)
    return person


def run_for(event, actor: User | None = None) -> MatchRun:
    """Run the matching of an event to its end, as the organiser's button does."""
    with transaction():
        run = runs.start(event, actor)
        run_id = run.id
    return db.session.get_one(MatchRun, run_id, populate_existing=True)


def pairs_of(event) -> set[tuple[int, int]]:
    """Who is recommended to whom."""
    rows = db.session.execute(
        db.select(Recommendation.participant_id, Recommendation.other_id)
        .join(Recommendation.run)
        .where(MatchRun.event_id == event.id)
    )
    return {(participant, other) for participant, other in rows}
