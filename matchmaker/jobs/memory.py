"""How much memory this process holds at most while something runs. Linux tells; elsewhere the peak since the start counts."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_THE_PEAK = "5"


class Memory:
    """Measures the whole process, also what others do in it: ``with Memory() as memory: ...; memory.peak``.

    ``before`` and ``peak`` are megabytes; 0 where the system does not say.
    """

    def __init__(self) -> None:
        self.before = 0

    def __enter__(self) -> Self:
        """Begin to measure."""
        self.before = _now()
        with suppress(OSError):  # another system, or not allowed: the peak since the start of the process stands in
            _RESET.write_text(_FORGET_THE_PEAK)
        return self

    def __exit__(self, *_error: object) -> None:
        """Measuring has no end; the peak is asked for when it is needed."""

    @property
    def peak(self) -> int:
        """The most until now."""
        return _field("VmHWM") or _peak_since_the_start()


def _now() -> int:
    return _field("VmRSS") or _peak_since_the_start()


def _field(name: str) -> int:
    try:
        lines = _STATUS.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{name}:")), 0)


def _peak_since_the_start() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 0
    units = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // units
