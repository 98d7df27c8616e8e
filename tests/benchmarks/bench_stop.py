"""How long a running solver takes to stop when it is asked to, and how much memory it held."""

import time
from collections.abc import Iterator
from typing import Any

from matching.scheduling import prepare, solve
from matchmaker.jobs import Memory
from tests.benchmarks.events import SIZES, event

LIMIT = 60.0
# When it is asked, in seconds: in the largest event while its relaxation is solved, while it is mended, and afterwards.
ASKED_AFTER, ASKED_LATER = (1.0, 3.0, 8.0), (3.0, 15.0, 40.0, 55.0)


def run() -> Iterator[dict[str, Any]]:
    """Yield the seconds between asking and the plan, reasons included, for events of growing size."""
    prepare()
    for size in SIZES:
        people, wishes, slots, _seconds = size
        problem = event(people, wishes, slots)
        for asked_after in ASKED_LATER if size == SIZES[-1] else ASKED_AFTER:
            yield {"people": people, "wishes": wishes} | stopped(problem, asked_after)


def stopped(problem: Any, asked_after: float) -> dict[str, Any]:
    """Ask a run to stop after a while; one that is done before has nothing to stop."""
    begin = time.monotonic()
    with Memory() as memory:
        solution = solve(problem, seconds=LIMIT, workers=2, should_stop=lambda: time.monotonic() - begin >= asked_after)
    spent = time.monotonic() - begin
    return {
        "asked after s": asked_after,
        "stopped within s": round(spent - asked_after, 2) if spent > asked_after else "was done",
        "meetings": len(solution.assignments),
        "peak MB": memory.peak,
    }
