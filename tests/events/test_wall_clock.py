from datetime import UTC, date, datetime, time

import pytest

from matchmaker.events.wall_clock import NoSuchTime, TimeTwice, on_the_wall, to_utc


@pytest.mark.parametrize(
    ("day", "zone", "hour"),
    [
        (date(2026, 3, 28), "Europe/Brussels", 8),
        (date(2026, 3, 29), "Europe/Brussels", 7),
        (date(2026, 10, 25), "Europe/Brussels", 8),
        (date(2026, 10, 4), "Australia/Sydney", -2),
        (date(2026, 12, 8), "Pacific/Kiritimati", -5),
    ],
)
def test_the_clock_on_the_wall_names_a_moment(day, zone, hour):
    moment = to_utc(day, time(9, 0), zone)

    assert (moment - datetime.combine(day, time(), UTC)).total_seconds() == hour * 3600
    assert on_the_wall(moment, zone) == (day, time(9, 0))


@pytest.mark.parametrize(
    ("day", "zone"), [(date(2026, 3, 29), "Europe/Brussels"), (date(2026, 10, 4), "Australia/Sydney")]
)
def test_a_time_that_is_skipped_is_refused(app, day, zone):
    with app.test_request_context(), pytest.raises(NoSuchTime, match="put forward"):
        to_utc(day, time(2, 30), zone)


@pytest.mark.parametrize(
    ("day", "zone"), [(date(2026, 10, 25), "Europe/Brussels"), (date(2027, 4, 4), "Australia/Sydney")]
)
def test_a_time_that_happens_twice_is_refused(app, day, zone):
    with app.test_request_context(), pytest.raises(TimeTwice, match="put back"):
        to_utc(day, time(2, 30), zone)
