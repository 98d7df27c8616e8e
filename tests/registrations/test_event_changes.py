from datetime import timedelta

import pytest

from matchmaker.db import db, transaction
from matchmaker.errors import Conflict, Invalid
from matchmaker.events import services as event_services
from matchmaker.events.models import Event
from matchmaker.events.services import EventValues
from matchmaker.mail import MEMORY
from matchmaker.registrations import notices
from tests import factories
from tests.registrations.support import mails, set_event, states


def edit(cast, **values):
    event = db.session.get_one(Event, cast.event.id)
    names = EventValues.__dataclass_fields__
    present = {name: getattr(event, name) for name in names}
    with transaction():
        event_services.edit_event(event.id, EventValues(**(present | values)), event.version, cast.olga)


@pytest.fixture
def pia(cast):
    with transaction():
        return factories.make_participant(cast.event, factories.make_user("Pia Pending"), state="pending")


@pytest.fixture
def walter(cast):
    with transaction():
        return factories.make_participant(cast.event, factories.make_user("Walter Waiting"), state="waiting")


def test_confirmed_participants_are_told_of_another_time_and_place(cast, pia):
    edit(cast, starts_at=cast.event.starts_at + timedelta(hours=1), venue="Hall 2")

    assert sorted(mails()) == [(cast.ana.user.email, "Changed: Fair"), (cast.ben.user.email, "Changed: Fair")]
    assert "time, place" in MEMORY[0].get_payload()[0].get_payload(decode=True).decode()


def test_nobody_is_told_of_another_text(cast):
    edit(cast, summary="New words")

    assert mails() == []


def test_everybody_who_hoped_is_told_that_the_event_is_cancelled(cast, pia, walter):
    with transaction():
        event_services.cancel_event(cast.event.id, cast.olga)
    with transaction():
        event_services.cancel_event(cast.event.id, cast.olga)

    told = [cast.ana.user.email, cast.ben.user.email, pia.user.email, walter.user.email]
    assert mails() == [(email, "Event cancelled: Fair") for email in told]


def test_more_places_move_the_waiting_list_up(cast, walter):
    set_event(cast.event, capacity=2)

    edit(cast, capacity=3)

    assert states(cast.event)["Walter"] == "confirmed"


def test_without_a_limit_everybody_moves_up(cast, walter):
    set_event(cast.event, capacity=2)

    edit(cast, capacity=None)

    assert states(cast.event)["Walter"] == "confirmed"


def test_there_can_not_be_fewer_places_than_confirmed_participants(cast):
    with pytest.raises(Invalid) as caught:
        edit(cast, capacity=1)

    assert caught.value.field == "capacity"


def test_an_event_with_registrations_can_not_be_hidden(cast):
    with pytest.raises(Conflict), transaction():
        event_services.unpublish(cast.event.id, cast.olga)

    assert db.session.get_one(Event, cast.event.id).is_published


def test_an_event_without_registrations_becomes_a_draft_again(cast):
    with transaction():
        event = factories.make_event()
        event_services.unpublish(event.id, cast.olga)

    assert not event.is_published


def test_a_mail_about_what_is_gone_by_then_is_not_sent(cast):
    notices.tell(10**6, "approved", notices.stamp())
    notices.invited(10**6, notices.stamp())

    assert mails() == []


def test_a_notice_that_runs_twice_sends_one_mail(cast):
    for _ in range(2):
        notices.tell(cast.ana.id, "approved", "2026-11-23")

    assert mails() == [(cast.ana.user.email, "You are in: Fair")]


def test_a_mail_names_both_zones(cast):
    with transaction():
        cast.ana.user.timezone = "Asia/Tokyo"

    notices.tell(cast.ana.id, "approved", "2026-11-23")

    text = MEMORY[0].get_payload()[0].get_payload(decode=True).decode()
    assert "When: Tue 8 Dec 2026, 09:00 to Wed 9 Dec 2026, 17:00, Brussels (CET, UTC+1)" in text
    assert "Your time: Tue 8 Dec 2026, 17:00 to Thu 10 Dec 2026, 01:00, Tokyo (JST, UTC+9)" in text
    assert "http://localhost/events/fair/" in text
