"""The register of functions that may run in the background, by name. Only names and ids are stored in the table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

RETRY_AFTER = tuple(timedelta(seconds=s) for s in (30, 120, 600, 1800, 7200, 7200, 7200))


@dataclass(frozen=True)
class Task:
    """A registered function. ``interrupted`` is told, with the same arguments, when a run was cut off or failed for good."""

    name: str
    function: Callable[..., None]
    retries: int
    interrupted: Callable[..., None] | None

    def __call__(self, *arguments: Any) -> None:
        """Run the function here and now."""
        self.function(*arguments)


REGISTER: dict[str, Task] = {}


def task(retries: int = 0, interrupted: Callable[..., None] | None = None) -> Callable[[Callable[..., None]], Task]:
    """Register a function as a task under ``module.function``.

    With ``retries`` > 0 a failed or interrupted run is tried again by itself (after 30 s, 2 min, 10 min ...), so the
    function must be safe to run twice. With 0 it ends as failed or interrupted, and ``interrupted(*arguments)`` is
    called inside a transaction to put the domain's state right.
    """

    def register(function: Callable[..., None]) -> Task:
        name = f"{function.__module__}.{function.__name__}"
        REGISTER[name] = Task(name, function, retries, interrupted)
        return REGISTER[name]

    return register
