"""Showing times: always in a named zone. Filters for templates; the arithmetic is zoneinfo's."""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from flask import Flask
from flask_babel import format_date


def local(moment: datetime, zone: str) -> datetime:
    """Return ``moment`` on the wall clock of ``zone`` (IANA name)."""
    return moment.astimezone(ZoneInfo(zone))


def local_time(moment: datetime, zone: str) -> str:
    """``14:30`` on the wall clock of ``zone``."""
    return local(moment, zone).strftime("%H:%M")


def local_date(moment: datetime | date, zone: str = "UTC", form: str = "EEE d MMM yyyy") -> str:
    """``Tue 8 Dec 2026`` in ``zone``, in the language of the page."""
    day = local(moment, zone).date() if isinstance(moment, datetime) else moment
    return format_date(day, form)


def local_datetime(moment: datetime, zone: str) -> str:
    """``Tue 8 Dec 2026, 14:30`` in ``zone``, in the language of the page."""
    return f"{local_date(moment, zone)}, {local_time(moment, zone)}"


def utc_offset(moment: datetime, zone: str) -> str:
    """``UTC+1`` or ``UTC+5:30``: how far the wall clock of ``zone`` is from UTC at ``moment``."""
    offset = local(moment, zone).utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" if not minutes else f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def zone_label(zone: str, moment: datetime) -> str:
    """``Brussels (CET, UTC+1)``: city, abbreviation where there is one, and offset at ``moment``."""
    city = zone.rpartition("/")[2].replace("_", " ")
    abbreviation = local(moment, zone).strftime("%Z")
    named = f"{abbreviation}, " if abbreviation.isalpha() and abbreviation != "UTC" else ""
    return f"{city} ({named}{utc_offset(moment, zone)})"


def zone_choices() -> list[tuple[str, str]]:
    """Return the zones that a form offers, name and label: places by continent, and UTC."""
    return [(name, name.replace("_", " ")) for name in _zones()]


@cache
def _zones() -> tuple[str, ...]:
    continents = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(continents)))


def init_app(app: Flask) -> None:
    """Register the filters."""
    for function in (local_time, local_date, local_datetime, utc_offset, zone_label):
        app.add_template_filter(function)
