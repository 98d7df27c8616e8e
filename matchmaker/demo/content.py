"""Reading the demo's data files, with their dates shifted by whole weeks so that the live event always lies ahead."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "data"
WRITTEN_ON = date(2026, 11, 23)  # the day for which the dates in the files were chosen


@cache
def read(name: str) -> Any:
    """Return one data file."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def organisations() -> dict[str, dict[str, Any]]:
    """Return the organisations by id, in the order of the files."""
    files = sorted((FOLDER / "organisations").glob("*.json"))
    return {row["id"]: row for file in files for row in json.loads(file.read_text(encoding="utf-8"))}


@dataclass(frozen=True)
class Shift:
    """Moves the dates of the files by whole weeks, so that weekdays stay."""

    days: timedelta

    @classmethod
    def to(cls, today: date) -> "Shift":
        """Return the shift that makes ``today`` the week for which the files were written."""
        weeks = (today - WRITTEN_ON).days // 7
        return cls(timedelta(weeks=weeks))

    def day(self, text: str) -> date:
        """Read a date of a file."""
        return date.fromisoformat(text) + self.days

    def moment(self, text: str) -> tuple[date, time]:
        """Read a local time of a file, such as ``2026-12-04T18:00``."""
        found = datetime.fromisoformat(text) + self.days
        return found.date(), found.time()
