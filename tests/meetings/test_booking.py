"""Arranging, moving and cancelling meetings: seats, places, locks, and what people are told."""

from datetime import timedelta

import pytest

from matchmaker.audit import AuditEntry
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.errors import Conflict, NotAllowed, NotFound
from matchmaker.events.models import Mode
from matchmaker.mail import MEMORY
from matchmaker.meetings import notices, queries, services
from matchmaker.meetings.errors import SlotTaken
from matchmaker.meetings.models import Meeting, MeetingSettings, Seat
from matchmaker.registrations.facts import facts_about
from matchmaker.registrations.signals import participant_left
from tests import factories


@pytest.fixture
def fair(cast):
    """The cast with four slots and an accepted request from Ana to Ben."""
    with transaction():
        cast.slots = factories.make_slots(cast.event)
        cast.request = factories.make_request(cast.ana, cast.ben, state="accepted")
    return cast


def rules(event, **values):
    with transaction():
        stored = db.session.scalar(db.select(MeetingSettings).where(MeetingSettings.event_id == event.id))
        for name, value in values.items():
            setattr(stored, name, value)


def book(fair, slot=0, request=None, place=None, by="ana"):
    with transaction():
        person = getattr(fair, by) if by else None
        return services.book(request or fair.request, fair.slots[slot], place, by=person)


def accepted(fair, first, second=None):
    with transaction():
        second = second or factories.make_participant(fair.event)
        return factories.make_request(first, second, state="accepted")


def seats():
    return sorted(db.session.execute(db.select(Seat.participant_id, Seat.slot_id, Seat.kind)).tuples())


def test_booking_seats_both_and_invites_both(fair):
    meeting = book(fair)

    assert seats() == sorted([(fair.ana.id, fair.slots[0].id, "meeting"), (fair.ben.id, fair.slots[0].id, "meeting")])
    assert (meeting.state, meeting.sequence, meeting.place_id) == ("scheduled", 0, None)
    assert [mail["To"] for mail in MEMORY] == [fair.ana.user.email, fair.ben.user.email]
    assert MEMORY[0]["Subject"] == "Your meeting with Ben Berg (Fair)"
    calendar = next(part for part in MEMORY[0].walk() if part.get_content_type() == "text/calendar")
    text = calendar.get_payload(decode=True).decode().replace("\r\n ", "")
    assert calendar.get_param("method") == "REQUEST"
    for line in (f"UID:{meeting.uid}", "SEQUENCE:0", "METHOD:REQUEST", "DTSTART:20261208T080000Z"):
        assert line in text.split("\r\n")


def test_the_mail_names_both_zones_when_the_clocks_differ(fair):
    with transaction():
        fair.ben.user.timezone = "Europe/Athens"
    book(fair)

    to_ana, to_ben = (mail.get_payload(0).get_payload(0).get_payload(decode=True).decode() for mail in MEMORY)
    assert "When: Tue 8 Dec 2026, 09:00 Brussels (CET, UTC+1)" in to_ben
    assert "When: Tue 8 Dec 2026, 10:00 Athens (EET, UTC+2)" in to_ben
    assert to_ana.count("When:") == 1


@pytest.mark.parametrize("state", ["pending", "later", "declined", "withdrawn", "expired"])
def test_only_accepted_requests_become_meetings(fair, state):
    with transaction():
        fair.request.state = state

    with pytest.raises(Conflict, match="Only an accepted request"):
        book(fair)


def test_booking_the_same_twice_is_one_meeting(fair):
    assert book(fair).id == book(fair, by="ben").id


def test_booking_again_at_another_time_is_refused(fair):
    book(fair)

    with pytest.raises(Conflict, match="at another time"):
        book(fair, slot=1)


def test_a_slot_that_has_begun_is_refused(fair):
    clock.freeze(fair.slots[0].starts_at)

    with pytest.raises(Conflict, match="has begun"):
        book(fair)


def test_a_slot_of_another_event_is_not_found(fair):
    with transaction():
        foreign = factories.make_slots(fair.other_event)[0]

    with pytest.raises(NotFound), transaction():
        services.book(fair.request, foreign)


def test_somebody_who_left_can_not_be_booked(fair):
    with transaction():
        fair.ben.state = "cancelled"

    with pytest.raises(Conflict, match="Ben Berg no longer takes part"):
        book(fair)


def test_without_self_booking_only_organisers_book(fair):
    rules(fair.event, self_booking=False)

    with pytest.raises(NotAllowed, match="by the organiser"):
        book(fair)
    assert book(fair, by=None).state == "scheduled"


def test_the_most_meetings_of_one_person_bind_self_booking_only(fair):
    rules(fair.event, max_meetings=1)
    other = accepted(fair, fair.ben)
    book(fair)

    with pytest.raises(Conflict, match="Ben Berg has 1 meetings"):
        book(fair, 1, other)
    assert book(fair, 1, other, by=None).state == "scheduled"


def test_who_is_occupied_is_named(fair):
    other = accepted(fair, fair.ben)
    book(fair)

    with pytest.raises(SlotTaken, match="Ben Berg is not free"):
        book(fair, 0, other, by=None)
    assert db.session.query(Meeting).count() == 1


def test_who_is_not_available_is_named(fair):
    with transaction():
        services.set_availability(fair.ben, [fair.slots[0].id], [])

    with pytest.raises(SlotTaken, match="Ben Berg is not free"):
        book(fair)


def test_places_are_given_out_in_order_until_none_is_left(fair):
    with transaction():
        tables = factories.make_places(fair.event, 2)
    requests = [fair.request] + [accepted(fair, factories_participant(fair)) for _ in range(2)]

    first, second = (book(fair, 0, request, by=None) for request in requests[:2])
    with pytest.raises(SlotTaken, match="No place is free"):
        book(fair, 0, requests[2], by=None)

    assert [first.place_id, second.place_id] == [table.id for table in tables]


def factories_participant(fair):
    with transaction():
        return factories.make_participant(fair.event)


def test_a_place_that_was_taken_meanwhile_gives_way_to_the_next(fair, monkeypatch):
    with transaction():
        tables = factories.make_places(fair.event, 2)
    book(fair, 0, accepted(fair, factories_participant(fair)), by=None)
    monkeypatch.setattr(queries, "free_places", lambda *_: list(tables))

    assert book(fair).place_id == tables[1].id


def test_all_places_taken_meanwhile_is_said(fair, monkeypatch):
    with transaction():
        tables = factories.make_places(fair.event, 1)
    book(fair, 0, accepted(fair, factories_participant(fair)), by=None)
    monkeypatch.setattr(queries, "free_places", lambda *_: list(tables))

    with pytest.raises(SlotTaken, match="No place is free"):
        book(fair)


def test_a_place_asked_for_and_taken_is_refused(fair):
    with transaction():
        table = factories.make_places(fair.event, 2)[0]
    book(fair, 0, accepted(fair, factories_participant(fair)), place=table, by=None)

    with pytest.raises(SlotTaken, match="No place is free"):
        book(fair, place=table)


@pytest.mark.parametrize(("mode", "online_places", "gets_place"), [
    (Mode.HYBRID, True, False), (Mode.HYBRID, False, True), (Mode.ON_SITE, True, True),
])  # fmt: skip
def test_who_takes_part_from_afar_needs_no_table(fair, mode, online_places, gets_place):
    rules(fair.event, online_places=online_places, join_link_template="https://meet.example/{meeting}")
    with transaction():
        fair.event.mode, fair.ana.mode, fair.ben.mode = mode, Mode.ON_SITE, Mode.ONLINE
        factories.make_places(fair.event, 1)

    meeting = book(fair)

    assert (meeting.place_id is not None) == gets_place
    assert meeting.join_link.startswith("https://meet.example/") != gets_place


def test_each_online_meeting_has_a_room_of_its_own(fair):
    rules(fair.event, join_link_template="https://meet.example/{meeting}")
    one, other = book(fair), book(fair, 1, accepted(fair, fair.ana))

    assert one.join_link != other.join_link
    assert len(one.join_link) > len("https://meet.example/") + 20


def test_an_online_room_keeps_its_own_link(fair):
    with transaction():
        room = factories.make_places(fair.event, 1)[0]
        room.kind, room.join_link = "online", "https://meet.example/room-1"

    assert book(fair).join_link == "https://meet.example/room-1"


def test_without_online_places_there_is_no_link(fair):
    rules(fair.event, online_places=False, join_link_template="https://meet.example/{meeting}")

    assert book(fair).join_link == ""


def move(fair, meeting, slot, place=None, **who):
    with transaction():
        services.move(meeting, fair.slots[slot], place, **who)


def test_moving_takes_both_along_and_raises_the_sequence(fair):
    meeting = book(fair)
    MEMORY.clear()

    move(fair, meeting, 1, by=fair.ben)

    assert (meeting.slot_id, meeting.sequence) == (fair.slots[1].id, 1)
    assert seats() == sorted([(fair.ana.id, fair.slots[1].id, "meeting"), (fair.ben.id, fair.slots[1].id, "meeting")])
    assert {mail["Subject"] for mail in MEMORY} == {
        "Your meeting with Ben Berg has moved (Fair)",
        "Your meeting with Ana Alvarez has moved (Fair)",
    }


def test_moving_to_where_it_is_changes_nothing(fair):
    meeting = book(fair)
    MEMORY.clear()

    move(fair, meeting, 0)

    assert (meeting.sequence, MEMORY) == (0, [])


def test_moving_keeps_the_place_where_it_is_free(fair):
    with transaction():
        tables = factories.make_places(fair.event, 2)
    meeting = book(fair, place=tables[1])

    move(fair, meeting, 1)

    assert meeting.place_id == tables[1].id


def test_moving_within_the_slot_changes_the_place_only(fair):
    with transaction():
        tables = factories.make_places(fair.event, 2)
    meeting = book(fair)

    move(fair, meeting, 0, tables[1], actor=fair.olga)

    assert (meeting.place_id, meeting.sequence, len(seats())) == (tables[1].id, 1, 2)
    entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "meeting.moved")).one()
    assert entry.changes["place"] == [tables[0].id, tables[1].id]


def test_a_move_into_an_occupied_slot_leaves_everything_as_it_was(fair):
    meeting = book(fair)
    book(fair, 1, accepted(fair, fair.ben), by=None)
    before = seats()

    with pytest.raises(SlotTaken, match="Ben Berg is not free"):
        move(fair, meeting, 1)

    assert (seats(), meeting.slot_id, meeting.sequence) == (before, fair.slots[0].id, 0)


def test_a_move_to_a_taken_place_leaves_everything_as_it_was(fair):
    with transaction():
        tables = factories.make_places(fair.event, 2)
    meeting = book(fair)
    book(fair, 0, accepted(fair, factories_participant(fair)), by=None)

    with pytest.raises(SlotTaken, match="No place is free"):
        move(fair, meeting, 0, tables[1])

    assert meeting.place_id == tables[0].id


def test_moving_the_last_place_in_a_full_slot_keeps_it(fair):
    with transaction():
        factories.make_places(fair.event, 1)
    meeting = book(fair)

    move(fair, meeting, 0)

    assert meeting.sequence == 0


def test_people_can_not_move_what_the_organiser_fixed(fair):
    meeting = book(fair)
    with transaction():
        services.set_locked(meeting, locked=True, actor=fair.olga)
        services.set_locked(meeting, locked=True, actor=fair.olga)

    with pytest.raises(NotAllowed, match="fixed"):
        move(fair, meeting, 1, by=fair.ana)
    move(fair, meeting, 1, actor=fair.olga)

    actions = db.session.scalars(db.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["meeting.locked", "meeting.moved"]


def test_unlocking_is_recorded(fair):
    meeting = book(fair)
    with transaction():
        services.set_locked(meeting, locked=True, actor=fair.olga)
    with transaction():
        services.set_locked(meeting, locked=False, actor=fair.olga)

    assert db.session.scalars(db.select(AuditEntry.action).order_by(AuditEntry.id)).all()[-1] == "meeting.unlocked"


def test_people_can_not_move_without_self_booking(fair):
    meeting = book(fair)
    rules(fair.event, self_booking=False)

    with pytest.raises(NotAllowed, match="by the organiser"):
        move(fair, meeting, 1, by=fair.ana)


def test_a_meeting_that_has_begun_is_neither_moved_nor_cancelled(fair):
    meeting = book(fair)
    clock.freeze(fair.slots[0].starts_at)

    with pytest.raises(Conflict, match="has begun"):
        move(fair, meeting, 2)
    with pytest.raises(Conflict, match="has begun"), transaction():
        services.cancel(meeting, by=fair.ana)


def test_cancelling_frees_people_and_place_and_closes_the_request(fair):
    with transaction():
        factories.make_places(fair.event, 1)
    meeting = book(fair)
    MEMORY.clear()

    with transaction():
        services.cancel(meeting, by=fair.ana, reason=" Ill ")

    assert (meeting.state, meeting.sequence, meeting.cancel_reason) == ("cancelled", 1, "Ill")
    assert (seats(), fair.request.state) == ([], "withdrawn")
    texts = {mail["To"]: mail.get_payload(0).get_payload(0).get_payload(decode=True).decode() for mail in MEMORY}
    assert "You cancelled this meeting" in texts[fair.ana.user.email]
    assert "Ana Alvarez cancelled your meeting" in texts[fair.ben.user.email]
    assert "Reason: Ill" in texts[fair.ben.user.email]
    calendar = next(part for part in MEMORY[0].walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "CANCEL"
    again = accepted(fair, fair.ana, fair.ben)
    assert book(fair, 0, again).place_id == meeting.place_id


def test_an_organiser_may_leave_the_request_open_for_the_next_plan(fair):
    meeting = book(fair)

    with transaction():
        services.cancel(meeting, actor=fair.olga, reason="Fire drill", keep_request=True)

    assert fair.request.state == "accepted"
    assert book(fair, 1).id != meeting.id
    entry = db.session.scalars(db.select(AuditEntry)).one()
    assert (entry.action, entry.changes) == ("meeting.cancelled", {"reason": "Fire drill"})
    assert "The organiser cancelled" in MEMORY[2].get_payload(0).get_payload(0).get_payload(decode=True).decode()


def test_cancelling_twice_is_refused(fair):
    meeting = book(fair)
    with transaction():
        services.cancel(meeting)

    with pytest.raises(Conflict, match="was cancelled"), transaction():
        services.cancel(meeting)


def test_who_leaves_takes_everything_along(fair):
    meeting = book(fair)
    waiting = accepted(fair, fair.ana)
    with transaction():
        sent = factories.make_request(fair.ana, factories.make_participant(fair.event))
        received = factories.make_request(factories.make_participant(fair.event), fair.ana)
    MEMORY.clear()

    with transaction():
        fair.ana.state = "cancelled"
        participant_left.send(fair.ana)

    assert (meeting.state, meeting.cancelled_by_id, seats()) == ("cancelled", fair.ana.id, [])
    assert [waiting.state, sent.state, received.state] == ["withdrawn", "withdrawn", "expired"]
    assert "Ana Alvarez can't meet you any more (Fair)" in {mail["Subject"] for mail in MEMORY}


def test_what_took_place_stays_when_somebody_leaves(fair):
    past, future = book(fair), book(fair, 2, accepted(fair, fair.ana))
    clock.freeze(fair.slots[1].starts_at)

    with transaction():
        assert services.cancel_all_of(fair.ana) == 1

    assert (past.state, future.state, fair.request.state) == ("scheduled", "cancelled", "accepted")


def test_free_slots_are_those_both_and_a_place_have(fair):
    with transaction():
        factories.make_places(fair.event, 1)
        services.set_availability(fair.ana, [fair.slots[0].id], [])
    book(fair, 1, accepted(fair, fair.ben), by=None)
    book(fair, 2, accepted(fair, factories_participant(fair)), by=None)

    assert queries.free_slots(fair.ana, fair.ben) == [fair.slots[3]]
    assert queries.occupancy(fair.event.id) == {fair.slots[1].id: 1, fair.slots[2].id: 1}


def test_free_slots_are_still_to_come(fair):
    clock.freeze(fair.slots[1].starts_at)

    assert queries.free_slots(fair.ana, fair.ben) == fair.slots[2:]


def test_a_notice_about_an_earlier_state_sends_nothing(fair):
    meeting = book(fair)
    move(fair, meeting, 1)
    MEMORY.clear()

    notices.meeting_confirmed(meeting.id, 0)
    notices.meeting_moved(meeting.id, 1)

    assert MEMORY == []


def test_meetings_come_in_order_without_the_cancelled(fair):
    later, earlier = book(fair, 2), book(fair, 0, accepted(fair, fair.ana))
    gone = book(fair, 3, accepted(fair, fair.ana))
    with transaction():
        services.cancel(gone)

    assert queries.meetings_of(fair.ana) == [earlier, later]
    assert queries.meetings_of(fair.ana, with_cancelled=True) == [earlier, later, gone]


def test_rating_is_for_meetings_that_are_over(fair):
    meeting = book(fair)
    said = services.RatingInput(took_place=True, stars=4, outcome="agreement", comment=" Good ", note="Call")
    clock.freeze(fair.slots[0].ends_at - timedelta(seconds=1))
    with pytest.raises(Conflict, match="once it is over"), transaction():
        services.rate(meeting, fair.ana, said)

    clock.freeze(fair.slots[0].ends_at)
    with transaction():
        rating = services.rate(meeting, fair.ana, said)

    assert (meeting.state, rating.stars, rating.outcome, rating.comment, rating.note) == (
        "held", 4, "agreement", "Good", "Call")  # fmt: skip


def test_a_meeting_is_missed_when_nobody_says_it_took_place(fair):
    meeting = book(fair)
    clock.freeze(fair.slots[0].ends_at)
    missed = services.RatingInput(took_place=False, stars=4, outcome="agreement", comment="", note="")
    held = services.RatingInput(took_place=True, stars=None, outcome="", comment="", note="")

    with transaction():
        rating = services.rate(meeting, fair.ana, missed)
    assert (meeting.state, rating.stars, rating.outcome) == ("missed", None, "")

    with transaction():
        services.rate(meeting, fair.ben, held)
    assert meeting.state == "held"


def test_unknown_outcomes_are_refused(fair):
    meeting = book(fair)
    clock.freeze(fair.slots[0].ends_at)

    with pytest.raises(Exception, match="from the list"), transaction():
        services.rate(meeting, fair.ana, services.RatingInput(True, 3, "marriage", "", ""))


def test_the_overview_tells_what_waits_and_when_the_next_meeting_is(fair, app):
    with transaction():
        fair.ana.user.timezone = "Europe/Athens"
        factories.make_request(factories.make_participant(fair.event), fair.ana)
    book(fair)

    with app.test_request_context():
        facts = {fact.term: fact for fact in facts_about(fair.ana)}

    assert (facts["Requests to answer"].text, facts["Requests to answer"].step) == ("1", "Answer them")
    assert facts["Next meeting"].text == "Tue 8 Dec 2026, 10:00 with Ben Berg (your time)"


def test_the_overview_says_nothing_about_meetings_where_there_are_none(fair, app):
    with transaction():
        fair.event.has_meetings = False

    with app.test_request_context():
        assert "Requests to answer" not in {fact.term for fact in facts_about(fair.ana)}


def test_without_requests_there_is_nothing_to_do(fair, app):
    with app.test_request_context():
        facts = {fact.term: fact for fact in facts_about(fair.ana)}

    assert (facts["Requests to answer"].text, facts["Requests to answer"].step) == ("0", "")
    assert "Next meeting" not in facts
