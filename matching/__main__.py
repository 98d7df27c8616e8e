"""python -m matching: the commands of the library, files in and files out.

Each part registers its own commands through `add_commands(subparsers)` and sets `run`, a function from the parsed
arguments to the exit status: 0 done, 1 check failed, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from matching.errors import MatchingError

COMMANDS = ("matching.cli", "matching.scheduling.cli")

BAD_INPUT = 2
INTERRUPTED = 130


def build_parser() -> argparse.ArgumentParser:
    """Collect the commands of every part that is there."""
    parser = argparse.ArgumentParser(prog="python -m matching", description="Rank partners and schedule meetings.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        if _exists(name):
            import_module(name).add_commands(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every mistake in the input is one line on standard error."""
    parsed = build_parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except MatchingError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED


def _exists(name: str) -> bool:
    parent = name.rpartition(".")[0]
    return find_spec(parent) is not None and find_spec(name) is not None


if __name__ == "__main__":
    sys.exit(main())
