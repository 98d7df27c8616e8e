"""Tasks for the tests of jobs, and an application for a real worker process: ``flask --app tests.jobs.work worker``.

What ran is written to a file, so that it shows what really happened and not what the table says about it.
"""

import os
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from flask import Flask

from matchmaker import jobs


def note(diary: str, line: str) -> None:
    """Add a line; small appends are atomic."""
    with Path(diary).open("a") as file:
        file.write(f"{line} {os.getpid()}\n")


def lines(diary: Path) -> list[str]:
    """What was noted, without the process."""
    return [line.rpartition(" ")[0] for line in diary.read_text().splitlines()] if diary.exists() else []


def eventually(condition: Callable[[], bool], seconds: int = 30) -> None:
    """Wait for what other processes do."""
    end = monotonic() + seconds
    while not condition() and monotonic() < end:
        sleep(0.05)
    assert condition()


def cut_off(diary: str, *_rest: object) -> None:
    note(diary, "told")


@jobs.task()
def write(diary: str, line: str) -> None:
    note(diary, line)


@jobs.task(interrupted=cut_off)
def fail(diary: str) -> None:
    note(diary, "fail")
    raise ZeroDivisionError("on purpose")


@jobs.task(retries=2, interrupted=cut_off)
def fail_once(diary: str) -> None:
    note(diary, "try")
    if lines(Path(diary)).count("try") == 1:
        raise ZeroDivisionError("on purpose")


@jobs.task(retries=1, interrupted=cut_off)
def fail_always(diary: str) -> None:
    note(diary, "try")
    raise ZeroDivisionError("on purpose")


@jobs.task(interrupted=cut_off)
def wait(diary: str) -> None:
    _wait(diary)


@jobs.task(retries=1, interrupted=cut_off)
def wait_again(diary: str) -> None:
    _wait(diary)


def _wait(diary: str) -> None:
    """Until somebody asks it to stop."""
    job = jobs.current_job()
    note(diary, "began")
    job.report(40, "Waiting")
    end = monotonic() + 30
    while monotonic() < end and not job.should_stop():
        sleep(0.05)
    note(diary, "stopped")


def _broken(*_arguments: object) -> None:
    raise LookupError("the callback is broken too")


@jobs.task(interrupted=_broken)
def fail_badly() -> None:
    raise ZeroDivisionError("on purpose")


@jobs.task()
def chain(diary: str) -> None:
    from matchmaker.db import transaction

    with transaction():
        jobs.enqueue(write, diary, "second")
    note(diary, "first")


def create_app() -> Flask:
    """The application of the worker, with the settings of the environment."""
    from matchmaker.app import create_app

    return create_app()
