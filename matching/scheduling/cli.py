"""The commands schedule, replan, what-if, difference, check and explain: files in, files out. No rules, no formats.

Exit status: 0 done (an infeasible problem is an answer), 1 check failed, 2 bad input, 130 interrupted (the best plan
so far is written).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matching.errors import MatchingError
from matching.scheduling.check import value, violations
from matching.scheduling.difference import difference
from matching.scheduling.explain import explain
from matching.scheduling.problem import Problem
from matching.scheduling.scenario_formats import effects_to_dict, scenarios_from_dict
from matching.scheduling.scenarios import what_if
from matching.scheduling.solution import Solution
from matching.scheduling.solver import replan, solve

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from matching.scheduling.solution import Progress

DONE, FAILED, INTERRUPTED = 0, 1, 130
SOLVING = ("schedule", "replan", "what-if")


class BadFile(MatchingError):
    """A file that can't be read or written, or is not JSON."""


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the commands; `run` of the parsed arguments returns the exit status or raises a `MatchingError`."""
    for name, function, help_text in (
        ("schedule", _schedule, "place wishes into slots and places"),
        ("replan", _replan, "adapt a plan to a changed problem with few changes"),
        ("what-if", _what_if, "solve a problem under several scenarios and compare what each would bring"),
        ("difference", _difference, "say what changes from one plan to another"),
        ("check", _check, "check a plan independently and recompute its figures"),
        ("explain", _explain, "say why wishes are not placed and what would place them"),
    ):
        parser = commands.add_parser(name, help=help_text)
        parser.add_argument("problem", metavar="PROBLEM.json")
        if name in ("check", "explain"):
            parser.add_argument("solution", metavar="SOLUTION.json")
        if name == "replan":
            parser.add_argument("--previous", required=True, metavar="SOLUTION.json")
        if name == "what-if":
            parser.add_argument("scenarios", metavar="SCENARIOS.json")
        if name == "difference":
            parser.add_argument("before", metavar="BEFORE.json")
            parser.add_argument("after", metavar="AFTER.json")
        if name in SOLVING:
            parser.add_argument("-o", "--output", required=True, metavar="RESULT.json", help="- is standard output")
            parser.add_argument("--workers", type=int, default=2, help="searches at once (2)")
            parser.add_argument("--seed", type=int, default=1, help="one worker and one seed give one result (1)")
        if name in (*SOLVING, "explain"):
            parser.add_argument("--seconds", type=float, default=10 if name == "explain" else 60, help="time limit")
        parser.set_defaults(run=function)


def _schedule(arguments: argparse.Namespace) -> int:
    problem = Problem.from_dict(_read(arguments.problem))
    with _interruptible() as stopped:
        solution = solve(problem, **_limits(arguments), progress=_show(), should_stop=lambda: bool(stopped))
    return _write(arguments.output, solution.to_dict(), interrupted=bool(stopped))


def _replan(arguments: argparse.Namespace) -> int:
    problem = Problem.from_dict(_read(arguments.problem))
    previous = Solution.from_dict(_read(arguments.previous))
    with _interruptible() as stopped:
        limits = _limits(arguments)
        solution = replan(problem, previous, **limits, progress=_show(), should_stop=lambda: bool(stopped))
    return _write(arguments.output, solution.to_dict(), interrupted=bool(stopped))


def _what_if(arguments: argparse.Namespace) -> int:
    problem = Problem.from_dict(_read(arguments.problem))
    scenarios = scenarios_from_dict(_read(arguments.scenarios))
    with _interruptible() as stopped:
        limits = _limits(arguments)
        effects = what_if(problem, scenarios, **limits, progress=_show(), should_stop=lambda: bool(stopped))
    return _write(arguments.output, effects_to_dict(effects), interrupted=bool(stopped))


def _difference(arguments: argparse.Namespace) -> int:
    problem = Problem.from_dict(_read(arguments.problem))
    before, after = (Solution.from_dict(_read(path)) for path in (arguments.before, arguments.after))
    print(json.dumps(difference(problem, before, after).to_dict(), indent=1, ensure_ascii=False))
    return DONE


def _check(arguments: argparse.Namespace) -> int:
    problem = Problem.from_dict(_read(arguments.problem))
    solution = Solution.from_dict(_read(arguments.solution))
    found = violations(problem, solution)
    for violation in found:
        print(f"{violation.rule}: {violation.text}")
    if not any(violation.rule == "known" for violation in found):
        print(json.dumps(value(problem, solution)))
    if solution.fingerprint and solution.fingerprint != problem.fingerprint:
        print("note: the solution was made for another version of the problem", file=sys.stderr)
    return FAILED if found else DONE


def _explain(arguments: argparse.Namespace) -> int:
    problem = Problem.from_dict(_read(arguments.problem))
    solution = Solution.from_dict(_read(arguments.solution))
    found = violations(problem, replace(solution, value={}))
    if found:
        raise BadFile("\n".join(f"{arguments.solution}: {violation.text}" for violation in found))
    for item in explain(problem, solution, seconds=arguments.seconds):
        print(f"{item.wish}: {item.reason}. {item.text} {item.fix}".rstrip())
    return DONE


def _limits(arguments: argparse.Namespace) -> dict[str, Any]:
    return {"seconds": arguments.seconds, "workers": arguments.workers, "seed": arguments.seed}


def _read(path: str) -> Any:
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise BadFile(f"{path}: is not JSON ({error})") from error


def _write(path: str, data: dict[str, Any], *, interrupted: bool) -> int:
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    if path == "-":
        sys.stdout.write(text)
        return INTERRUPTED if interrupted else DONE
    unfinished = Path(f"{path}.part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)  # noqa: PTH105 - a reader sees the old file or the new one, never half of it
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}") from error
    return INTERRUPTED if interrupted else DONE


@contextmanager
def _interruptible() -> Iterator[list[int]]:
    """Yield a list that is non-empty once the user interrupts, instead of losing the plan."""
    stopped: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: stopped.append(number))
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def _show() -> Callable[[Progress], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(now: Progress) -> None:
        gap = "" if now.value is None or now.bound is None else f" gap {abs(now.value - now.bound):g}"
        print(f"{now.seconds:8.1f} s  {now.objective}: {now.value} bound {now.bound}{gap}", file=sys.stderr)

    return show
