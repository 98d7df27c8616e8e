"""Time, stopping and progress of one run. The only clock of the scheduler: it limits a search and never decides a plan."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, TypeVar

from matching.scheduling.solution import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

# How often a search looks up to see whether it should stop, in seconds.
POLL = 0.2

Answer = TypeVar("Answer")


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

    def unless_stopped(
        self, function: Callable[[], Answer], meanwhile: Callable[[], bool] = lambda: True
    ) -> Answer | None:
        """Return what a function returns, or None as soon as the caller asks to stop: for what can't be interrupted.

        The function works in a thread, and ends in its own time when nobody waits for it any longer, before Python does at
        the latest. Where it takes longer than a look up, `meanwhile` is called at each until it says that it is done.
        """
        answer: Future[Answer] = Future()

        def work() -> None:
            try:
                answer.set_result(function())
            except BaseException as error:  # whatever it is belongs to whoever asked
                answer.set_exception(error)

        threading.Thread(target=work).start()  # no daemon: a solver that ends while Python does aborts it
        done = False
        while not answer.done() and not self.stopped:
            done = not wait([answer], POLL).not_done or done or meanwhile()
        return answer.result() if answer.done() else None
