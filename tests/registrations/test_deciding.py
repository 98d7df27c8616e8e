from datetime import timedelta

import pytest

from matchmaker.audit import AuditEntry
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.errors import Invalid, NotFound
from matchmaker.registrations import services
from matchmaker.registrations.errors import EventFull, WrongState
from tests import factories
from tests.conftest import NOW
from tests.registrations.support import decide, mails, set_event, states


@pytest.fixture
def dora(cast):
    with transaction():
        return factories.make_participant(cast.event, factories.make_user("Dora Dahl"), state="pending")


def test_approving_confirms_and_tells(cast, dora):
    decide(cast.event, dora, "approve", cast.olga)

    assert (dora.state, dora.decided_at) == ("confirmed", NOW)
    assert mails() == [(dora.user.email, "You are in: Fair")]


def test_approving_at_a_full_event_puts_on_the_waiting_list(cast, dora):
    set_event(cast.event, capacity=2)

    decide(cast.event, dora, "approve", cast.olga)

    assert dora.state == "waiting"
    with pytest.raises(EventFull):
        decide(cast.event, dora, "approve", cast.olga)


def test_declining_frees_the_place_and_gives_the_reason(cast, dora):
    set_event(cast.event, capacity=2)
    decide(cast.event, dora, "wait", cast.olga)

    decide(cast.event, cast.ana, "decline", cast.olga, "Not this time")

    assert states(cast.event) == {"Ana": "declined", "Ben": "confirmed", "Dora": "confirmed"}
    assert cast.ana.decision_reason == "Not this time"
    assert (dora.user.email, "You have a place: Fair") in mails()


def test_declined_people_can_be_approved_after_all(cast, dora):
    decide(cast.event, dora, "decline", cast.olga, "Mistake")

    decide(cast.event, dora, "approve", cast.olga)

    assert (dora.state, dora.decision_reason) == ("confirmed", "")


def test_a_confirmed_participant_moves_behind_everybody_who_waits(cast, dora):
    set_event(cast.event, capacity=2)
    decide(cast.event, dora, "wait", cast.olga)
    clock.freeze(NOW + timedelta(hours=1))

    decide(cast.event, cast.ana, "wait", cast.olga)

    assert states(cast.event) == {"Ana": "waiting", "Ben": "confirmed", "Dora": "confirmed"}
    assert cast.ana.registered_at == NOW + timedelta(hours=1)


def test_somebody_moved_to_an_empty_waiting_list_stays_there(cast):
    set_event(cast.event, capacity=2)

    decide(cast.event, cast.ana, "wait", cast.olga)

    assert states(cast.event) == {"Ana": "waiting", "Ben": "confirmed"}


def test_checking_in_marks_attended_and_can_be_undone(cast):
    decide(cast.event, cast.ana, "check_in", cast.olga)
    assert (cast.ana.state, cast.ana.checked_in_at) == ("attended", NOW)

    decide(cast.event, cast.ana, "undo_check_in", cast.olga)
    assert (cast.ana.state, cast.ana.checked_in_at) == ("confirmed", None)


@pytest.mark.parametrize("action", ["approve", "undo_check_in"])
def test_what_does_not_fit_the_state_is_refused(cast, action):
    with pytest.raises(WrongState):
        decide(cast.event, cast.ana, action, cast.olga)


def test_a_long_reason_is_refused(cast):
    with pytest.raises(Invalid):
        decide(cast.event, cast.ana, "decline", cast.olga, "x" * 501)


def test_participants_of_other_events_are_not_found(cast):
    with pytest.raises(NotFound):
        decide(cast.event, cast.carl, "decline", cast.olga)


def test_bulk_decisions_name_those_left_out_and_ignore_other_events(cast, dora):
    with transaction():
        result = services.decide_many(cast.event.id, [dora.id, cast.ana.id, cast.carl.id], "approve", cast.olga)

    assert (result.done, [name for name, _why in result.refused]) == (1, ["Ana Alvarez"])
    assert cast.carl.state == "confirmed"


def test_nobody_is_promoted_who_is_declined_in_the_same_act(cast, dora):
    set_event(cast.event, capacity=2)
    decide(cast.event, dora, "wait", cast.olga)

    with transaction():
        services.decide_many(cast.event.id, [cast.ana.id, dora.id], "decline", cast.olga)

    assert states(cast.event) == {"Ana": "declined", "Ben": "confirmed", "Dora": "declined"}
    assert (dora.user.email, "You have a place: Fair") not in mails()


def test_every_decision_is_in_the_audit_trail(cast, dora):
    decide(cast.event, dora, "decline", cast.olga, "Too late")

    entry = db.session.scalar(db.select(AuditEntry))
    assert (entry.action, entry.subject, entry.actor_id) == (
        "participant.decline",
        f"participant {dora.id}",
        cast.olga.id,
    )
    assert entry.changes == {"state": ["pending", "declined"], "reason": "Too late"}
