"""Publishing a whole plan: the difference is put into effect at once, or nothing is."""

import pytest

from matchmaker.audit import AuditEntry
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.mail import MEMORY
from matchmaker.meetings import queries, services
from matchmaker.meetings.errors import PlanRefused
from matchmaker.meetings.models import Meeting, MeetingSettings, Seat
from matchmaker.meetings.services import Placement
from tests import factories


@pytest.fixture
def fair(cast):
    """Three pairs with accepted requests, four slots, two tables."""
    with transaction():
        cast.slots = factories.make_slots(cast.event)
        cast.tables = factories.make_places(cast.event, 2)
        cast.requests = [
            factories.make_request(
                factories.make_participant(cast.event, factories.make_user(f"Ann {n}")),
                factories.make_participant(cast.event, factories.make_user(f"Bob {n}")),
                state="accepted",
            )
            for n in range(3)
        ]
    return cast


def plan(fair, *placements):
    """Placements as (request, slot, table) numbers."""
    return [
        Placement(fair.requests[r].id, fair.slots[s].id, None if t is None else fair.tables[t].id)
        for r, s, t in placements
    ]


def publish(fair, *placements):
    with transaction():
        return services.publish_plan(fair.event, plan(fair, *placements), fair.olga)


def stands(fair):
    """The live meetings as (request, slot, table) numbers."""
    requests = {request.id: n for n, request in enumerate(fair.requests)}
    slots = {slot.id: n for n, slot in enumerate(fair.slots)}
    tables = {table.id: n for n, table in enumerate(fair.tables)} | {None: None}
    live = db.session.scalars(db.select(Meeting).where(Meeting.state != "cancelled"))
    seated = {
        (s.meeting_id, s.participant_id, s.slot_id)
        for s in db.session.scalars(db.select(Seat).where(Seat.meeting_id.is_not(None)))
    }
    found = []
    expected = set()
    for meeting in live:
        found.append((requests[meeting.request_id], slots[meeting.slot_id], tables[meeting.place_id]))
        expected |= {(meeting.id, who, meeting.slot_id) for who in (meeting.first_id, meeting.second_id)}
    assert seated == expected
    return sorted(found)


def counts(result):
    return len(result.created), len(result.moved), len(result.cancelled), len(result.kept)


def test_a_first_plan_creates_all_and_tells_everybody(fair):
    result = publish(fair, (0, 0, 0), (1, 0, 1), (2, 1, 0))

    assert counts(result) == (3, 0, 0, 0)
    assert stands(fair) == [(0, 0, 0), (1, 0, 1), (2, 1, 0)]
    assert len(MEMORY) == 6
    entry = db.session.scalars(db.select(AuditEntry)).one()
    assert (entry.action, entry.changes["created"]) == ("plan.published", 3)


def test_plain_tuples_are_understood(fair):
    with transaction():
        result = services.publish_plan(fair.event, [(fair.requests[0].id, fair.slots[0].id, None)], fair.olga)

    assert counts(result) == (1, 0, 0, 0)


def test_the_same_plan_again_changes_and_tells_nothing(fair):
    publish(fair, (0, 0, 0), (1, 0, 1))
    MEMORY.clear()

    result = publish(fair, (0, 0, 0), (1, 0, 1))

    assert (counts(result), MEMORY) == ((0, 0, 0, 2), [])


def test_two_meetings_swap_slots(fair):
    with transaction():
        fair.requests[1] = factories.make_request(fair.requests[0].sender, fair.requests[1].receiver, state="accepted")
    publish(fair, (0, 0, 0), (1, 1, 0))

    result = publish(fair, (0, 1, 0), (1, 0, 0))

    assert counts(result) == (0, 2, 0, 0)
    assert stands(fair) == [(0, 1, 0), (1, 0, 0)]


def test_two_meetings_swap_tables(fair):
    publish(fair, (0, 0, 0), (1, 0, 1))

    result = publish(fair, (0, 0, 1), (1, 0, 0))

    assert counts(result) == (0, 2, 0, 0)
    assert stands(fair) == [(0, 0, 1), (1, 0, 0)]


def test_a_new_meeting_takes_what_a_cancelled_one_held(fair):
    publish(fair, (0, 0, 0), (1, 0, 1))
    MEMORY.clear()

    result = publish(fair, (2, 0, 0), (1, 0, 1))

    assert counts(result) == (1, 0, 1, 1)
    assert stands(fair) == [(1, 0, 1), (2, 0, 0)]
    assert result.cancelled[0].sequence == 1
    assert fair.requests[0].state == "accepted"
    assert len(MEMORY) == 4


def test_only_what_moved_rises_in_sequence(fair):
    result = publish(fair, (0, 0, 0), (1, 0, 1))
    first, second = sorted(result.created, key=lambda meeting: meeting.request_id)

    publish(fair, (0, 2, 0), (1, 0, 1))

    assert (first.sequence, second.sequence) == (1, 0)


def test_locked_meetings_are_never_touched(fair):
    (meeting,) = publish(fair, (0, 0, 0)).created
    with transaction():
        services.set_locked(meeting, locked=True, actor=fair.olga)

    assert counts(publish(fair)) == (0, 0, 0, 1)
    assert counts(publish(fair, (0, 2, 1))) == (0, 0, 0, 1)
    assert stands(fair) == [(0, 0, 0)]


def test_past_meetings_are_never_touched(fair):
    publish(fair, (0, 0, 0), (1, 2, 0))
    clock.freeze(fair.slots[0].starts_at)

    result = publish(fair)

    assert counts(result) == (0, 0, 1, 1)
    assert stands(fair) == [(0, 0, 0)]


def refused(fair, *placements):
    before = stands(fair)
    with pytest.raises(PlanRefused) as caught:
        publish(fair, *placements)
    assert stands(fair) == before
    return caught.value.items


def test_a_plan_against_a_locked_meeting_is_refused(fair):
    (meeting,) = publish(fair, (0, 0, 0)).created
    with transaction():
        services.set_locked(meeting, locked=True, actor=fair.olga)

    assert refused(fair, (1, 0, 0)) == ["Tue 8 Dec 2026, 09:00: Table 1 is occupied."]


def test_a_plan_that_needs_somebody_twice_is_refused(fair):
    with transaction():
        fair.requests[1] = factories.make_request(fair.requests[0].sender, fair.requests[1].receiver, state="accepted")

    assert refused(fair, (0, 0, 0), (1, 0, 1)) == ["Tue 8 Dec 2026, 09:00: Ann 0 is occupied."]


def test_a_plan_over_an_absence_is_refused(fair):
    with transaction():
        services.set_availability(fair.requests[0].receiver, [fair.slots[0].id], [])

    assert refused(fair, (0, 0, 0)) == ["Tue 8 Dec 2026, 09:00: Bob 0 is occupied."]


def test_a_plan_with_a_withdrawn_request_is_refused(fair):
    with transaction():
        fair.requests[0].state = "withdrawn"

    assert refused(fair, (0, 0, 0)) == [f"Request {fair.requests[0].id} is not accepted any more."]


def test_a_plan_with_a_request_twice_is_refused(fair):
    assert refused(fair, (0, 0, 0), (0, 1, 0)) == []


def test_a_plan_into_the_past_is_refused(fair):
    clock.freeze(fair.slots[1].starts_at)

    assert refused(fair, (0, 1, 0)) == ["Ann 0, Bob 0: the slot has begun."]


def test_a_plan_with_slots_and_places_of_another_event_is_refused(fair):
    with transaction():
        foreign = factories.make_slots(fair.other_event)[0].id
    placements = [Placement(fair.requests[0].id, foreign), Placement(fair.requests[1].id, fair.slots[0].id, 10**6)]

    with pytest.raises(PlanRefused) as caught, transaction():
        services.publish_plan(fair.event, placements, fair.olga)

    assert caught.value.items == [
        "Ann 0, Bob 0: the slot or place no longer exists.",
        "Ann 1, Bob 1: the slot or place no longer exists.",
    ]


def test_the_index_refuses_what_the_check_missed(fair, monkeypatch):
    publish(fair, (0, 0, 0))
    monkeypatch.setattr("matchmaker.meetings.services.publishing._clashes", lambda *_: [])

    assert refused(fair, (0, 0, 0), (1, 0, 0)) == []


def test_online_meetings_of_a_plan_get_rooms(fair):
    with transaction():
        rules = db.session.scalar(db.select(MeetingSettings).where(MeetingSettings.event_id == fair.event.id))
        rules.join_link_template = "https://meet.example/{meeting}"
    (meeting,) = publish(fair, (0, 0, None)).created
    assert meeting.join_link.startswith("https://meet.example/")

    publish(fair, (0, 0, 1))

    assert meeting.join_link == ""


def test_the_number_of_statements_does_not_grow_with_the_plan(fair, count_statements):
    def selects(pairs):
        with transaction():
            event = factories.make_event()
            slots = factories.make_slots(event, 4)
            people = [(factories.make_participant(event), factories.make_participant(event)) for _ in range(pairs)]
            requests = [factories.make_request(a, b, state="accepted") for a, b in people]
            placements = [Placement(r.id, slots[n % 4].id) for n, r in enumerate(requests)]
        db.session.expire_all()
        with transaction(), count_statements() as counter:
            services.publishing._compare(event, placements)
            services.publishing._check(event, services.publishing._compare(event, placements))
        return counter.count

    assert selects(3) == selects(30)


def test_what_is_published_can_be_read_back(fair):
    publish(fair, (0, 0, 0), (1, 2, None))

    meetings = queries.meetings_of_requests([request.id for request in fair.requests])

    assert {request_id: meeting.slot_id for request_id, meeting in meetings.items()} == {
        fair.requests[0].id: fair.slots[0].id,
        fair.requests[1].id: fair.slots[2].id,
    }
