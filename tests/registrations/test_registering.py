from datetime import timedelta

import pytest

from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.errors import Conflict, Invalid
from matchmaker.profiles.models import Profile
from matchmaker.registrations import services
from matchmaker.registrations.errors import (
    AddressNotConfirmed,
    AlreadyRegistered,
    NotInvited,
    RegistrationClosed,
    WrongState,
)
from matchmaker.registrations.models import Invitation, Participant
from matchmaker.registrations.signals import participant_left
from tests import factories
from tests.conftest import NOW
from tests.registrations.support import cancel, decide, mails, register, set_event, states


@pytest.fixture
def dora(cast):
    with transaction():
        return factories.make_user("Dora Dahl")


@pytest.fixture
def emil(cast):
    with transaction():
        return factories.make_user("Emil Ek")


def test_registration_is_confirmed_at_once_when_it_is_open(cast, dora):
    participant = register(cast.event, dora)

    assert participant.state == "confirmed"
    assert mails() == [(dora.email, "You are registered: Fair")]
    assert db.session.scalar(db.select(Profile.participant_id).where(Profile.participant_id == participant.id))


def test_registration_waits_for_a_decision_when_approval_is_needed(cast, dora):
    set_event(cast.event, registration="approval")

    participant = register(cast.event, dora, note="Vegetarian")

    assert (participant.state, participant.note) == ("pending", "Vegetarian")
    assert mails() == [(dora.email, "Registration received: Fair")]


def test_only_invited_people_register_when_it_is_by_invitation(cast, dora, emil):
    set_event(cast.event, registration="invitation", visibility="closed")
    with transaction():
        factories.stored(Invitation(event_id=cast.event.id, email=dora.email))

    register(cast.event, dora)

    assert states(cast.event)["Dora"] == "confirmed"
    assert db.session.scalar(db.select(Invitation.accepted_at)) == NOW
    with pytest.raises(NotInvited, match=emil.email):
        register(cast.event, emil)


def test_invited_people_need_no_approval(cast, dora):
    set_event(cast.event, registration="approval")
    with transaction():
        factories.stored(Invitation(event_id=cast.event.id, email=dora.email))

    assert register(cast.event, dora).state == "confirmed"


def test_nobody_registers_twice(cast):
    with pytest.raises(AlreadyRegistered):
        register(cast.event, cast.ana.user)


def test_nobody_registers_with_an_address_that_is_not_confirmed(cast):
    with transaction():
        user = factories.make_user(confirmed_at=None)

    with pytest.raises(AddressNotConfirmed):
        register(cast.event, user)


@pytest.mark.parametrize(
    "values",
    [
        {"registration_closes_at": NOW - timedelta(minutes=1)},
        {"cancelled_at": NOW},
        {"published_at": None},
        {"starts_at": NOW - timedelta(days=2), "ends_at": NOW - timedelta(days=1)},
    ],
)
def test_registration_is_refused_when_it_is_closed(cast, dora, values):
    set_event(cast.event, **values)

    with pytest.raises(RegistrationClosed):
        register(cast.event, dora)


def test_people_take_part_only_for_organisations_that_let_them_in(cast, dora):
    with transaction():
        mine, pending, other = (factories.make_organisation() for _ in range(3))
        factories.make_membership(dora, mine)
        factories.make_membership(dora, pending, state="pending")

    for organisation in (pending, other):
        with pytest.raises(Invalid):
            register(cast.event, dora, organisation_id=organisation.id)
    assert register(cast.event, dora, organisation_id=mine.id).organisation_id == mine.id


@pytest.mark.parametrize(("event_mode", "asked", "kept"), [("hybrid", "on_site", "on_site"), ("online", "on_site", "online"),
                                                           ("on_site", "online", "on_site")])  # fmt: skip
def test_people_choose_how_they_take_part_at_hybrid_events_only(cast, dora, event_mode, asked, kept):
    set_event(cast.event, mode=event_mode)

    assert register(cast.event, dora, mode=asked).mode == kept


def test_people_wait_in_order_when_the_event_is_full(cast, dora, emil):
    set_event(cast.event, capacity=2)

    first, second = register(cast.event, dora), register(cast.event, emil)

    assert states(cast.event) == {"Ana": "confirmed", "Ben": "confirmed", "Dora": "waiting", "Emil": "waiting"}
    assert services.registering.queries.waiting_places([second, first]) == {first.id: 1, second.id: 2}
    assert mails() == [(dora.email, "Waiting list: Fair"), (emil.email, "Waiting list: Fair")]


def test_whoever_waits_longest_gets_the_place_of_somebody_who_cancels(cast, dora, emil):
    set_event(cast.event, capacity=2)
    register(cast.event, dora)
    register(cast.event, emil)

    cancel(cast.ana)

    assert states(cast.event) == {"Ana": "cancelled", "Ben": "confirmed", "Dora": "confirmed", "Emil": "waiting"}
    assert (dora.email, "You have a place: Fair") in mails()
    assert (cast.ana.user.email, "Registration cancelled: Fair") in mails()


def test_cancelling_tells_the_other_capabilities_in_the_same_transaction(cast):
    heard = []

    def listen(participant, **_):
        heard.append((participant.id, participant.state))

    participant_left.connect(listen)
    cancel(cast.ana)
    participant_left.disconnect(listen)

    assert heard == [(cast.ana.id, "cancelled")]


def test_cancelling_while_waiting_frees_nothing(cast, dora, emil):
    set_event(cast.event, capacity=2)
    waiting = register(cast.event, dora)
    register(cast.event, emil)

    cancel(waiting)

    assert states(cast.event) == {"Ana": "confirmed", "Ben": "confirmed", "Dora": "cancelled", "Emil": "waiting"}


def test_whoever_cancelled_registers_again_at_the_end_of_the_list(cast, dora):
    set_event(cast.event, capacity=2)
    register(cast.event, dora)
    cancel(cast.ana)
    clock.freeze(NOW + timedelta(hours=1))

    again = register(cast.event, cast.ana.user)

    assert (again.id, again.state, again.registered_at) == (cast.ana.id, "waiting", NOW + timedelta(hours=1))
    assert db.session.scalar(db.select(db.func.count()).select_from(Participant)) == 4


def test_nobody_cancels_twice_or_after_the_end_or_when_checked_in(cast):
    decide(cast.event, cast.ben, "check_in", cast.olga)
    with pytest.raises(WrongState):
        cancel(cast.ben)
    set_event(cast.event, starts_at=NOW - timedelta(days=2), ends_at=NOW - timedelta(days=1))
    with pytest.raises(Conflict):
        cancel(cast.ana)
    set_event(cast.event, ends_at=NOW + timedelta(days=1))
    cancel(cast.ana)
    with pytest.raises(WrongState):
        cancel(cast.ana)


def test_a_registration_is_changed_while_it_lives(cast):
    set_event(cast.event, mode="hybrid")
    with transaction():
        services.change(cast.ana.id, services.RegistrationValues(None, "on_site", "Late"), cast.ana.user)
    assert (cast.ana.organisation_id, cast.ana.mode, cast.ana.note) == (None, "on_site", "Late")

    cancel(cast.ana)
    with pytest.raises(WrongState), transaction():
        services.change(cast.ana.id, services.RegistrationValues(), cast.ana.user)


def test_somebody_elses_registration_is_never_touched(cast):
    with pytest.raises(AssertionError), transaction():
        services.cancel(cast.ana.id, cast.ben.user)
