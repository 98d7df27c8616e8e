"""The private feed: the right entries, the same bytes until something changes, and nothing for whoever should get nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from matchmaker.agenda import services as agenda
from matchmaker.calendars import services
from matchmaker.calendars.models import CalendarFeed
from matchmaker.clock import clock, now
from matchmaker.db import db, transaction
from matchmaker.meetings import services as meetings
from matchmaker.meetings.entries import entry_of
from matchmaker.meetings.models import Slot
from tests import factories
from tests.calendars.conftest import at
from tests.conftest import NOW
from tests.judges import complaints, events, properties


@pytest.fixture
def token(fair):
    """The secret of Ana's feed."""
    with transaction():
        return services.create_feed(fair.cast.ana)[1]


@pytest.fixture
def read(app, token):
    """Read Ana's feed as a calendar program does: without cookies."""
    return lambda query="", **options: app.test_client().get(f"/calendar/{token}.ics{query}", **options)


def titles(answer):
    return [event.summary.value for event in events(answer.data)]


def test_it_has_the_meetings_and_sessions_of_its_owner(read, fair):
    meeting = f"Meeting with Ben Berg, {fair.cast.ben.organisation.name}"

    assert titles(read()) == ["Opening", meeting, "Workshop"]


def test_sessions_open_to_everybody_can_be_left_out(read):
    assert "Opening" not in titles(read("?open=hide"))


def test_other_programs_find_it_right(read, fair):
    data = read().data

    assert complaints(data) == []
    assert "METHOD:PUBLISH" in properties(data)
    assert "X-WR-TIMEZONE:Europe/Brussels" in properties(data)
    assert not [line for line in properties(data) if line.startswith("ATTENDEE")]
    assert fair.cast.ben.user.email.encode() not in data


def test_an_entry_is_the_one_of_the_invitation(read, fair):
    entry = entry_of(fair.meeting, fair.cast.ana)
    event = next(event for event in events(read().data) if event.uid.value == fair.meeting.uid)

    assert (event.sequence.value, event.dtstamp.value) == (str(entry.sequence), entry.changed_at)
    assert (event.dtstart.value, event.dtend.value) == (at(11), at(11, 30))
    assert (event.location.value, event.url.value) == ("Table 1", entry.url)


def test_a_session_has_room_speakers_and_the_page_of_the_agenda(read, fair):
    with transaction():
        room = agenda.add_room(fair.cast.event, "Room A", None, fair.cast.olga)
        fair.cast.event.venue = "Fair hall"
        given = agenda.SessionInput("Workshop", "talk", at(14), at(15), room_id=room.id, has_sign_up=True,
                                    speakers=[("Eva Ek", "Ek AB"), ("Finn", "")])  # fmt: skip
        agenda.change_session(fair.workshop, given, fair.cast.olga)
        agenda.publish(fair.cast.event, "", fair.cast.olga)

    event = next(event for event in events(read().data) if event.uid.value == fair.workshop.uid)

    assert event.location.value == "Room A, Fair hall"
    assert event.url.value == f"http://localhost/events/fair/agenda#session-{fair.workshop.id}"
    assert event.description.value == f"Fair\nSpeakers: Eva Ek (Ek AB), Finn\n{event.url.value}"


def test_two_requests_give_the_same_bytes_whatever_the_time_and_the_language(read):
    first = read()
    clock.freeze(NOW + timedelta(days=1))
    second = read(headers={"Accept-Language": "de"})

    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["Last-Modified"] == second.headers["Last-Modified"]


def test_its_headers_keep_it_fresh_and_secret(read):
    headers = read().headers

    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Cache-Control"] == "private, max-age=300"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert not headers["ETag"].startswith("W/")
    assert "Set-Cookie" not in headers


def test_whoever_has_the_bytes_gets_304(read):
    first = read()

    by_etag = read(headers={"If-None-Match": first.headers["ETag"]})
    by_time = read(headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert (by_etag.status_code, by_etag.data, by_etag.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert by_time.status_code == 304
    assert read(headers={"If-None-Match": '"other"'}).status_code == 200


def _move(fair):
    meetings.move(fair.meeting, fair.free_slot, by=fair.cast.ana)


def _cancel(fair):
    meetings.cancel(fair.meeting, by=fair.cast.ben, reason="")


def _publish_another_time(fair):
    given = agenda.SessionInput("Opening", "plenary", at(9, 30), at(10))
    agenda.change_session(fair.opening, given, fair.cast.olga)
    agenda.publish(fair.cast.event, "", fair.cast.olga)


@pytest.mark.parametrize("change", [_move, _cancel, _publish_another_time])
def test_a_change_of_what_its_owner_does_changes_the_etag_and_the_time(read, fair, change):
    before = read()
    clock.freeze(NOW + timedelta(minutes=1))
    with transaction():
        change(fair)

    after = read(headers={"If-None-Match": before.headers["ETag"]})
    by_time = read(headers={"If-Modified-Since": before.headers["Last-Modified"]})

    assert after.status_code == by_time.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] > before.headers["Last-Modified"]


def test_leaving_a_session_changes_the_etag(read, fair):
    before = read().headers["ETag"]
    with transaction():
        agenda.leave(fair.workshop, fair.cast.ana)

    assert read().headers["ETag"] != before


def _cancel_of_others(fair):
    meetings.cancel(fair.others, by=fair.cast.ben, reason="")


def _draft(fair):
    agenda.change_session(fair.opening, agenda.SessionInput("Opened", "plenary", at(9), at(10)), fair.cast.olga)


def _sign_up_of_others(fair):
    agenda.sign_up(fair.workshop, fair.cast.ben)


def _look(fair):
    services.note_read(db.session.scalar(db.select(CalendarFeed.id)))


@pytest.mark.parametrize("change", [_cancel_of_others, _draft, _sign_up_of_others, _look])
def test_what_does_not_concern_its_owner_changes_nothing(read, fair, change):
    before = read().headers["ETag"]
    clock.freeze(NOW + timedelta(minutes=1))
    with transaction():
        change(fair)

    assert read().headers["ETag"] == before


def test_meetings_of_others_never_appear(read, fair):
    data = read().data

    assert fair.others.uid.encode() not in data
    assert b"Dora" not in data


def test_a_cancelled_meeting_goes_away(read, fair):
    with transaction():
        _cancel(fair)

    assert titles(read()) == ["Opening", "Workshop"]


def test_revoking_works_at_once(read, token, fair):
    with transaction():
        services.revoke_feed(db.session.scalar(db.select(CalendarFeed)))

    assert read().status_code == 404


def test_unknown_and_revoked_look_the_same(app, read, fair):
    with transaction():
        services.revoke_feed(db.session.scalar(db.select(CalendarFeed)))
    revoked, unknown = read(), app.test_client().get("/calendar/nobody.ics")

    assert unknown.status_code == revoked.status_code == 404
    assert unknown.data == revoked.data
    assert list(unknown.headers) == list(revoked.headers)
    assert "Set-Cookie" not in revoked.headers


def test_a_disabled_account_has_no_feed(read, fair):
    with transaction():
        fair.cast.ana.user.disabled_at = NOW

    assert read().status_code == 404


def test_whoever_no_longer_takes_part_gets_an_empty_calendar(read, fair):
    with transaction():
        fair.cast.ana.state = "cancelled"

    assert titles(read()) == []


def test_a_cancelled_event_gives_an_empty_calendar(read, fair):
    with transaction():
        fair.cast.event.cancelled_at = NOW

    assert titles(read()) == []


def test_only_a_hash_of_the_secret_is_stored(token):
    feed = db.session.scalar(db.select(CalendarFeed))

    assert len(token) == 43  # 256 bits
    assert token not in (feed.token_hash, str(feed.__dict__))
    assert len(feed.token_hash) == 64


def test_reading_is_noted_at_most_once_an_hour(read, token):
    moments = []
    for minutes in (0, 59, 60, 61):
        clock.freeze(NOW + timedelta(minutes=minutes))
        read()
        db.session.expire_all()
        moments.append(db.session.scalar(db.select(CalendarFeed.last_read_at)))

    assert moments == [NOW, NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=1)]


def test_a_busy_database_does_not_keep_anybody_from_reading(read, token, app, monkeypatch):
    def locked(_feed_id):
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr(services, "note_read", locked)

    assert read().status_code == 200


def test_the_secret_is_not_in_the_log(read, token, caplog):
    with caplog.at_level("INFO"):
        read()

    assert "/calendar/<token>.ics" in caplog.text
    assert token not in caplog.text


@pytest.mark.parametrize("name", ['O\'Brien; "Bob", Jr: x', "Łukasz\r\nATTENDEE:mailto:x@y.example", "=cmd|' /C calc'!A0",
                                  "\x07\u2028Δημήτρης", "<script>", "a" * 80])  # fmt: skip
def test_hostile_names_stay_names(read, fair, name):
    with transaction():
        fair.cast.ben.user.first_name, fair.cast.ben.user.last_name = name, ""
        fair.cast.event.name = name

    data = read().data

    assert complaints(data) == []
    assert len(events(data)) == 3
    assert not [line for line in properties(data) if line.startswith("ATTENDEE")]
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


@pytest.mark.parametrize(("zone", "moment"), [("Europe/Brussels", "2026-10-25T00:30"), ("Europe/Brussels", "2026-10-25T01:30"),
                                              ("Europe/Brussels", "2026-03-29T01:30"), ("America/St_Johns", "2026-11-01T04:00"),
                                              ("Asia/Kathmandu", "2026-12-08T06:15"), ("Pacific/Kiritimati", "2026-12-31T23:00")])  # fmt: skip
def test_moments_are_right_on_nights_when_clocks_change(read, fair, zone, moment):
    starts_at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    with transaction():
        fair.cast.event.timezone = zone
        fair.meeting.slot.starts_at, fair.meeting.slot.ends_at = starts_at, starts_at + timedelta(minutes=20)

    event = next(event for event in events(read().data) if event.uid.value == fair.meeting.uid)

    assert (event.dtstart.value, event.dtend.value) == (starts_at, starts_at + timedelta(minutes=20))


def test_it_takes_as_many_statements_for_few_meetings_as_for_many(read, fair, count_statements):
    ana, event = fair.cast.ana, fair.cast.event
    with transaction():
        later = [at(18) + timedelta(minutes=number) for number in range(29)]
        slots = [
            factories.stored(Slot(event_id=event.id, starts_at=s, ends_at=s + timedelta(minutes=1))) for s in later
        ]
    counts = []

    for some in (slots[:2], slots[2:]):
        with transaction():
            for slot in some:
                request = factories.make_request(ana, factories.make_participant(event))
                factories.make_meeting(request, slot)
        db.session.expire_all()
        with count_statements() as counter:
            found = len(events(read().data))
        counts.append((found, counter.count))

    (few, before), (many, after) = counts
    assert (few, many) == (5, 32)
    assert before == after


def test_head_and_times_of_day_work_like_a_read(app, token):
    answer = app.test_client().head(f"/calendar/{token}.ics")

    assert (answer.status_code, answer.data) == (200, b"")
    assert now() == NOW
