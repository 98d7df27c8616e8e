"""What participants said about others reaches the matching, and moves their own lists only."""

from matchmaker.db import db, transaction
from matchmaker.meetings.models import Rating
from matchmaker.recommendations import bridge, queries, services
from matchmaker.recommendations.models import FeedbackKind, Recommendation
from tests import factories
from tests.recommendations.support import newcomer, run_for


def said(cast):
    return queries.opinions_of_event(cast.event.id)


def test_asking_says_little_and_answering_says_more(cast):
    with transaction():
        factories.make_request(cast.ana, cast.ben, state="declined")
    assert said(cast) == {(cast.ana.id, cast.ben.id): 0.5, (cast.ben.id, cast.ana.id): -0.75}

    with transaction():
        factories.make_request(cast.ben, cast.ana, state="accepted")
    assert said(cast)[cast.ana.id, cast.ben.id] == 0.75


def test_not_relevant_counts_and_later_does_not(cast):
    with transaction():
        services.set_aside(cast.ana, cast.ben, FeedbackKind.NOT_RELEVANT)
        services.set_aside(cast.ben, cast.ana, FeedbackKind.LATER)

    assert said(cast) == {(cast.ana.id, cast.ben.id): -1.0}


def test_a_rating_after_the_meeting_is_the_last_word(cast):
    with transaction():
        request = factories.make_request(cast.ana, cast.ben, state="accepted")
        meeting = factories.make_meeting(request, factories.make_slots(cast.event)[0])
        for person, stars in ((cast.ana, 1), (cast.ben, 5)):
            db.session.add(Rating(meeting_id=meeting.id, participant_id=person.id, stars=stars))

    assert said(cast) == {(cast.ana.id, cast.ben.id): -1.0, (cast.ben.id, cast.ana.id): 1.0}
    assert {(each.by, each.value) for each in bridge.opinions_of(cast.event.id)} == {
        (str(cast.ana.id), -1.0), (str(cast.ben.id), 1.0),
    }  # fmt: skip


def test_what_is_said_at_another_event_does_not_count(cast):
    with transaction():
        factories.make_request(cast.carl, factories.make_participant(cast.other_event))

    assert said(cast) == {}


def test_whoever_sets_somebody_aside_is_shown_less_of_the_kind(cast):
    need = ("Grinding of steel shafts", "Coating of steel shafts")
    with transaction():
        factories.make_profile(cast.ana, ("Steel shafts",), need)
    grinders = [
        newcomer(cast.event, "", (f"Grinding of steel shafts in place {n}",), ("Steel shafts",)) for n in range(2)
    ]
    coaters = [
        newcomer(cast.event, "", (f"Coating of steel shafts in place {n}",), ("Steel shafts",)) for n in range(2)
    ]

    def order():
        run_for(cast.event, cast.olga)
        mine = db.select(Recommendation.other_id).where(Recommendation.participant_id == cast.ana.id)
        return list(db.session.scalars(mine.order_by(Recommendation.rank)))

    def places(people):
        return sum(order().index(person.id) for person in people)

    first = order()[0]
    group, others = (grinders, coaters) if first in {p.id for p in grinders} else (coaters, grinders)
    before = places(group) - places(others)
    with transaction():
        services.set_aside(cast.ana, next(p for p in group if p.id == first), FeedbackKind.NOT_RELEVANT)

    assert places(group) - places(others) > max(before, 0)
