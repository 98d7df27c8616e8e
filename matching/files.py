"""JSON files in and out, for every command of the library: strict when reading, all or nothing when writing."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from matching.errors import InvalidFile, MatchingError, Mistake

STANDARD = "-"


class CannotWrite(MatchingError):
    """An output that can't be written; nothing was changed."""


def read_json(path: str) -> object:
    """Read a UTF-8 JSON file, "-" = standard input. Raises InvalidFile; NaN, Infinity and repeated keys are refused."""
    try:
        data = sys.stdin.buffer.read() if path == STANDARD else Path(path).read_bytes()
        return json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant, object_pairs_hook=_once)
    except OSError as error:
        raise InvalidFile([Mistake(path, error.strerror or "can't be read")]) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidFile([Mistake(path, f"not JSON: {error.msg} at {where}")]) from error
    except UnicodeDecodeError as error:
        raise InvalidFile([Mistake(path, f"not UTF-8: byte {error.start}")]) from error
    except (ValueError, RecursionError) as error:
        raise InvalidFile([Mistake(path, f"not usable JSON: {error}")]) from error


def write_json(path: str, data: Any) -> None:
    """Write a UTF-8 JSON file, "-" = standard output; an existing file is replaced whole or not at all."""
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    if path == STANDARD:
        sys.stdout.write(text)
        return
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise CannotWrite(message) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        message = f"{path}: {error.strerror}"
        raise CannotWrite(message) from error


def _refuse_constant(name: str) -> float:
    message = f"{name} is not a number"
    raise ValueError(message)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f'the key "{twice}" is used twice in one object'
        raise ValueError(message)
    return result
