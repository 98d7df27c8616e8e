"""The time. The only place where the application reads the clock, so that tests can stop it."""

from datetime import UTC, datetime


class Clock:
    """A clock that can be frozen; ``now`` is always aware and in UTC."""

    def __init__(self) -> None:
        self._frozen: datetime | None = None

    def now(self) -> datetime:
        """Return the present moment, or the moment at which the clock was frozen."""
        return self._frozen or datetime.now(UTC)

    def freeze(self, moment: datetime | None) -> None:
        """Stop the clock at ``moment`` (aware); ``None`` lets it run again."""
        self._frozen = moment.astimezone(UTC) if moment else None


clock = Clock()


def now() -> datetime:
    """Return the present moment as an aware datetime in UTC."""
    return clock.now()
