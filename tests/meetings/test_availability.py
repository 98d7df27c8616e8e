"""When people can meet, and the seats of the sessions they signed up for."""

from datetime import timedelta

import pytest

from matchmaker.agenda.models import AgendaSession, SessionSignUp
from matchmaker.agenda.signals import session_changed, sign_up_changed
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.meetings import queries, services
from matchmaker.meetings.errors import Occupied, SlotTaken
from tests import factories


@pytest.fixture
def fair(cast):
    """The cast with four slots of 20 minutes."""
    with transaction():
        cast.slots = factories.make_slots(cast.event)
    return cast


def set_free(fair, *free, shown=None):
    shown = fair.slots if shown is None else shown
    with transaction():
        return services.set_availability(fair.ana, [slot.id for slot in shown], [fair.slots[n].id for n in free])


def kinds(fair, person="ana"):
    seats = queries.seats_of(getattr(fair, person))
    return [seats[slot.id].kind if slot.id in seats else "free" for slot in fair.slots]


def make_session(fair, first, last, title="Workshop"):
    """A session from the start of one slot to the end of another."""
    with transaction():
        return factories.stored(
            AgendaSession(event_id=fair.event.id, title=title, has_sign_up=True, uid=f"{title}-{first}-{last}",
                          starts_at=fair.slots[first].starts_at, ends_at=fair.slots[last].ends_at)
        )  # fmt: skip


def sign_up(fair, session, person="ana"):
    with transaction():
        participant = getattr(fair, person)
        factories.stored(
            SessionSignUp(agenda_session_id=session.id, participant_id=participant.id, place=participant.id)
        )
        sign_up_changed.send(session, participant=participant)


def leave(fair, session):
    with transaction():
        db.session.delete(db.session.scalars(db.select(SessionSignUp).filter_by(agenda_session_id=session.id)).one())
        db.session.flush()
        sign_up_changed.send(session, participant=fair.ana)


def test_what_is_not_ticked_is_blocked(fair):
    assert set_free(fair, 0, 3) == 2
    assert kinds(fair) == ["free", "unavailable", "unavailable", "free"]


def test_ticking_frees_again(fair):
    set_free(fair)

    assert set_free(fair, 0, 1, 2) == 1
    assert kinds(fair) == ["free", "free", "free", "unavailable"]


def test_slots_that_were_not_shown_stay(fair):
    set_free(fair, 1, 2, 3)

    set_free(fair, shown=fair.slots[2:3])

    assert kinds(fair) == ["unavailable", "free", "unavailable", "free"]


def test_past_slots_stay(fair):
    clock.freeze(fair.slots[1].starts_at)

    assert set_free(fair) == 2
    assert kinds(fair) == ["free", "free", "unavailable", "unavailable"]


def test_slots_of_other_events_are_ignored(fair):
    with transaction():
        foreign = factories.make_slots(fair.other_event)

    assert set_free(fair, shown=foreign) == 0


def test_a_slot_with_a_meeting_can_not_be_blocked(fair):
    with transaction():
        factories.make_meeting(factories.make_request(fair.ana, fair.ben), fair.slots[1])

    with pytest.raises(Occupied) as caught:
        set_free(fair, 2)

    assert caught.value.items == ["Tue 8 Dec 2026, 09:20: Ben Berg"]
    assert kinds(fair) == ["free", "meeting", "free", "free"]


def test_signing_up_takes_the_slots_that_overlap(fair):
    sign_up(fair, make_session(fair, 1, 2))

    assert kinds(fair) == ["free", "session", "session", "free"]


def test_leaving_a_session_frees_its_slots(fair):
    session = make_session(fair, 1, 2)
    sign_up(fair, session)

    leave(fair, session)

    assert kinds(fair) == ["free"] * 4


def test_a_session_over_a_meeting_is_refused_and_names_it(fair):
    with transaction():
        factories.make_meeting(factories.make_request(fair.ben, fair.ana), fair.slots[2])
    session = make_session(fair, 1, 2)

    with pytest.raises(SlotTaken, match="Workshop overlaps the meeting of Ana Alvarez with Ben Berg on Tue 8 Dec"):
        sign_up(fair, session)

    assert kinds(fair) == ["free", "free", "meeting", "free"]


def test_a_blocked_slot_stays_blocked_and_becomes_the_sessions_when_unblocked(fair):
    set_free(fair, 0, 2, 3)
    sign_up(fair, make_session(fair, 1, 2))
    assert kinds(fair) == ["free", "unavailable", "session", "free"]

    set_free(fair, 0, 1, 3)

    assert kinds(fair) == ["free", "session", "session", "free"]


def test_two_sessions_may_touch_the_same_slot(fair):
    first, second = make_session(fair, 0, 1), make_session(fair, 1, 2, "Visit")
    with transaction():
        first.ends_at -= timedelta(minutes=10)
        second.starts_at += timedelta(minutes=10)
    sign_up(fair, first)
    sign_up(fair, second)
    assert kinds(fair) == ["session", "session", "session", "free"]

    leave(fair, first)

    assert kinds(fair) == ["free", "session", "session", "free"]


def test_a_session_that_moves_takes_its_people_along(fair):
    session = make_session(fair, 0, 0)
    sign_up(fair, session)
    sign_up(fair, session, "ben")

    put(fair, session, 3)

    assert [kinds(fair), kinds(fair, "ben")] == [["free", "free", "free", "session"]] * 2


def put(fair, session, number):
    """Move a session to a slot."""
    with transaction():
        session.starts_at, session.ends_at = fair.slots[number].starts_at, fair.slots[number].ends_at
        db.session.flush()
        session_changed.send(session)


def test_a_session_can_not_move_onto_a_meeting(fair):
    session = make_session(fair, 0, 0)
    sign_up(fair, session)
    with transaction():
        factories.make_meeting(factories.make_request(fair.ana, fair.ben), fair.slots[3])

    with pytest.raises(SlotTaken):
        put(fair, session, 3)

    assert kinds(fair) == ["session", "free", "free", "meeting"]


def test_a_session_nobody_signed_up_for_may_change(fair):
    with transaction():
        session_changed.send(make_session(fair, 0, 0))

    assert kinds(fair) == ["free"] * 4


def test_a_removed_session_frees_its_slots(fair):
    session = make_session(fair, 0, 1)
    sign_up(fair, session)

    with transaction():
        db.session.execute(db.delete(SessionSignUp))
        session_changed.send(session)
        db.session.delete(session)

    assert kinds(fair) == ["free"] * 4


def test_new_slots_are_taken_by_sessions_at_once(fair):
    from matchmaker.meetings.services import BlockInput

    sign_up(fair, make_session(fair, 0, 1))
    with transaction():
        local = fair.event.starts_at.astimezone(fair.event.zone)
        wanted = BlockInput(local.date(), local.time(), (local + timedelta(minutes=90)).time())
        services.add_block(fair.event, wanted, fair.olga)
        services.make_slots(fair.event, fair.olga)
        fair.slots = queries.slots_of(fair.event.id)

    assert kinds(fair) == ["session", "session", "free"]


@pytest.mark.parametrize(("state", "status"), [("pending", 200), ("waiting", 200), ("declined", 403)])
def test_people_who_wait_for_their_place_may_say_when_they_can_meet(fair, as_user, state, status):
    with transaction():
        fair.ana.state = state
    client = as_user(fair.ana)

    assert client.get(f"/events/{fair.event.slug}/me/availability").status_code == status
    assert client.get(f"/events/{fair.event.slug}/me/requests").status_code == 403
