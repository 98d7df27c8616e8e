"""Signing up for sessions: who gets a place, and that the last one is given once."""

import threading

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert

from matchmaker.agenda import queries, services
from matchmaker.agenda.errors import NotOpenForSignUp, SessionFull
from matchmaker.agenda.models import AgendaSession, SessionSignUp
from matchmaker.agenda.signals import sign_up_changed
from matchmaker.app import create_app
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.meetings.errors import SlotTaken
from matchmaker.registrations.models import Participant
from matchmaker.registrations.signals import participant_left
from matchmaker.schema import metadata
from tests import factories
from tests.agenda.conftest import at, given
from tests.conftest import NOW


@pytest.fixture
def workshop(add, publish):
    """A published session with two places."""
    session = add("Workshop", at(14), has_sign_up=True, capacity=2)
    publish()
    return session


def sign_up(session, participant):
    with transaction():
        return services.sign_up(session, participant)


def leave(session, participant):
    with transaction():
        services.leave(session, participant)


def places(session):
    return {row.participant.user.first_name: row.place for row in queries.sign_ups_of(session.id)}


def test_places_are_given_one_after_the_other_and_given_back(cast, workshop):
    sign_up(workshop, cast.ana)
    sign_up(workshop, cast.ben)
    leave(workshop, cast.ana)
    with transaction():
        dora = factories.make_participant(cast.event, factories.make_user("Dora"))
    sign_up(workshop, dora)

    assert places(workshop) == {"Ben": 2, "Dora": 1}
    assert queries.sign_up_counts(cast.event.id) == {workshop.id: 2}
    assert queries.sessions_signed_up(dora.id) == {workshop.id}


def test_signing_up_twice_takes_one_place(cast, workshop):
    assert sign_up(workshop, cast.ana) is sign_up(workshop, cast.ana)
    assert places(workshop) == {"Ana": 1}


def test_leaving_without_place_changes_nothing(cast, workshop):
    leave(workshop, cast.ana)

    assert places(workshop) == {}


def test_a_full_session_refuses(cast, workshop):
    sign_up(workshop, cast.ana)
    sign_up(workshop, cast.ben)
    with transaction():
        dora = factories.make_participant(cast.event)

    with pytest.raises(SessionFull) as caught:
        sign_up(workshop, dora)

    assert caught.value.message == "Every place of “Workshop” is taken."


def test_without_limit_everybody_gets_in(cast, add, publish):
    session = add(has_sign_up=True)
    publish()
    sign_up(session, cast.ana)
    sign_up(session, cast.ben)

    assert places(session) == {"Ana": 1, "Ben": 2}


def test_a_session_without_sign_up_refuses(cast, add, publish):
    session = add()
    publish()

    with pytest.raises(NotOpenForSignUp):
        sign_up(session, cast.ana)


def test_a_session_that_has_begun_refuses(cast, workshop):
    clock.freeze(at(14))

    with pytest.raises(NotOpenForSignUp):
        sign_up(workshop, cast.ana)


def test_a_session_of_the_draft_refuses(cast, add, publish):
    publish()
    session = add(has_sign_up=True)

    with pytest.raises(NotOpenForSignUp):
        sign_up(session, cast.ana)


def test_sign_up_that_the_draft_opened_or_closed_waits_for_publication(cast, add, publish):
    session = add()
    publish()
    with transaction():
        services.change_session(session, given(has_sign_up=True), cast.olga)

    with pytest.raises(NotOpenForSignUp):
        sign_up(session, cast.ana)


def test_signing_up_and_leaving_are_announced_once_each(cast, workshop):
    heard = []

    def listen(session, participant):
        heard.append((session.title, participant.user.first_name, len(places(session))))

    with sign_up_changed.connected_to(listen):
        sign_up(workshop, cast.ana)
        sign_up(workshop, cast.ana)
        leave(workshop, cast.ana)
        leave(workshop, cast.ana)

    assert heard == [("Workshop", "Ana", 1), ("Workshop", "Ana", 0)]


def test_a_meeting_in_the_way_refuses_and_nothing_is_kept(cast, workshop):
    with transaction():
        slots = factories.make_slots(cast.event, 6, 60)  # 09:00 to 15:00 in Brussels
        factories.make_meeting(factories.make_request(cast.ana, cast.ben), slots[5])

    with pytest.raises(SlotTaken):
        sign_up(workshop, cast.ana)

    assert places(workshop) == {}


def test_whoever_leaves_the_event_gives_places_back_of_what_is_to_come(cast, add, publish, workshop):
    early = add("Early", at(9), has_sign_up=True)
    publish()
    for session in (early, workshop):
        sign_up(session, cast.ana)
    clock.freeze(at(10))
    with transaction():
        participant_left.send(cast.ana)

    assert (places(early), places(workshop)) == ({"Ana": 1}, {})


def _competitor(rounds):
    """Take the place that is about to be taken, as often as ``rounds`` says; the savepoint takes it back."""

    def be_quicker(_mapper, connection, row):
        if rounds:
            rounds.pop()
            values = {
                "agenda_session_id": row.agenda_session_id,
                "participant_id": row.participant_id,
                "place": row.place,
            }
            connection.execute(insert(SessionSignUp.__table__).values(**values, signed_up_at=NOW))

    return be_quicker


@pytest.mark.parametrize(("lost", "succeeds"), [(1, True), (4, True), (5, False)])
def test_a_lost_place_is_tried_again_a_few_times(cast, workshop, lost, succeeds):
    be_quicker = _competitor(list(range(lost)))
    sqlalchemy_event.listen(SessionSignUp, "before_insert", be_quicker)
    try:
        if succeeds:
            sign_up(workshop, cast.ana)
        else:
            with pytest.raises(SessionFull, match="Somebody else was quicker"):
                sign_up(workshop, cast.ana)
    finally:
        sqlalchemy_event.remove(SessionSignUp, "before_insert", be_quicker)

    assert places(workshop) == ({"Ana": 1} if succeeds else {})


def test_the_last_place_goes_to_one_of_many_who_want_it_at_once(instance_folder, frozen_clock):
    app = create_app(instance_dir=str(instance_folder), jobs="inline", mail="memory", rate_limits=False)
    people, outcomes = 8, []
    with app.app_context():
        metadata.create_all(db.engine)
        with transaction():
            event, olga = factories.make_event(), factories.make_user()
            session = services.add_session(event, given(has_sign_up=True, capacity=1), olga)
            services.publish(event, "", olga)
            ids = [factories.make_participant(event).id for _ in range(people)]
        session_id = session.id
        db.session.remove()
    start = threading.Barrier(people)

    def hurry(participant_id):
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    wanted = db.session.get_one(AgendaSession, session_id)
                    services.sign_up(wanted, db.session.get_one(Participant, participant_id))
                outcomes.append("in")
            except SessionFull:
                outcomes.append("full")
            finally:
                db.session.remove()
                db.engine.dispose()

    threads = [threading.Thread(target=hurry, args=(participant_id,)) for participant_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        assert sorted(outcomes) == ["full"] * (people - 1) + ["in"]
        assert db.session.query(SessionSignUp).count() == 1
        db.session.remove()
        db.engine.dispose()
