"""Publishing: participants see versions, never the draft."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert

from matchmaker.agenda import queries, services
from matchmaker.agenda.errors import PublishedMeanwhile
from matchmaker.agenda.models import AgendaVersion
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.events.signals import event_changed
from matchmaker.mail import MEMORY
from tests.agenda.conftest import at, given
from tests.conftest import NOW


def titles(cast):
    return [item.title for item in queries.published_items(cast.event.id)]


def test_nothing_is_published_before_the_first_version(cast, add):
    add()

    assert titles(cast) == []


def test_changes_of_the_draft_are_seen_after_the_next_version(cast, add, publish):
    session = add("Opening")
    publish()
    with transaction():
        services.change_session(session, given("Welcome"), cast.olga)
    before = titles(cast)
    publish("Better title")

    assert (before, titles(cast)) == (["Opening"], ["Welcome"])
    assert [(v.number, v.note) for v in queries.versions_of(cast.event.id)] == [(2, "Better title"), (1, "")]


def test_a_version_keeps_everything_of_a_session(cast, add, add_room, publish):
    session = add("Panel", kind="panel", description="**Bold**", room_id=add_room("Room A").id, capacity=5,
                  has_sign_up=True, join_link="https://meet.example/1", speakers=[("Eva", "Ek AB"), ("Finn", "")])  # fmt: skip
    publish()

    assert queries.published_items(cast.event.id) == [queries.item_of(session)]


def test_publishing_twice_makes_one_version(cast, add, publish):
    add()

    assert publish().id == publish("again").id


def test_whoever_publishes_at_the_same_moment_is_told(cast, add):
    add()

    def be_quicker(_mapper, connection, version):
        values = {
            "event_id": version.event_id,
            "number": version.number,
            "note": "",
            "content": [],
            "published_at": NOW,
        }
        connection.execute(insert(AgendaVersion.__table__).values(**values))

    sqlalchemy_event.listen(AgendaVersion, "before_insert", be_quicker)
    try:
        with pytest.raises(PublishedMeanwhile), transaction():
            services.publish(cast.event, "", cast.olga)
    finally:
        sqlalchemy_event.remove(AgendaVersion, "before_insert", be_quicker)


def test_differences_tell_added_moved_edited_and_removed(cast, add, publish):
    moved, edited, removed = add("Moved"), add("Edited", at(10)), add("Removed", at(11))
    add("Kept", at(12))
    before = publish().content
    with transaction():
        services.change_session(moved, given("Moved", at(14)), cast.olga)
        services.change_session(edited, given("Edited", at(10), description="More"), cast.olga)
        services.remove_session(removed, cast.olga)
    add("Added", at(13))
    after = publish().content

    assert services.differences(before, after) == {
        "added": ["Added"], "moved": ["Moved"], "edited": ["Edited"], "removed": ["Removed"],
    }  # fmt: skip


def change_zone(cast, zone, kept="wall_clock"):
    clock.freeze(NOW.replace(hour=12))
    with transaction():
        before, cast.event.timezone = cast.event.timezone, zone
        event_changed.send(cast.event, changes={"timezone": (before, zone)}, kept=kept)


def clocks(items, zone):
    return [(item.title, f"{item.starts_at.astimezone(ZoneInfo(zone)):%d %H:%M}") for item in items]


@pytest.mark.parametrize("zone", ["Europe/Athens", "America/New_York", "Asia/Kathmandu"])
def test_in_a_new_zone_sessions_keep_their_wall_clock(cast, add, zone):
    first, second = add("First"), add("Second", at(23, 30), 90)

    change_zone(cast, zone)

    shown = clocks(queries.sessions_of(cast.event.id), zone)
    assert shown == [("First", "08 09:00"), ("Second", "08 23:30")]
    assert second.ends_at - second.starts_at == timedelta(minutes=90)
    assert (first.sequence, first.changed_at, first.version) == (1, NOW.replace(hour=12), 2)


def test_the_published_agenda_moves_along_and_the_rest_of_the_draft_stays_unpublished(cast, add, publish):
    session = add("First")
    publish()
    add("Not published", at(11))

    change_zone(cast, "Europe/Athens")

    items = queries.published_items(cast.event.id)
    assert clocks(items, "Europe/Athens") == [("First", "08 09:00")]
    assert (items[0].sequence, items[0].changed_at) == (session.sequence, session.changed_at)
    assert queries.newest_version(cast.event.id).note == "Time zone changed to Europe/Athens; the clock times stay."


def test_a_draft_that_is_ahead_stays_ahead(cast, add, publish):
    session = add("First")
    publish()
    with transaction():
        services.change_session(session, given("First", at(10)), cast.olga)

    change_zone(cast, "Europe/Athens")

    (item,) = queries.published_items(cast.event.id)
    assert (item.sequence, session.sequence) == (1, 2)
    assert clocks([item], "Europe/Athens") == [("First", "08 09:00")]


def test_those_who_signed_up_are_told_of_the_new_zone(cast, add, publish):
    session = add("First", has_sign_up=True)
    publish()
    with transaction():
        services.sign_up(session, cast.ana)
    MEMORY.clear()

    change_zone(cast, "Europe/Athens")

    assert "Fair: a session you signed up for has changed" in [mail["Subject"] for mail in MEMORY]


def test_the_moments_stay_where_the_organiser_wants_that(cast, add, publish):
    session = add("First")
    publish()

    change_zone(cast, "Europe/Athens", kept="moment")

    assert (session.starts_at, session.sequence) == (at(9), 0)
    assert len(queries.versions_of(cast.event.id)) == 1


def test_other_changes_of_the_event_move_nothing(cast, add):
    session = add("First")
    with transaction():
        event_changed.send(cast.event, changes={"venue": ("", "Hall")}, kept="wall_clock")

    assert session.sequence == 0


def test_a_time_that_the_new_zone_skips_becomes_the_next_one_that_exists(cast, add):
    starts_at = at(3, 30).replace(month=3, day=29, hour=1, tzinfo=UTC)  # 03:30 in Brussels, just after the change
    session = add("Early", starts_at)

    change_zone(cast, "Europe/Athens")  # where 03:30 does not exist on this day

    assert clocks([queries.item_of(session)], "Europe/Athens") == [("Early", "29 04:30")]


def test_meetings_and_seats_of_the_same_hours_stay_together_in_a_new_zone(cast, add, publish):
    from matchmaker.meetings import queries as meetings
    from tests import factories

    with transaction():
        slots = factories.make_slots(cast.event, 4, 60)  # 09:00 to 13:00 in Brussels
        factories.make_meeting(factories.make_request(cast.ana, cast.ben), slots[1])
    session = add("Workshop", at(9), has_sign_up=True)
    publish()
    with transaction():
        services.sign_up(session, cast.ana)
    kinds = {seat.slot_id: seat.kind for seat in meetings.seats_of(cast.ana).values()}

    change_zone(cast, "America/New_York")

    assert kinds == {slots[0].id: "session", slots[1].id: "meeting"}
    assert {seat.slot_id: seat.kind for seat in meetings.seats_of(cast.ana).values()} == kinds
    assert session.starts_at == slots[0].starts_at


def test_versions_know_who_published_them(cast, add, publish):
    add()
    publish()

    (version,) = db.session.scalars(db.select(AgendaVersion))
    assert version.published_by is cast.olga
