"""What makes a draft outdated, each kind of change with its sentence."""

from datetime import timedelta

import pytest

from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.meetings.models import RequestState
from matchmaker.meetings.services import cancel, move
from matchmaker.scheduling import changes, queries
from matchmaker.scheduling.errors import NotADraft, PlanOutdated
from matchmaker.scheduling.options import Keep, Options
from tests import factories
from tests.scheduling import planning


@pytest.fixture
def fair(cast):
    """Ana meets Ben, Cora meets Dan; four slots, two tables."""
    with transaction():
        planning.rules(cast.event, online_places=False, max_meetings=5)
        cast.slots = planning.slots(cast, places=2)
        cast.cora, cast.dan = (
            factories.make_participant(cast.event, factories.make_user(name)) for name in ("Cora Cruz", "Dan Dietz")
        )
        cast.request = planning.agreed(cast.ana, cast.ben)
        cast.second = planning.agreed(cast.cora, cast.dan)
    return cast


def changed(run):
    return changes.since(run, queries.situation_of(run.event_id))


def placed(run, request):
    return next(row for row in queries.draft_of(run) if row.request_id == request.id)


def test_nothing_changed(fair):
    assert changed(planning.run(fair)) == []


def test_a_request_was_withdrawn(fair):
    run = planning.run(fair)
    with transaction():
        fair.request.state = RequestState.WITHDRAWN

    assert changed(run) == ["No longer accepted: Ana Alvarez – Ben Berg."]


def test_a_request_was_newly_accepted(fair):
    run = planning.run(fair)
    with transaction():
        planning.agreed(fair.ana, fair.cora)

    assert changed(run) == ["Newly accepted: Ana Alvarez – Cora Cruz."]


def test_many_changes_are_counted(fair):
    run = planning.run(fair)
    with transaction():
        for _ in range(7):
            planning.agreed(fair.ana, factories.make_participant(fair.event))

    [sentence] = changed(run)
    assert sentence.startswith("Newly accepted: Ana Alvarez – ")
    assert sentence.endswith(" and 2 more.")


def test_somebody_blocked_or_freed_a_slot(fair):
    with transaction():
        seat = planning.blocked(fair.dan, fair.slots[3])
    run = planning.run(fair)
    with transaction():
        db.session.delete(seat)
        planning.blocked(fair.ana, fair.slots[0])

    [sentence] = changed(run)
    assert sorted(sentence.removeprefix("Availability changed: ").rstrip(".").split(", ")) == [
        "Ana Alvarez",
        "Dan Dietz",
    ]


def test_another_time_zone_of_a_participant_is_no_change(fair):
    run = planning.run(fair)
    with transaction():
        fair.ana.user.timezone = "Europe/Vilnius"

    assert changed(run) == []


def test_a_participant_left(fair):
    run = planning.run(fair)
    with transaction():
        fair.ben.state = "cancelled"

    assert changed(run) == ["No longer taking part: Ben Berg."]


def test_slots_were_added_removed_and_moved(fair):
    run = planning.run(fair)
    taken = {row.slot_id for row in queries.draft_of(run)}
    free = [slot for slot in fair.slots if slot.id not in taken]
    with transaction():
        end = fair.slots[-1].ends_at + timedelta(hours=1)
        factories.stored(type(free[0])(event_id=fair.event.id, starts_at=end, ends_at=end + timedelta(minutes=20)))
        db.session.delete(free[-1])
        free[0].starts_at += timedelta(minutes=1)

    assert changed(run) == ["Slots were removed.", "Slots were added.", "Slots were moved."]


def test_a_place_is_gone(fair):
    run = planning.run(fair)
    with transaction():
        db.session.delete(planning.tables(fair.event)[0])

    assert "Places were added or removed." in changed(run)


def test_the_order_of_places_is_no_change(fair):
    run = planning.run(fair)
    with transaction():
        for place in planning.tables(fair.event):
            place.position = 10 - place.position

    assert changed(run) == []


def test_the_maximum_of_meetings_was_lowered(fair):
    run = planning.run(fair)
    with transaction():
        planning.rules(fair.event, max_meetings=1)

    assert changed(run) == ["The maximum of meetings was changed."]


def test_a_meeting_was_locked_elsewhere(fair):
    first = planning.run(fair)
    planning.publish(first, fair)
    run = planning.run(fair)
    [meeting] = [each for each in planning.live(fair.event) if each.request_id == fair.request.id]
    clock.freeze(clock.now() + timedelta(minutes=1))
    with transaction():
        free = next(slot for slot in fair.slots if slot.id not in (meeting.slot_id, placed(run, fair.request).slot_id))
        move(meeting, free)
        meeting.is_locked = True

    assert changed(run) == [
        "Has to stay where it is: Ana Alvarez – Ben Berg.",
        "Booked, moved or cancelled since: Ana Alvarez – Ben Berg.",
    ]


def test_a_lock_where_the_draft_has_the_meeting_anyway_is_no_change(fair):
    planning.publish(planning.run(fair), fair)
    run = planning.run(fair, Options(seconds=2, keep=Keep.ALL))
    with transaction():
        for meeting in planning.live(fair.event):
            meeting.is_locked = True

    assert changed(run) == []


def test_a_meeting_was_cancelled_by_hand(fair):
    planning.publish(planning.run(fair), fair)
    run = planning.run(fair, Options(seconds=2, objective=("placed", "changes")))
    clock.freeze(clock.now() + timedelta(minutes=1))
    with transaction():
        cancel(planning.live(fair.event)[0], actor=fair.olga, keep_request=True)

    assert changed(run) == ["Booked, moved or cancelled since: Ana Alvarez – Ben Berg."]


def test_a_slot_began_in_the_meantime(fair):
    run = planning.run(fair)
    clock.freeze(fair.slots[3].starts_at)

    assert changed(run) == ["2 of its meetings would lie in the past by now."]


def test_a_meeting_that_began_where_the_draft_has_it_is_no_change(fair):
    planning.publish(planning.run(fair), fair)
    run = planning.run(fair, Options(seconds=2, keep=Keep.ALL))
    clock.freeze(fair.slots[3].starts_at)

    assert changed(run) == []


def test_a_draft_of_an_older_version_without_its_moment_is_compared_all_the_same(fair):
    run = planning.run(fair)
    with transaction():
        run.figures = {name: value for name, value in run.figures.items() if name != "made_at"}
        planning.agreed(fair.ana, fair.cora)

    assert changed(run) == ["Newly accepted: Ana Alvarez – Cora Cruz."]


def test_an_outdated_draft_changes_nothing(fair):
    run = planning.run(fair)
    with transaction():
        planning.blocked(fair.ana, fair.slots[0])

    with pytest.raises(PlanOutdated) as caught:
        planning.publish(run, fair)

    assert caught.value.items == ["Availability changed: Ana Alvarez."]
    assert (run.state, planning.live(fair.event)) == ("draft", [])


def test_a_draft_is_published_once(fair):
    run = planning.run(fair)
    planning.publish(run, fair)

    with pytest.raises(NotADraft):
        planning.publish(run, fair)
    assert len(planning.live(fair.event)) == 2


def test_a_later_publication_replaces_the_earlier_one(fair):
    first = planning.run(fair)
    planning.publish(first, fair)
    second = planning.run(fair, Options(seconds=2, keep=Keep.ALL))
    planning.publish(second, fair)

    db.session.refresh(first)
    assert (first.state, second.state) == ("replaced", "published")
    assert len(planning.live(fair.event)) == 2
