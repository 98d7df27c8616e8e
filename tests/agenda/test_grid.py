"""Laying out a day as a table."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.agenda.grid import days
from matchmaker.agenda.queries import AgendaItem
from tests.agenda.conftest import at

ZONE = "Europe/Brussels"


def item(title, starts_at, minutes=60, room="A"):
    return AgendaItem(
        id=hash((title, starts_at)), uid=title, sequence=0, changed_at=at(9), title=title, kind="talk", description="",
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), room=room, join_link="", capacity=None,
        has_sign_up=False, speakers=(),
    )  # fmt: skip


def picture(day):
    """Rows as (time, [title or dot, with *rows where a cell is higher than one])."""
    return [
        (
            f"{start:%H:%M}",
            [cell.item.title + (f"*{cell.rows}" if cell.rows > 1 else "") if cell.item else "." for cell in cells],
        )
        for start, cells in day.rows
    ]


def test_an_empty_agenda_has_no_days():
    assert days([], ZONE) == []


def test_a_session_spans_the_rows_of_shorter_ones_beside_it():
    (day,) = days([item("long", at(9), 120), item("one", at(9), 60, "B"), item("two", at(10), 60, "B")], ZONE)

    assert day.columns == [("A", 1), ("B", 1)]
    assert picture(day) == [("08:00", ["long*2", "one"]), ("09:00", ["two"])]


def test_gaps_are_empty_cells():
    (day,) = days([item("one", at(9), 60), item("two", at(11), 60)], ZONE)

    assert picture(day) == [("08:00", ["one"]), ("09:00", ["."]), ("10:00", ["two"])]


def test_clashing_sessions_of_one_room_stand_side_by_side():
    (day,) = days([item("one", at(9), 60), item("two", at(9, 30), 60), item("three", at(10), 60)], ZONE)

    assert day.columns == [("A", 2)]
    assert picture(day) == [
        ("08:00", ["one*2", "."]),
        ("08:30", ["two*2"]),
        ("09:00", ["three*2"]),
        ("09:30", ["."]),
    ]


def test_columns_follow_the_rooms_then_names_then_no_room():
    items = [item(room, at(9), room=room) for room in ("", "Zoo", "Attic", "Second", "First")]

    (day,) = days(items, ZONE, ["First", "Second"])

    assert [room for room, _lanes in day.columns] == ["First", "Second", "Attic", "Zoo", ""]


def test_a_break_without_room_spans_all_columns_and_so_does_a_pause():
    (day,) = days(
        [item("one", at(9)), item("two", at(9), room="B"), item("break", at(10), room=""), item("x", at(12))], ZONE
    )

    assert day.columns == [("A", 1), ("B", 1)]
    assert picture(day) == [("08:00", ["one", "two"]), ("09:00", ["break"]), ("10:00", ["."]), ("11:00", ["x", "."])]
    assert [cell.columns for _start, cells in day.rows for cell in cells] == [1, 1, 2, 2, 1, 1]


def test_what_has_no_room_and_overlaps_something_has_a_column():
    (day,) = days([item("one", at(9)), item("boat", at(9, 30), room="")], ZONE)

    assert day.columns == [("A", 1), ("", 1)]


def test_an_agenda_without_rooms_has_one_column():
    (day,) = days([item("one", at(9), room=""), item("two", at(11), room="")], ZONE)

    assert day.columns == [("", 1)]
    assert picture(day) == [("08:00", ["one"]), ("09:00", ["."]), ("10:00", ["two"])]


def test_a_session_over_midnight_belongs_to_the_day_on_which_it_starts_in_the_zone():
    night = item("night", datetime(2026, 12, 8, 22, 30, tzinfo=UTC), 120)

    assert [day.day for day in days([night], ZONE)] == [date(2026, 12, 8)]
    assert [day.day for day in days([night], "Asia/Tokyo")] == [date(2026, 12, 9)]


def test_a_table_says_more_than_a_list_where_there_is_more_than_one_column():
    one = item("one", at(9))

    assert not days([one, item("two", at(10))], ZONE)[0].is_parallel
    assert days([one, item("two", at(9, 30))], ZONE)[0].is_parallel
    assert days([one, item("two", at(10), room="B")], ZONE)[0].is_parallel


sessions = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12), st.sampled_from(["A", "B", ""])), min_size=1, max_size=12
)


@settings(max_examples=200, deadline=None)
@given(sessions)
def test_every_table_is_rectangular_and_shows_every_session_once(drawn):
    items = [item(str(n), at(9) + timedelta(minutes=5 * s), 5 * m, room) for n, (s, m, room) in enumerate(drawn)]

    (day,) = days(items, "UTC")

    width = sum(lanes for _room, lanes in day.columns)
    covered = [0] * len(day.rows)
    for number, (_start, cells) in enumerate(day.rows):
        for cell in cells:
            for row in range(number, number + cell.rows):
                covered[row] += cell.columns
    assert covered == [width] * len(day.rows)
    assert sorted(cell.item.title for _s, cells in day.rows for cell in cells if cell.item) == sorted(
        each.title for each in items
    )
