"""Pages of participants: requests, asking, availability, choosing slots, single meetings."""

import re
from datetime import timedelta

import pytest

from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.meetings import queries, services
from matchmaker.meetings.models import Meeting, MeetingSettings, Rating, Seat
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def fair(cast):
    """The cast with four slots, two tables and a pending request from Ana to Ben."""
    with transaction():
        cast.slots = factories.make_slots(cast.event)
        cast.tables = factories.make_places(cast.event, 2)
        cast.request = factories.make_request(cast.ana, cast.ben, message="About batteries", stars=5)
    return cast


@pytest.fixture
def meeting(fair):
    with transaction():
        return factories.make_meeting(fair.request, fair.slots[0], fair.tables[0], join_link="https://meet.example/x")


def words(response):
    """The text of a page, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def answer_form(*answers):
    form = {}
    for number, (request, state, *more) in enumerate(answers):
        form[f"answers-{number}-request_id"] = str(request.id)
        form[f"answers-{number}-state"] = state
        form[f"answers-{number}-stars"] = str(more[0]) if more else ""
        form[f"answers-{number}-reason"] = more[1] if len(more) > 1 else ""
    return form


def test_the_page_of_requests_shows_what_waits(fair, as_user):
    response = as_user(fair.ben).get("/events/fair/me/requests")

    assert response.status_code == 200
    text = words(response)
    for part in ("Ana Alvarez", fair.ana.organisation.name + ", Spain", "About batteries", "Send all answers"):
        assert part in text


def test_all_requests_are_answered_in_one_go(fair, as_user):
    with transaction():
        more = [factories.make_request(factories.make_participant(fair.event), fair.ben) for _ in range(3)]

    response = as_user(fair.ben).post(
        "/events/fair/me/requests/answers",
        data=answer_form(
            (fair.request, "accepted", 4), (more[0], "declined", "", "Busy"), (more[1], "later"), (more[2], "")
        ),
    )

    assert response.status_code == 303
    assert [each.state for each in (fair.request, *more)] == ["accepted", "declined", "later", "pending"]
    assert (fair.request.answer_stars, more[0].reason) == (4, "Busy")


def test_an_answer_that_comes_too_late_does_not_spoil_the_others(fair, as_user):
    with transaction():
        gone = factories.make_request(factories.make_participant(fair.event), fair.ben, state="withdrawn")
    client = as_user(fair.ben)

    client.post("/events/fair/me/requests/answers", data=answer_form((gone, "accepted"), (fair.request, "accepted")))

    assert fair.request.state == "accepted"
    text = words(client.get("/events/fair/me/requests"))
    assert "is closed by now" in text
    assert "Answers saved: 1." in text


def test_no_answer_at_all_is_said(fair, as_user):
    client = as_user(fair.ben)
    client.post("/events/fair/me/requests/answers", data=answer_form((fair.request, "")))

    assert "You chose no answer." in words(client.get("/events/fair/me/requests"))


def test_a_reason_that_is_too_long_keeps_what_was_typed(fair, as_user):
    response = as_user(fair.ben).post(
        "/events/fair/me/requests/answers", data=answer_form((fair.request, "declined", "", "x" * 501))
    )

    assert response.status_code == 422
    assert "x" * 501 in response.text
    assert fair.request.state == "pending"


def test_requests_of_others_can_not_be_answered(fair, as_user):
    with transaction():
        foreign = factories.make_request(factories.make_participant(fair.event), factories.make_participant(fair.event))

    response = as_user(fair.ben).post("/events/fair/me/requests/answers", data=answer_form((foreign, "accepted")))

    assert (response.status_code, foreign.state) == (404, "pending")


def test_withdrawing_and_its_refusal(fair, as_user):
    client = as_user(fair.ana)
    path = f"/events/fair/me/requests/{fair.request.id}/withdraw"

    assert client.post(path).status_code == 303
    assert fair.request.state == "withdrawn"
    assert client.post(path).status_code == 409
    assert "Closed requests (1)" in words(client.get("/events/fair/me/requests"))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_own_requests_are_exported(fair, as_user, form):
    response = as_user(fair.ben).get(f"/events/fair/me/requests.{form}")

    assert response.status_code == 200
    if form == "csv":
        lines = response.data.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("Direction,Name,Organisation,Country,State")
        assert lines[1].startswith(
            f"received,Ana Alvarez,{fair.ana.organisation.name},Spain,pending,5,,About batteries"
        )


def test_the_export_without_organisation_has_empty_cells(fair, as_user):
    with transaction():
        fair.ana.organisation_id = None

    response = as_user(fair.ben).get("/events/fair/me/requests.csv")

    assert "received,Ana Alvarez,,,pending" in response.text


@pytest.mark.parametrize("state", ["accepted", "accepted without self booking", "with a meeting"])
def test_agreements_say_what_comes_next(fair, as_user, state):
    with transaction():
        fair.request.state = "accepted"
        if state == "accepted without self booking":
            settings = db.session.scalar(db.select(MeetingSettings).where(MeetingSettings.event_id == fair.event.id))
            settings.self_booking = False
        if state == "with a meeting":
            factories.make_meeting(fair.request, fair.slots[0], fair.tables[0])

    text = words(as_user(fair.ana).get("/events/fair/me/requests"))

    expected = {"accepted": "Choose a slot", "accepted without self booking": "Waiting for the schedule",
                "with a meeting": "Table 1"}[state]  # fmt: skip
    assert expected in text


def test_the_page_says_when_requests_are_closed(fair, as_user):
    with transaction():
        settings = db.session.scalar(db.select(MeetingSettings).where(MeetingSettings.event_id == fair.event.id))
        settings.requests_close_at = NOW - timedelta(hours=1)

    assert "Requests closed on Mon 23 Nov 2026, 09:00" in words(as_user(fair.ana).get("/events/fair/me/requests"))


def test_asking_leads_back_to_where_one_came_from(fair, as_user):
    with transaction():
        dora = factories.make_participant(fair.event)
    client = as_user(fair.ana)

    page = client.get(f"/events/fair/me/ask/{dora.id}?next=/events/fair/me/partners")
    response = client.post(
        f"/events/fair/me/ask/{dora.id}",
        data={"message": "Hello", "stars": "4", "next": "/events/fair/me/partners"},
    )

    assert 'value="/events/fair/me/partners"' in page.text
    assert (response.status_code, response.location) == (303, "/events/fair/me/partners")
    assert queries.live_request_between(fair.ana.id, dora.id).stars == 4


def test_asking_does_not_lead_elsewhere(fair, as_user):
    with transaction():
        dora = factories.make_participant(fair.event)

    response = as_user(fair.ana).post(
        f"/events/fair/me/ask/{dora.id}", data={"stars": "4", "next": "https://evil.example"}
    )

    assert response.location == "/events/fair/me/requests"


def test_who_was_asked_by_the_other_is_offered_to_accept(fair, as_user):
    client = as_user(fair.ben)

    response = client.post(f"/events/fair/me/ask/{fair.ana.id}", data={"stars": "3"})

    assert response.status_code == 409
    assert "Ana Alvarez has asked you. Accept" in words(response)
    data = dict(re.findall(r'name="(answers-0-\w+)" value="(\w+)"', response.text))
    assert client.post("/events/fair/me/requests/answers", data=data).status_code == 303
    assert fair.request.state == "accepted"


def test_the_form_shows_what_there_is_between_the_two(fair, as_user):
    client = as_user(fair.ana)
    assert "You have asked Ben Berg already" in words(client.get(f"/events/fair/me/ask/{fair.ben.id}"))

    with transaction():
        fair.request.state = "accepted"

    assert "have agreed to meet" in words(client.get(f"/events/fair/me/ask/{fair.ben.id}"))


def test_a_refusal_keeps_the_message(fair, as_user):
    with transaction():
        dora = factories.make_participant(fair.event)
        settings = db.session.scalar(db.select(MeetingSettings).where(MeetingSettings.event_id == fair.event.id))
        settings.max_requests = 1

    response = as_user(fair.ana).post(f"/events/fair/me/ask/{dora.id}", data={"message": "Typed text", "stars": "3"})

    assert response.status_code == 403
    assert "Typed text" in response.text
    assert "You have 1 open requests" in words(response)


def test_a_message_that_is_too_long_is_refused(fair, as_user):
    with transaction():
        dora = factories.make_participant(fair.event)

    response = as_user(fair.ana).post(f"/events/fair/me/ask/{dora.id}", data={"message": "x" * 1001, "stars": "3"})

    assert response.status_code == 422


def test_nobody_asks_for_people_of_other_events(fair, as_user):
    client = as_user(fair.ana)

    assert client.get(f"/events/fair/me/ask/{fair.carl.id}").status_code == 404
    assert client.post(f"/events/fair/me/ask/{fair.carl.id}", data={"stars": "3"}).status_code == 404
    assert client.get(f"/events/fair/me/ask/{fair.ana.id}").status_code == 422


def test_a_hidden_participant_can_not_be_asked_by_address(fair, as_user):
    with transaction():
        dora = factories.make_participant(fair.event)
        factories.make_profile(dora, is_visible=False)
    client = as_user(fair.ana)

    assert client.get(f"/events/fair/me/ask/{dora.id}").status_code == 404
    assert client.post(f"/events/fair/me/ask/{dora.id}", data={"stars": "3"}).status_code == 404


def test_an_event_without_meetings_has_no_such_pages(fair, as_user):
    with transaction():
        fair.event.has_meetings = False

    assert as_user(fair.ana).get("/events/fair/me/requests").status_code == 404


def test_availability_is_painted_and_saved(fair, as_user):
    client = as_user(fair.ana)
    page = client.get("/events/fair/me/availability")
    ids = [str(slot.id) for slot in fair.slots]

    response = client.post("/events/fair/me/availability", data={"shown": ids, "free": ids[:3]})

    assert page.text.count("checked") == 4
    assert response.status_code == 303
    assert set(queries.seats_of(fair.ana)) == {fair.slots[3].id}
    assert "You blocked 1 slots" in words(client.get("/events/fair/me/availability"))


@pytest.mark.parametrize(("switch", "blocked"), [("on", []), ("off", [0, 1, 2, 3]), ("other", [2, 3])])
def test_a_whole_day_is_switched_without_script(fair, as_user, switch, blocked):
    ids = [str(slot.id) for slot in fair.slots]

    as_user(fair.ana).post(
        "/events/fair/me/availability",
        data={"shown": ids, "free": ids[:2], "whole": f"{switch}:{','.join(ids)},9999,x"},
    )

    assert sorted(queries.seats_of(fair.ana)) == [fair.slots[n].id for n in blocked]


def test_slots_taken_by_meetings_and_sessions_are_named_and_not_offered(fair, meeting, as_user):
    from matchmaker.agenda.models import AgendaSession

    with transaction():
        session = factories.stored(
            AgendaSession(event_id=fair.event.id, title="Keynote", uid="k", starts_at=fair.slots[1].starts_at,
                          ends_at=fair.slots[1].ends_at)
        )  # fmt: skip
        factories.stored(
            Seat(participant_id=fair.ana.id, slot_id=fair.slots[1].id, kind="session", agenda_session_id=session.id)
        )
    clock.freeze(fair.slots[2].starts_at)

    response = as_user(fair.ana).get("/events/fair/me/availability")

    text = words(response)
    assert "Ben Berg" in text
    assert "Keynote" in text
    assert "past" in text
    assert response.text.count('name="free"') == 1


def test_blocking_a_slot_that_was_booked_meanwhile_names_the_meeting(fair, meeting, as_user):
    ids = [str(slot.id) for slot in fair.slots]

    response = as_user(fair.ana).post("/events/fair/me/availability", data={"shown": ids, "free": ids[1:2]})

    assert response.status_code == 409
    assert "Tue 8 Dec 2026, 09:00: Ben Berg" in words(response)
    assert response.text.count("checked") == 1


def test_own_times_and_nights_are_shown_when_zones_differ(fair, as_user):
    with transaction():
        fair.ana.user.timezone = "Asia/Tokyo"
        fair.slots[0].starts_at += timedelta(hours=8)
        fair.slots[0].ends_at += timedelta(hours=8)

    text = words(as_user(fair.ana).get("/events/fair/me/availability"))

    assert "01:00 Wed" in text
    assert "at night where you are" in text


def test_without_slots_the_page_says_so(cast, as_user):
    assert "No slots to come" in words(as_user(cast.ana).get("/events/fair/me/availability"))


def accept(fair):
    with transaction():
        fair.request.state = "accepted"


def test_one_of_the_two_books_a_free_slot(fair, as_user):
    accept(fair)
    client = as_user(fair.ben)
    path = f"/events/fair/me/requests/{fair.request.id}/book"
    assert client.get(path).text.count('name="slot"') == 4

    response = client.post(path, data={"slot": fair.slots[1].id})

    meeting = db.session.scalars(db.select(Meeting)).one()
    assert response.location == f"/events/fair/me/meetings/{meeting.id}"
    assert client.get(path).location == response.location


def test_who_comes_too_late_gets_the_free_alternatives(fair, as_user):
    accept(fair)
    with transaction():
        services.set_availability(fair.ana, [fair.slots[1].id], [])

    response = as_user(fair.ben).post(
        f"/events/fair/me/requests/{fair.request.id}/book", data={"slot": fair.slots[1].id}
    )

    assert response.status_code == 409
    assert "Ana Alvarez is not free in this slot any more" in words(response)
    assert re.findall(r'name="slot" value="(\d+)"', response.text) == [str(fair.slots[n].id) for n in (0, 2, 3)]


def test_without_common_slot_the_page_says_what_to_do(fair, as_user):
    accept(fair)
    with transaction():
        services.set_availability(fair.ana, [slot.id for slot in fair.slots], [])

    assert "No common slot" in words(as_user(fair.ben).get(f"/events/fair/me/requests/{fair.request.id}/book"))


def test_foreign_slots_and_requests_are_not_found(fair, as_user):
    accept(fair)
    with transaction():
        foreign_slot = factories.make_slots(fair.other_event)[0]
        dora = factories.make_participant(fair.event)
    path = f"/events/fair/me/requests/{fair.request.id}/book"

    assert as_user(fair.ben).post(path, data={"slot": foreign_slot.id}).status_code == 404
    assert as_user(fair.ben).post(path, data={"slot": "x"}).status_code == 404
    assert as_user(dora).get(path).status_code == 404


def test_a_meeting_shows_who_when_and_where(fair, meeting, as_user):
    with transaction():
        fair.ana.user.timezone = "Europe/Athens"
        factories.make_profile(fair.ben, offers=("Cell testing",), needs=("Pilot lines",))

    text = words(as_user(fair.ana).get(f"/events/fair/me/meetings/{meeting.id}"))

    for part in ("Ben Berg", "Cell testing", "Pilot lines", "Table 1", "About batteries", "09:00 to 09:20",
                 "Your time: 10:00 to 10:20"):  # fmt: skip
        assert part in text


@pytest.mark.parametrize(("minutes", "shown"), [(-16, False), (-15, True), (0, True), (35, True), (36, False)])
def test_the_link_to_join_is_shown_around_the_meeting_only(fair, meeting, as_user, minutes, shown):
    clock.freeze(fair.slots[0].starts_at + timedelta(minutes=minutes))

    response = as_user(fair.ana).get(f"/events/fair/me/meetings/{meeting.id}")

    assert ("https://meet.example/x" in response.text) == shown


def test_nobody_else_sees_a_meeting(fair, meeting, as_user):
    with transaction():
        dora = factories.make_participant(fair.event)

    for method in ("get", "post"):
        for tail in ("", "/move", "/cancel", "/rating"):
            response = getattr(as_user(dora), method)(f"/events/fair/me/meetings/{meeting.id}{tail}")
            assert response.status_code in (404, 405)


def test_a_meeting_is_moved_by_one_of_the_two(fair, meeting, as_user):
    client = as_user(fair.ben)
    path = f"/events/fair/me/meetings/{meeting.id}/move"
    assert client.get(path).text.count('name="slot"') == 3

    assert client.post(path, data={"slot": fair.slots[2].id}).status_code == 303
    assert meeting.slot_id == fair.slots[2].id


def test_a_move_that_comes_too_late_offers_alternatives(fair, meeting, as_user):
    with transaction():
        services.set_availability(fair.ana, [fair.slots[1].id], [])

    response = as_user(fair.ben).post(f"/events/fair/me/meetings/{meeting.id}/move", data={"slot": fair.slots[1].id})

    assert (response.status_code, response.text.count('name="slot"')) == (409, 2)


def test_a_meeting_is_cancelled_with_a_reason(fair, meeting, as_user):
    client = as_user(fair.ben)

    response = client.post(f"/events/fair/me/meetings/{meeting.id}/cancel", data={"reason": "Ill"})

    assert (response.status_code, meeting.state, meeting.cancel_reason) == (303, "cancelled", "Ill")
    assert "Reason: Ill" in words(client.get(f"/events/fair/me/meetings/{meeting.id}"))
    assert client.get(f"/events/fair/me/meetings/{meeting.id}/move").status_code == 409


def test_a_reason_of_a_cancellation_has_an_end(fair, meeting, as_user):
    response = as_user(fair.ben).post(f"/events/fair/me/meetings/{meeting.id}/cancel", data={"reason": "x" * 501})

    assert (response.status_code, meeting.state) == (422, "scheduled")


def test_rating_comes_after_the_meeting_and_can_be_changed(fair, meeting, as_user):
    clock.freeze(fair.slots[0].ends_at)
    client = as_user(fair.ana)
    path = f"/events/fair/me/meetings/{meeting.id}"
    assert "How was it?" in words(client.get(path))

    data = {"took_place": "yes", "stars": "5", "outcome": "next_meeting", "comment": "Fine", "note": "Call Ben"}
    assert client.post(f"{path}/rating", data=data).status_code == 303

    page = client.get(path).text
    assert "Call Ben" in page
    assert "Call Ben" not in as_user(fair.ben).get(path).text
    data["took_place"] = "no"
    client.post(f"{path}/rating", data=data)
    rating = db.session.scalars(db.select(Rating)).one()
    assert (rating.took_place, rating.stars) == (False, None)
    assert client.get(path).status_code == 200


def test_a_rating_from_outside_the_list_is_refused(fair, meeting, as_user):
    clock.freeze(fair.slots[0].ends_at)

    response = as_user(fair.ana).post(
        f"/events/fair/me/meetings/{meeting.id}/rating", data={"took_place": "yes", "outcome": "marriage"}
    )

    assert response.status_code == 422


@pytest.mark.parametrize("path", ["requests", "availability"])
def test_the_number_of_statements_does_not_grow_with_the_rows(fair, as_user, count_statements, path):
    def selects(more):
        with transaction():
            slots = factories.make_slots(factories_event(fair, more), 1)
            del slots
            for number in range(more):
                other = factories.make_participant(fair.event)
                state = ("pending", "accepted", "declined")[number % 3]
                sender, receiver = (fair.ana, other) if number % 2 else (other, fair.ana)
                factories.make_request(sender, receiver, state=state)
        client = as_user(fair.ana)
        db.session.expire_all()
        with count_statements() as counter:
            assert client.get(f"/events/fair/me/{path}").status_code == 200
        return counter.count

    assert selects(3) == selects(30)


def factories_event(fair, more):
    """Another event whose slots must not matter."""
    return factories.make_event(slug=f"noise-{more}")
