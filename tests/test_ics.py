"""Calendar files, judged by other programs than the one that wrote them: vobject always, libical where it is installed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matchmaker import ics
from matchmaker.ics import CalendarEntry, Person
from tests.judges import complaints, events, properties

ORGANISER = Person("Fair of Murcia", "no-reply@matchmaker.example")
ANA = Person("Ana Álvarez", "ana@company.example")
ENTRY = CalendarEntry(
    uid="meeting-7@matchmaker.example",
    sequence=2,
    changed_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    starts_at=datetime(2026, 12, 8, 9, 0, tzinfo=timezone(timedelta(hours=1))),
    ends_at=datetime(2026, 12, 8, 9, 20, tzinfo=timezone(timedelta(hours=1))),
    title="Meeting with Ben Berg, Łódź; Καινοτομία",
    organiser=ORGANISER,
    description="First line\nsecond, with; signs \\ and more",
    location="Table 3",
    url="https://fair.example/events/fair/me/meetings/7",
    attendees=(ANA,),
)


def _event(data: bytes):
    (event,) = events(data)
    return event


def test_times_are_utc_without_a_zone_definition():
    lines = properties(ics.invitation(ENTRY, ANA))

    assert "DTSTART:20261208T080000Z" in lines
    assert "DTEND:20261208T082000Z" in lines
    assert "BEGIN:VTIMEZONE" not in lines


def test_an_invitation_names_organiser_and_one_attendee_who_need_not_reply():
    lines = properties(ics.invitation(ENTRY, ANA))

    assert "METHOD:REQUEST" in lines
    assert 'ORGANIZER;CN="Fair of Murcia":mailto:no-reply@matchmaker.example' in lines
    assert [line for line in lines if line.startswith("ATTENDEE")] == [
        'ATTENDEE;CN="Ana Álvarez";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:ana@company.example'
    ]
    assert "STATUS:CONFIRMED" in lines


def test_a_cancellation_keeps_the_identity_and_says_cancelled():
    event = _event(ics.cancellation(ENTRY, ANA))

    assert (event.uid.value, event.sequence.value, event.status.value) == (ENTRY.uid, "2", "CANCELLED")
    assert "METHOD:CANCEL" in properties(ics.cancellation(ENTRY, ANA))


def test_a_feed_has_names_a_zone_and_no_attendees():
    lines = properties(ics.feed([ENTRY], "My fair", "Europe/Brussels"))

    for line in ("METHOD:PUBLISH", "NAME:My fair", "X-WR-CALNAME:My fair", "X-WR-TIMEZONE:Europe/Brussels",
                 "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"):  # fmt: skip
        assert line in lines
    assert not [line for line in lines if line.startswith("ATTENDEE")]


def test_a_feed_leaves_cancelled_entries_out():
    data = ics.feed([ENTRY, replace(ENTRY, uid="other", cancelled=True)], "My fair", "UTC")

    assert [line for line in properties(data) if line.startswith("UID")] == [f"UID:{ENTRY.uid}"]


def test_an_empty_feed_is_a_calendar():
    assert ics.feed([], "My fair", "UTC").endswith(b"END:VCALENDAR\r\n")


def test_the_same_entry_gives_the_same_bytes():
    assert ics.feed([ENTRY], "My fair", "UTC") == ics.feed([ENTRY], "My fair", "UTC")


def test_texts_come_back_as_they_were():
    event = _event(ics.invitation(ENTRY, ANA))

    assert event.summary.value == ENTRY.title
    assert event.description.value == ENTRY.description
    assert event.location.value == ENTRY.location
    assert event.url.value == ENTRY.url


def test_empty_fields_are_left_out():
    lines = properties(ics.feed([replace(ENTRY, description=" ", location="", url="")], "x", "UTC"))

    assert not [line for line in lines if line.startswith(("DESCRIPTION", "LOCATION", "URL"))]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('O\'Brien; "Bob", Jr: x', 'CN="O\'Brien Bob Jr x"'),
        ("\x07Ring\nrang", 'CN="Ring rang"'),
        ("", "ORGANIZER:mailto"),
    ],
)
def test_names_lose_the_signs_that_clients_trip_over(name, expected):
    lines = properties(ics.feed([replace(ENTRY, organiser=Person(name, "a@b.example"))], "x", "UTC"))

    assert expected in next(line for line in lines if line.startswith("ORGANIZER"))


texts = st.text(max_size=200)


@settings(max_examples=150, deadline=None)
@given(title=texts, description=texts, location=texts, name=texts)
@example(title="C:\\New, \\n; \\\\N", description="a\\N\nb\\", location="\\N", name="\\N")
def test_any_text_survives_and_no_line_is_too_long(title, description, location, name):
    entry = replace(
        ENTRY, title=title, description=description, location=location, organiser=Person(name, "a@b.example")
    )

    data = ics.invitation(entry, Person(name, "c@d.example"))

    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    event = _event(data)
    assert event.summary.value.strip() == ics.one_line(title)
    if ics.several_lines(description).strip():
        assert event.description.value == ics.several_lines(description)
    if ics.one_line(location):
        assert event.location.value == ics.one_line(location)


def test_libical_accepts_invitation_cancellation_and_feed():
    assert complaints(ics.invitation(ENTRY, ANA)) == []
    assert complaints(ics.cancellation(ENTRY, ANA)) == []
    assert complaints(ics.feed([ENTRY, replace(ENTRY, uid="second")], "My fair", "Europe/Brussels")) == []


def test_libical_does_complain_about_a_wrong_file():
    wrong = ics.invitation(ENTRY, ANA).replace(b"METHOD:REQUEST", b"METHOD:PUBLISH")

    assert complaints(wrong) != []
