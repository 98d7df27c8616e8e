"""From the clock on the wall to the moment in UTC, and back; days on which clocks change included. No database."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from matchmaker.errors import Invalid


class NoSuchTime(Invalid):
    """The clocks are put forward over this time."""


class TimeTwice(Invalid):
    """The clocks are put back over this time, so it happens twice."""


def to_utc(day: date, clock: time, zone: str) -> datetime:
    """Return the moment at which the clocks of ``zone`` (IANA name) show ``clock`` on ``day``.

    Raises ``NoSuchTime`` or ``TimeTwice`` where no moment or two moments fit; guessing would be wrong for somebody.
    """
    wall = datetime.combine(day, clock.replace(tzinfo=None))
    first = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    second = wall.replace(tzinfo=ZoneInfo(zone), fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    text = {"time": f"{clock:%H:%M}", "day": day.isoformat(), "zone": zone}
    if first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall:
        raise TimeTwice(
            _(
                "On %(day)s, %(time)s happens twice in %(zone)s because the clocks are put back. Choose another time.",
                **text,
            )
        )
    raise NoSuchTime(
        _(
            "On %(day)s there is no %(time)s in %(zone)s because the clocks are put forward. Choose another time.",
            **text,
        )
    )


def on_the_wall(moment: datetime, zone: str) -> tuple[date, time]:
    """Return day and time that the clocks of ``zone`` show at ``moment``."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.date(), local.time().replace(tzinfo=None)
