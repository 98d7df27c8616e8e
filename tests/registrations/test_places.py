"""Whatever people and organisers do, in whatever order: never more confirmed than places, no free place while people wait."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.events.models import Event
from matchmaker.events.signals import event_changed
from matchmaker.registrations import services
from matchmaker.registrations.models import Participant
from tests import factories

PEOPLE = 6
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["register", "cancel", "approve", "decline", "wait", "check_in", "undo_check_in", "capacity"]),
        st.integers(0, PEOPLE - 1),
    ),
    min_size=1,
    max_size=25,
)


def _do(event_id, step, who, users, olga):
    participant = db.session.scalar(
        db.select(Participant).where(Participant.event_id == event_id, Participant.user_id == users[who])
    )
    by = db.session.get_one(type(olga), users[who])
    if step == "register":
        services.register(event_id, services.RegistrationValues(), by)
    elif step == "capacity":
        event = db.session.get_one(Event, event_id)
        before, event.capacity = event.capacity, who + 1
        event_changed.send(event, changes={"capacity": (before, who + 1)}, kept="moment")
    elif participant is None:
        return
    elif step == "cancel":
        services.cancel(participant.id, by)
    else:
        services.decide(event_id, participant.id, step, olga)


@pytest.mark.parametrize("rule", ["open", "approval"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, capacity=st.integers(1, 3))
def test_places_are_never_given_twice(cast, rule, steps, capacity):
    with transaction():
        event_id = factories.make_event(capacity=capacity, registration=rule).id
        users = [factories.make_user().id for _ in range(PEOPLE)]

    for step, who in steps:
        try:
            with transaction():
                _do(event_id, step, who, users, cast.olga)
        except DomainError:
            pass
        states = list(db.session.scalars(db.select(Participant.state).where(Participant.event_id == event_id)))
        active = sum(state in ("confirmed", "attended") for state in states)
        assert active <= db.session.get_one(Event, event_id).capacity


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["register", "cancel"]), st.integers(0, PEOPLE - 1)), max_size=25))
def test_nobody_waits_while_a_place_is_free(cast, steps):
    with transaction():
        event_id = factories.make_event(capacity=2).id
        users = [factories.make_user().id for _ in range(PEOPLE)]

    for step, who in steps:
        try:
            with transaction():
                _do(event_id, step, who, users, cast.olga)
        except DomainError:
            pass
        states = list(db.session.scalars(db.select(Participant.state).where(Participant.event_id == event_id)))
        assert states.count("waiting") == 0 or states.count("confirmed") == 2
