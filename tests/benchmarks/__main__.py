"""``python3 run.py bench [section ...]``: prints the measurements, each section next to its baseline.

Sections: start, demo, load, matching-speed, ranking, scheduling; without a name all of these. Only when named:
scheduling.stop (how long a solver takes to stop), scheduling.bounds (what no plan can reach where people are often away),
scheduling.published (all forty published events next to RC2), scheduling.large, scheduling.largest, scheduling.replan.
Machines are noisy: ratios count, not single figures.
"""

import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

Row = dict[str, Any]
PARTS = ("", ".published", ".large", ".largest", ".replan")


def sections() -> dict[str, Callable[[], Iterable[Row]]]:
    """The sections by name; each is imported only when it runs."""

    def scheduling(part: str) -> Iterable[Row]:
        folder = os.environ.get("B2B_DATA")
        if not folder:
            print("B2B_DATA is not set: the published instances are left out.")
        module: Any = import_module("tests.benchmarks.bench_scheduling")
        rows: Iterable[Row] = module.PARTS[part](Path(folder) if folder else None)
        return rows

    return {
        "start": lambda: import_module("tests.benchmarks.bench_start").run(),
        "demo": lambda: import_module("tests.benchmarks.bench_demo").run(),
        "load": lambda: import_module("tests.benchmarks.bench_load").run(),
        "matching-speed": lambda: import_module("tests.benchmarks.bench_matching_speed").run(),
        "ranking": lambda: import_module("tests.benchmarks.bench_ranking").run(),
        "scheduling.stop": lambda: import_module("tests.benchmarks.bench_stop").run(),
        "scheduling.bounds": lambda: import_module("tests.benchmarks.bench_bounds").run(),
        **{f"scheduling{part}": partial(scheduling, part) for part in PARTS},
    }


def print_table(rows: Iterable[Row]) -> None:
    """Print rows as tables, a new one whenever the columns change."""
    shown: list[Row] = []
    for row in rows:
        print(" ".join(map(_text, row.values())), file=sys.stderr, flush=True)  # long sections show that they go on
        if shown and list(row) != list(shown[0]):
            _print(shown)
            shown = []
        shown.append(row)
    if shown:
        _print(shown)


def _print(rows: list[Row]) -> None:
    cells = [list(rows[0]), *([_text(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    for line in cells:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
    print(flush=True)


def _text(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def main() -> int:
    known = sections()
    names = sys.argv[1:] or [name for name in known if "." not in name]
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"No such section: {', '.join(unknown)}. There are: {', '.join(known)}.")
        return 2
    for name in names:
        print(f"== {name}", flush=True)
        print_table(known[name]())
    return 0


if __name__ == "__main__":
    sys.exit(main())
