"""Input of the agenda editor."""

from datetime import UTC, date, datetime

import pytest
from werkzeug.datastructures import MultiDict

from matchmaker.agenda.forms import PublishForm, RoomForm, SessionForm, speakers_in
from matchmaker.db import transaction
from tests.agenda.conftest import at

GOOD = {"title": "Opening", "kind": "talk", "day": "2026-12-08", "starts": "09:00", "ends": "10:00", "room": ""}


@pytest.fixture
def fill(app, cast):
    """Return a function that fills the form of a session as a browser does."""

    def fill_in(zone="Europe/Brussels", **values):
        cast.event.timezone = zone
        with app.test_request_context("/", method="POST", data=MultiDict(GOOD | values)):
            form = SessionForm.for_event(cast.event, [])
            form.validate()
        return form

    return fill_in


def test_times_are_those_of_the_wall_clock_of_the_event(fill):
    form = fill()

    assert form.errors == {}
    assert form.values().starts_at == datetime(2026, 12, 8, 8, tzinfo=UTC)
    assert form.values().ends_at == datetime(2026, 12, 8, 9, tzinfo=UTC)


def test_a_session_that_ends_before_it_starts_ends_the_next_day(fill):
    values = fill(starts="22:00", ends="01:30").values()

    assert values.ends_at == datetime(2026, 12, 9, 0, 30, tzinfo=UTC)


def test_a_session_does_not_end_when_it_starts(fill):
    assert fill(ends="09:00").errors == {"ends": ["It can't end at the time at which it starts."]}


def _dates(cast, day):
    with transaction():
        cast.event.starts_at = datetime.combine(day, datetime.min.time(), UTC)
        cast.event.ends_at = cast.event.starts_at.replace(hour=23)


@pytest.mark.parametrize(
    ("day", "starts", "ends", "field", "reason"),
    [
        ("2026-03-29", "02:30", "05:00", "starts", "there is no 02:30"),
        ("2026-03-29", "01:30", "02:30", "ends", "there is no 02:30"),
        ("2026-10-25", "02:30", "05:00", "starts", "02:30 happens twice"),
        ("2026-10-25", "01:30", "02:00", "ends", "02:00 happens twice"),
    ],
)
def test_times_on_nights_when_clocks_change_are_refused_at_the_field_they_concern(
    cast, fill, day, starts, ends, field, reason
):
    _dates(cast, date.fromisoformat(day))

    errors = fill(day=day, starts=starts, ends=ends).errors

    assert list(errors) == [field]
    assert reason in errors[field][0]


def test_the_hour_after_the_change_is_right(cast, fill):
    _dates(cast, date(2026, 3, 29))

    values = fill(day="2026-03-29", starts="01:00", ends="03:00").values()

    assert (values.ends_at - values.starts_at).total_seconds() == 3600


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"kind": "party"}, "kind"),
        ({"day": "2026-12-10"}, "day"),
        ({"day": "yesterday"}, "day"),
        ({"starts": ""}, "starts"),
        ({"starts": "25:00"}, "starts"),
        ({"ends": "soon"}, "ends"),
        ({"room": "77"}, "room"),
        ({"join_link": "javascript:alert(1)"}, "join_link"),
        ({"join_link": "https://x y"}, "join_link"),
        ({"description": "x" * 5001}, "description"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "many"}, "capacity"),
        ({"speakers": "\n".join(f"Person {n}" for n in range(21))}, "speakers"),
        ({"speakers": "x" * 161}, "speakers"),
        ({"speakers": "Eva, " + "x" * 201}, "speakers"),
    ],
)
def test_wrong_input_is_refused_at_its_field(fill, values, field):
    assert list(fill(**values).errors) == [field]


def test_a_session_outside_of_the_event_keeps_its_day_until_another_is_chosen(app, cast, add):
    session = add("Early bird", at(9, day=7))
    with app.test_request_context("/"):
        form = SessionForm.for_event(cast.event, [], session)

    assert [value for value, _label in form.day.choices] == ["2026-12-08", "2026-12-09", "2026-12-07"]
    assert form.day.choices[-1][1] == "Mon 7 Dec 2026 (not a day of the event)"
    assert form.day.data == "2026-12-07"


def test_an_existing_session_fills_the_form(app, cast, add, add_room):
    room = add_room()
    speakers = [("Eva Ek", "Ek AB"), ("Finn", "")]
    session = add("Panel", at(23), 120, room_id=room.id, capacity=5, has_sign_up=True, speakers=speakers)
    with app.test_request_context("/"):
        form = SessionForm.for_event(cast.event, [room], session)

    assert (form.starts.data.isoformat(), form.ends.data.isoformat()) == ("23:00:00", "01:00:00")
    assert (form.room.data, form.capacity.data, form.has_sign_up.data) == (str(room.id), 5, True)
    assert form.speakers.data == "Eva Ek, Ek AB\nFinn"
    assert form.values().speakers == speakers


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("", []),
        ("Eva Ek,Ek AB", [("Eva Ek", "Ek AB")]),
        ("  Eva   Ek ,  Ek,  Sons \r\n\n Finn", [("Eva Ek", "Ek, Sons"), ("Finn", "")]),
        (", Ek AB", []),
        ("Finn\nFinn, Oy", [("Finn", "Oy")]),
    ],
)
def test_speakers_are_one_a_line(text, people):
    assert speakers_in(text) == people


@pytest.mark.parametrize(("form", "values"), [(RoomForm, {"name": "x" * 121}), (RoomForm, {"name": "A", "capacity": "-1"}),
                                              (RoomForm, {}), (PublishForm, {"note": "x" * 501})])  # fmt: skip
def test_rooms_and_notes_have_limits(app, form, values):
    with app.test_request_context("/", method="POST", data=values):
        assert not form().validate()
