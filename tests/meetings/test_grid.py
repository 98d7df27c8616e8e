"""Cutting blocks into slots, making them, and what becomes of meetings and absences when they change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from matchmaker.audit import AuditEntry
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.errors import Conflict, Invalid
from matchmaker.events.signals import event_changed
from matchmaker.mail import MEMORY
from matchmaker.meetings import grids, queries, services
from matchmaker.meetings.errors import Occupied
from matchmaker.meetings.models import MeetingBlock, Place, Slot
from matchmaker.meetings.services import BlockInput, SettingsInput
from matchmaker.meetings.services.grid import cut, moment_of
from tests import factories

DAY = date(2026, 12, 8)
SETTINGS = SettingsInput(20, 5, True, "", 20, None, None, True)


def block(day=DAY, starts="09:00", ends="10:00"):
    return BlockInput(day, time.fromisoformat(starts), time.fromisoformat(ends))


def add(cast, *wanted):
    with transaction():
        return [services.add_block(cast.event, each, cast.olga) for each in wanted]


def make(cast):
    with transaction():
        return services.make_slots(cast.event, cast.olga)


def hours(cast):
    return [f"{slot.starts_at:%H:%M}" for slot in queries.slots_of(cast.event.id)]


def starts(zone, day, first, last, slot=60, gap=0):
    spell = MeetingBlock(day=day, starts=time.fromisoformat(first), ends=time.fromisoformat(last))
    return [f"{each.starts_at:%H:%M}" for each in cut([spell], ZoneInfo(zone), slot, gap)]


def test_slots_are_cut_with_gaps_and_none_runs_over_the_end():
    assert starts("UTC", DAY, "09:00", "10:05", 20, 5) == ["09:00", "09:25"]
    assert starts("UTC", DAY, "09:00", "10:10", 20, 5) == ["09:00", "09:25", "09:50"]


def test_a_block_shorter_than_a_slot_gives_none():
    assert starts("UTC", DAY, "09:00", "09:15", 20) == []


def test_the_day_on_which_the_clocks_go_forward_is_an_hour_shorter():
    assert starts("Europe/Brussels", date(2027, 3, 28), "01:00", "05:00") == ["00:00", "01:00", "02:00"]


def test_the_day_on_which_the_clocks_go_back_is_an_hour_longer():
    assert len(starts("Europe/Brussels", date(2026, 10, 25), "01:00", "05:00")) == 5


def test_a_time_that_the_clocks_skip_does_not_exist():
    assert moment_of(date(2027, 3, 28), time(2, 30), ZoneInfo("Europe/Brussels")) is None


def test_of_a_repeated_hour_the_first_counts():
    moment = moment_of(date(2026, 10, 25), time(2, 30), ZoneInfo("Europe/Brussels"))

    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_repeated_hour_has_two_rows_in_the_grid():
    spell = MeetingBlock(day=date(2026, 10, 25), starts=time(1), ends=time(4))

    grid = grids.layout(cut([spell], ZoneInfo("Europe/Brussels"), 60, 0), "Europe/Brussels")

    assert [row.time for row in grid.rows] == ["01:00", "02:00", "02:00", "03:00"]


def test_slots_are_made_from_blocks_on_the_wall_clock_of_the_event(cast):
    add(cast, block(starts="14:00", ends="14:50"), block(starts="09:00", ends="09:50"))

    change = make(cast)

    assert hours(cast) == ["08:00", "08:25", "13:00", "13:25"]
    assert (len(change.new), change.kept, change.gone) == (4, [], [])


def test_making_slots_twice_changes_nothing(cast):
    add(cast, block())
    make(cast)
    ids = [slot.id for slot in queries.slots_of(cast.event.id)]

    change = make(cast)

    assert change.is_empty
    assert [slot.id for slot in queries.slots_of(cast.event.id)] == ids


def test_slots_that_stay_keep_their_meetings(cast):
    add(cast, block())
    make(cast)
    with transaction():
        slot = queries.slots_of(cast.event.id)[0]
        meeting = factories.make_meeting(factories.make_request(cast.ana, cast.ben), slot)
    add(cast, block(starts="11:00", ends="11:20"))

    make(cast)

    assert (meeting.slot.starts_at, hours(cast)) == (slot.starts_at, ["08:00", "08:25", "10:00"])


def test_a_change_that_would_remove_an_occupied_slot_is_refused_with_the_list(cast):
    (stored,) = add(cast, block())
    make(cast)
    with transaction():
        slot = queries.slots_of(cast.event.id)[1]
        factories.make_meeting(factories.make_request(cast.ana, cast.ben), slot)
        services.remove_block(stored, cast.olga)

    with pytest.raises(Occupied) as caught:
        make(cast)

    assert caught.value.items == ["Tue 8 Dec 2026, 09:25: Ana Alvarez, Ben Berg"]
    assert len(hours(cast)) == 2


def test_slots_with_cancelled_meetings_may_go(cast):
    (stored,) = add(cast, block())
    make(cast)
    with transaction():
        slot = queries.slots_of(cast.event.id)[0]
        services.cancel(factories.make_meeting(factories.make_request(cast.ana, cast.ben), slot))
        services.remove_block(stored, cast.olga)

    make(cast)

    assert hours(cast) == []


def test_absences_move_to_the_new_slots_that_overlap(cast):
    add(cast, block())
    make(cast)
    with transaction():
        first = queries.slots_of(cast.event.id)[0]
        services.set_availability(cast.ana, [first.id], [])
        services.save_settings(cast.event, SettingsInput(10, 0, True, "", 20, None, None, True), 1, cast.olga)

    make(cast)

    blocked = [f"{seat.slot.starts_at:%H:%M}" for seat in queries.seats_of(cast.ana).values()]
    assert sorted(blocked) == ["08:00", "08:10"]


def test_kept_slots_belong_to_the_block_that_gives_them_now(cast):
    (stored,) = add(cast, block())
    make(cast)
    with transaction():
        services.remove_block(stored, cast.olga)
    (anew,) = add(cast, block())
    make(cast)

    assert {slot.block_id for slot in queries.slots_of(cast.event.id)} == {anew.id}


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (block(day=date(2026, 12, 10)), "day"),
        (block(starts="10:00", ends="10:00"), "ends"),
        (block(starts="09:30", ends="11:00"), "starts"),
        (block(starts="08:00", ends="12:00"), "starts"),
    ],
)
def test_blocks_that_make_no_sense_are_refused(cast, wanted, field):
    add(cast, block())

    with pytest.raises(Invalid) as caught:
        add(cast, wanted)

    assert caught.value.field == field


def test_blocks_may_touch(cast):
    add(cast, block(), block(starts="10:00", ends="11:00"))

    assert len(queries.blocks_of(cast.event.id)) == 2


def test_a_block_can_not_begin_in_an_hour_that_the_clocks_skip(cast):
    with transaction():
        cast.event.starts_at = datetime(2027, 3, 27, 8, tzinfo=UTC)
        cast.event.ends_at = datetime(2027, 3, 28, 20, tzinfo=UTC)

    with pytest.raises(Invalid, match="skip this time"):
        add(cast, block(day=date(2027, 3, 28), starts="02:30", ends="05:00"))


def test_a_block_may_be_changed_over_itself(cast):
    (stored,) = add(cast, block())

    with transaction():
        services.edit_block(stored, block(starts="09:30", ends="11:00"), cast.olga)

    assert (stored.starts, stored.ends) == (time(9, 30), time(11))


def test_settings_are_stored_and_recorded(cast):
    closes = datetime(2026, 12, 1, tzinfo=UTC)
    with transaction():
        rules = services.save_settings(
            cast.event, SettingsInput(30, 0, False, "https://x.example/{meeting}", 5, 8, closes, False), 1, cast.olga
        )

    assert (rules.slot_minutes, rules.requests_close_at, rules.version) == (30, closes, 2)
    changes = db.session.scalars(db.select(AuditEntry)).one().changes
    assert changes["slot_minutes"] == [20, 30]
    assert changes["requests_close_at"] == [None, closes.isoformat()]


def test_settings_of_an_event_without_any_are_the_defaults_until_stored(cast):
    with transaction():
        event = factories.make_event()
        assert queries.rules_of(event.id).version == 0
        services.save_settings(event, SETTINGS, 0, cast.olga)

    assert queries.rules_of(event.id).version == 1


def test_a_stale_form_of_settings_is_refused(cast):
    with transaction():
        services.save_settings(cast.event, SETTINGS, 1, cast.olga)
        services.save_settings(cast.event, SettingsInput(30, 5, True, "", 20, None, None, True), 1, cast.olga)

    with pytest.raises(Conflict, match="Somebody else"), transaction():
        services.save_settings(cast.event, SETTINGS, 1, cast.olga)


def test_other_braces_in_the_link_are_refused(cast):
    with pytest.raises(Invalid) as caught, transaction():
        services.save_settings(
            cast.event, SettingsInput(20, 5, True, "https://x.example/{room}", 20, None, None, True), 1, cast.olga
        )

    assert caught.value.field == "join_link_template"


def test_places_are_numbered_on(cast):
    with transaction():
        services.add_places(cast.event, "table", 2, "Table", cast.olga)
        services.add_places(cast.event, "table", 1, " Table ", cast.olga)
        services.add_places(cast.event, "online", 1, "Room", cast.olga)

    assert [(place.name, place.kind, place.position) for place in queries.places_of(cast.event.id)] == [
        ("Table 1", "table", 0), ("Table 2", "table", 1), ("Table 3", "table", 2), ("Room 1", "online", 3),
    ]  # fmt: skip


def test_there_is_an_end_to_places(cast):
    with pytest.raises(Invalid), transaction():
        services.add_places(cast.event, "table", 501, "Table", cast.olga)


def test_a_place_can_not_take_the_name_of_another(cast):
    with transaction():
        one, _other = factories.make_places(cast.event, 2)

    with transaction():
        with pytest.raises(Conflict, match="already"):
            services.rename_place(one, "Table 2", "", cast.olga)
        services.rename_place(one, "Corner ", " https://x.example ", cast.olga)

    assert (one.name, one.join_link) == ("Corner", "https://x.example")


def test_a_place_in_use_stays(cast):
    with transaction():
        place, unused = factories.make_places(cast.event, 2)
        slot = factories.make_slots(cast.event)[0]
        meeting = factories.make_meeting(factories.make_request(cast.ana, cast.ben), slot, place)

    with pytest.raises(Occupied) as caught, transaction():
        services.remove_place(place, cast.olga)
    assert caught.value.items == ["Tue 8 Dec 2026, 09:00: Ana Alvarez, Ben Berg"]

    clock.freeze(slot.ends_at)
    with transaction():
        services.remove_place(place, cast.olga)
        services.remove_place(unused, cast.olga)
    db.session.refresh(meeting)
    assert (meeting.place_id, db.session.query(Place).count()) == (None, 0)


def announce_zone(cast, zone, kept="wall_clock"):
    with transaction():
        before, cast.event.timezone = cast.event.timezone, zone
        event_changed.send(cast.event, changes={"timezone": (before, zone)}, kept=kept)


@pytest.mark.parametrize(("zone", "expected"), [("Europe/Athens", "07:00"), ("Europe/London", "09:00")])
def test_a_new_zone_keeps_the_wall_clock_of_slots_and_tells_people(cast, zone, expected):
    with transaction():
        slots = factories.make_slots(cast.event, 4, minutes=60)
        meeting = factories.make_meeting(factories.make_request(cast.ana, cast.ben), slots[0])

    announce_zone(cast, zone)

    assert hours(cast)[0] == expected
    assert len(hours(cast)) == 4
    told = [mail["To"] for mail in MEMORY if "Your meeting" in mail["Subject"]]
    assert (meeting.sequence, told) == (1, [cast.ana.user.email, cast.ben.user.email])


def test_a_new_zone_may_keep_the_moments_instead(cast):
    with transaction():
        factories.make_slots(cast.event, 1)

    announce_zone(cast, "Europe/Athens", kept="moment")
    with transaction():
        event_changed.send(cast.event, changes={"venue": ("", "Hall")}, kept="moment")

    assert hours(cast) == ["08:00"]


@pytest.mark.parametrize(
    ("start", "minutes", "night"),
    [("06:59", 20, True), ("07:00", 20, False), ("21:40", 20, False), ("21:41", 20, True), ("23:50", 20, True)],
)
def test_night_is_before_seven_and_after_ten(start, minutes, night):
    moment = datetime.combine(DAY, time.fromisoformat(start), UTC)

    assert grids.is_night(moment, moment + timedelta(minutes=minutes), "UTC") == night


def test_slots_of_an_event_do_not_share_a_beginning(cast):
    with transaction():
        slot = factories.make_slots(cast.event, 1)[0]

    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        factories.stored(Slot(event_id=cast.event.id, starts_at=slot.starts_at, ends_at=slot.ends_at))
