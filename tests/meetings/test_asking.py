"""Asking for meetings, answering and taking back."""

from datetime import timedelta

import pytest

from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.errors import Conflict, Invalid, NotAllowed, NotFound
from matchmaker.mail import MEMORY, Message
from matchmaker.meetings import queries, services
from matchmaker.meetings.errors import AlreadyAsked
from matchmaker.meetings.models import MeetingRequest, MeetingSettings, Seat
from matchmaker.meetings.services import Answer
from tests import factories
from tests.conftest import NOW


def ask(sender, receiver, message="Hello", stars=3):
    with transaction():
        return services.ask(sender, receiver, message, stars)


def answer(request, participant, state, stars=None, reason=""):
    with transaction():
        services.answer(request, participant, Answer(state, stars, reason))


def rules(event, **values):
    with transaction():
        stored = db.session.scalar(db.select(MeetingSettings).where(MeetingSettings.event_id == event.id))
        for name, value in values.items():
            setattr(stored, name, value)


def test_a_request_is_stored_and_reserves_nothing(cast):
    request = ask(cast.ana, cast.ben, "  Let us talk  ", 5)

    assert (request.state, request.message, request.stars) == ("pending", "Let us talk", 5)
    assert db.session.scalars(db.select(Seat)).all() == []


def test_the_receiver_is_mailed_once_an_hour_however_many_ask(cast):
    with transaction():
        dora = factories.make_participant(cast.event)
    ask(cast.ana, cast.ben)
    ask(dora, cast.ben)
    clock.freeze(NOW + timedelta(hours=1))
    with transaction():
        emil = factories.make_participant(cast.event)
    ask(emil, cast.ben)

    assert [mail["Subject"] for mail in MEMORY] == [
        "Ana Alvarez would like to meet you (Fair)",
        "3 people would like to meet you (Fair)",
    ]


def test_nobody_asks_themselves(cast):
    with pytest.raises(Invalid, match="yourself"):
        ask(cast.ana, cast.ana)


def test_nobody_asks_their_own_organisation(cast):
    with transaction():
        colleague = factories.make_participant(cast.event, organisation_id=cast.ana.organisation_id)

    with pytest.raises(Invalid, match="your own organisation"):
        ask(cast.ana, colleague)


def test_people_without_organisation_may_ask_each_other(cast):
    with transaction():
        one = factories.make_participant(cast.event, organisation_id=None)
        other = factories.make_participant(cast.event, organisation_id=None)

    assert ask(one, other).state == "pending"


def test_people_of_other_events_are_not_found(cast):
    with pytest.raises(NotFound):
        ask(cast.ana, cast.carl)


@pytest.mark.parametrize("state", ["pending", "waiting", "declined", "cancelled"])
def test_people_who_do_not_take_part_are_not_found(cast, state):
    with transaction():
        cast.ben.state = state

    with pytest.raises(NotFound):
        ask(cast.ana, cast.ben)


def test_hidden_people_are_not_found(cast):
    with transaction():
        factories.make_profile(cast.ben, is_visible=False)

    with pytest.raises(NotFound):
        ask(cast.ana, cast.ben)


def test_an_event_without_meetings_knows_no_requests(cast):
    with transaction():
        cast.event.has_meetings = False

    with pytest.raises(NotFound):
        ask(cast.ana, cast.ben)


def test_after_the_deadline_nobody_asks(cast):
    rules(cast.event, requests_close_at=NOW)

    with pytest.raises(NotAllowed, match="Requests closed on Mon 23 Nov 2026, 10:00"):
        ask(cast.ana, cast.ben)


def test_without_a_deadline_requests_close_with_the_event(cast):
    clock.freeze(cast.event.ends_at)

    with pytest.raises(NotAllowed):
        ask(cast.ana, cast.ben)


def test_the_budget_counts_open_requests_only(cast):
    rules(cast.event, max_requests=1)
    with transaction():
        dora = factories.make_participant(cast.event)
    first = ask(cast.ana, cast.ben)
    with pytest.raises(NotAllowed, match="You have 1 open requests"):
        ask(cast.ana, dora)

    answer(first, cast.ben, "accepted")

    assert ask(cast.ana, dora).state == "pending"


def test_asking_twice_names_the_request(cast):
    request = ask(cast.ana, cast.ben)

    with pytest.raises(AlreadyAsked, match="You have asked Ben Berg already") as caught:
        ask(cast.ana, cast.ben)

    assert (caught.value.request_id, caught.value.by_other) == (request.id, False)


def test_asking_back_offers_to_accept(cast):
    request = ask(cast.ana, cast.ben)

    with pytest.raises(AlreadyAsked, match="Ana Alvarez has asked you") as caught:
        ask(cast.ben, cast.ana)

    assert (caught.value.request_id, caught.value.by_other) == (request.id, True)


def test_who_agreed_need_not_ask(cast):
    answer(ask(cast.ana, cast.ben), cast.ben, "accepted")

    with pytest.raises(AlreadyAsked, match="have agreed to meet"):
        ask(cast.ben, cast.ana)


def test_the_unique_index_refuses_what_the_look_before_missed(cast, monkeypatch):
    ask(cast.ana, cast.ben)
    monkeypatch.setattr("matchmaker.meetings.services.asking._check_pair", lambda *_: None)

    with pytest.raises(AlreadyAsked):
        ask(cast.ana, cast.ben)


def test_who_was_declined_can_not_insist_but_the_other_may_ask(cast):
    answer(ask(cast.ana, cast.ben), cast.ben, "declined", reason="No time")

    with pytest.raises(NotAllowed, match="only Ben Berg can ask now"):
        ask(cast.ana, cast.ben)

    assert ask(cast.ben, cast.ana).state == "pending"


def test_acceptance_keeps_own_stars_and_mails_the_sender(cast):
    request = ask(cast.ana, cast.ben)

    answer(request, cast.ben, "accepted", stars=4, reason="ignored")

    assert (request.state, request.answer_stars, request.reason) == ("accepted", 4, "")
    assert MEMORY[-1]["Subject"] == "Ben Berg would like to meet you too (Fair)"


def test_a_decline_tells_the_reason(cast):
    request = ask(cast.ana, cast.ben)

    answer(request, cast.ben, "declined", stars=4, reason=" Other plans ")

    assert (request.state, request.answer_stars, request.reason) == ("declined", None, "Other plans")
    assert "Reason: Other plans" in MEMORY[-1].get_payload(0).get_payload(decode=True).decode()


def test_later_keeps_it_open_and_tells_nobody(cast):
    request = ask(cast.ana, cast.ben)
    MEMORY.clear()

    answer(request, cast.ben, "later")
    assert (request.state, MEMORY) == ("later", [])

    answer(request, cast.ben, "accepted")
    assert request.state == "accepted"


def test_only_the_receiver_answers(cast):
    request = ask(cast.ana, cast.ben)

    with pytest.raises(NotAllowed):
        answer(request, cast.ana, "accepted")


@pytest.mark.parametrize(("state", "stars"), [("withdrawn", None), ("", None), ("accepted", 6), ("accepted", 0)])
def test_other_answers_are_refused(cast, state, stars):
    request = ask(cast.ana, cast.ben)

    with pytest.raises(Invalid):
        answer(request, cast.ben, state, stars)


def test_an_answer_is_given_once(cast):
    request = ask(cast.ana, cast.ben)
    answer(request, cast.ben, "declined")

    with pytest.raises(Conflict, match="closed by now"):
        answer(request, cast.ben, "accepted")


def test_nobody_answers_after_the_event(cast):
    request = ask(cast.ana, cast.ben)
    clock.freeze(cast.event.ends_at)

    with pytest.raises(NotAllowed, match="over"):
        answer(request, cast.ben, "accepted")


def test_the_sender_withdraws_an_open_request_silently(cast):
    request = ask(cast.ana, cast.ben)
    MEMORY.clear()

    with transaction():
        services.withdraw(request, cast.ana)

    assert (request.state, MEMORY) == ("withdrawn", [])
    assert ask(cast.ana, cast.ben).state == "pending"


def test_the_receiver_of_an_open_request_can_not_withdraw_it(cast):
    request = ask(cast.ana, cast.ben)

    with pytest.raises(NotAllowed), transaction():
        services.withdraw(request, cast.ben)


def test_either_side_ends_an_agreement_and_the_other_is_told(cast):
    request = ask(cast.ana, cast.ben)
    answer(request, cast.ben, "accepted")

    with transaction():
        services.withdraw(request, cast.ben)

    assert request.state == "withdrawn"
    assert (MEMORY[-1]["To"], MEMORY[-1]["Subject"]) == (cast.ana.user.email, "Ben Berg can't meet you any more (Fair)")


def test_a_request_with_a_meeting_can_not_be_withdrawn(cast):
    with transaction():
        request = factories.make_request(cast.ana, cast.ben)
        factories.make_meeting(request, factories.make_slots(cast.event)[0])

    with pytest.raises(Conflict, match="Cancel the meeting"), transaction():
        services.withdraw(request, cast.ana)


def test_what_is_closed_can_not_be_withdrawn(cast):
    request = ask(cast.ana, cast.ben)
    answer(request, cast.ben, "declined")

    with pytest.raises(Conflict, match="closed by now"), transaction():
        services.withdraw(request, cast.ana)


def test_unanswered_requests_expire_and_others_stay(cast):
    with transaction():
        dora = factories.make_participant(cast.event)
    answer(ask(cast.ana, cast.ben), cast.ben, "accepted")
    ask(cast.ana, dora)
    answer(ask(cast.ben, dora), dora, "later")

    with transaction():
        assert services.expire(cast.event) == 2

    states = db.session.scalars(db.select(MeetingRequest.state).order_by(MeetingRequest.id)).all()
    assert states == ["accepted", "expired", "expired"]


def test_only_events_that_are_over_expire_by_themselves(cast):
    ask(cast.ana, cast.ben)

    with transaction():
        assert services.expire_of_past_events() == 0
    clock.freeze(cast.event.ends_at)
    with transaction():
        assert services.expire_of_past_events() == 1


def test_the_state_between_people_comes_in_one_statement(cast, count_statements):
    with transaction():
        others = [factories.make_participant(cast.event) for _ in range(5)]
    declined = ask(cast.ana, others[0])
    answer(declined, others[0], "declined")
    live = ask(others[0], cast.ana)
    mine = ask(cast.ana, others[1])

    ids = [other.id for other in others]
    db.session.refresh(cast.ana)
    with count_statements() as counter:
        bonds = queries.request_state_of(cast.ana, ids)

    assert counter.count == 1
    assert bonds == {
        others[0].id: queries.Bond(live.id, "pending", is_mine=False),
        others[1].id: queries.Bond(mine.id, "pending", is_mine=True),
    }


def test_the_state_between_nobody_asks_nothing(cast, count_statements):
    with count_statements() as counter:
        assert queries.request_state_of(cast.ana, []) == {}

    assert counter.count == 0


def test_accepted_requests_of_people_who_left_are_not_to_be_placed(cast):
    request = ask(cast.ana, cast.ben)
    answer(request, cast.ben, "accepted")
    assert queries.accepted_requests(cast.event.id) == [request]

    with transaction():
        cast.ben.state = "cancelled"

    assert queries.accepted_requests(cast.event.id) == []


def test_figures_count_answers_and_acceptances(cast):
    with transaction():
        people = [factories.make_participant(cast.event) for _ in range(4)]
        for person, state in zip(people, ["accepted", "declined", "pending", "withdrawn"], strict=True):
            factories.make_request(person, cast.ana, state=state)
        factories.make_request(cast.ana, cast.ben, state="accepted")

    figures = queries.response_figures(cast.ana, queries.requests_of(cast.ana))

    assert figures == queries.ResponseFigures(received=3, answered=2, sent=1, accepted=1)
    assert (figures.answer_percent, figures.acceptance_percent) == (67, 100)


def test_figures_without_requests_have_no_percentages(cast):
    figures = queries.response_figures(cast.ana, [])

    assert (figures.answer_percent, figures.acceptance_percent) == (None, None)


def test_notices_that_run_again_send_nothing_new(cast):
    from matchmaker.meetings import notices

    request = ask(cast.ana, cast.ben)
    answer(request, cast.ben, "accepted")
    before = db.session.query(Message).count()

    for _ in range(2):
        notices.request_received(cast.ben.id)
        notices.request_answered(request.id)
        notices.agreement_ended(request.id, cast.ana.id)

    assert db.session.query(Message).count() == before


def test_notices_about_what_is_gone_send_nothing(cast):
    from matchmaker.meetings import notices

    notices.request_received(10**6)
    notices.request_answered(10**6)
    notices.agreement_ended(10**6, cast.ana.id)
    notices.meeting_confirmed(10**6, 0)

    assert db.session.query(Message).count() == 0
