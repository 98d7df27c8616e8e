"""Time, stopping and progress of one run. The only clock of the scheduler: it limits a search and never decides a plan."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from matching.scheduling.solution import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

# How often a search looks up to see whether it should stop, in seconds.
POLL = 0.2


class Watch:
    """Says how many `seconds` are left, whether the caller wants to stop, and passes progress on."""

    def __init__(
        self,
        seconds: float,
        progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        self._begin = time.monotonic()
        self._seconds = seconds
        self._progress = progress
        self._should_stop = should_stop
        self._stopped = False
        self._offset = 0.0

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._begin

    @property
    def limit(self) -> float:
        """Seconds in all."""
        return self._seconds

    @property
    def left(self) -> float:
        """Seconds left, 0 once the caller asked to stop."""
        return 0.0 if self.stopped else max(0.0, self._seconds - self.spent)

    @property
    def stopped(self) -> bool:
        """Whether the caller asked to stop."""
        if not self._stopped and self._should_stop is not None and self._should_stop():
            self._stopped = True
        return self._stopped

    @property
    def over(self) -> bool:
        """Whether there is no time left."""
        return self.left <= 0

    def part(self, seconds: float) -> Watch:
        """Return a watch for a part of the work that may take `seconds` at most."""
        part = Watch(min(seconds, self.left), None, self._should_stop)
        part._progress, part._offset = self._progress, self._offset + self.spent
        return part

    def report(self, objective: str, value: float | None, bound: float | None) -> None:
        """Tell the caller about a value and a bound."""
        if self._progress is not None:
            self._progress(Progress(objective, value, bound, round(self._offset + self.spent, 3)))
