"""Tables as files: CSV and XLSX, safe to open in a spreadsheet program."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import Response, abort
from werkzeug.utils import secure_filename

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Column(NamedTuple):
    """One column: its heading and how a row gives the value."""

    heading: str
    value: Callable[[Any], Any]


class About(NamedTuple):
    """What a table is about, as rows: a sheet of its own in XLSX; CSV is the table alone, for programs to read."""

    title: str
    rows: Sequence[Sequence[Any]]


def export_table(
    columns: list[Column], rows: Iterable[Any], form: str, filename: str, about: About | None = None
) -> Response:
    """Return ``rows`` as a download; ``form`` is csv or xlsx, anything else is a 404."""
    writers = {"csv": _as_csv, "xlsx": _as_xlsx}
    if form not in writers:
        abort(404)
    headings = [str(column.heading) for column in columns]
    body, media_type = writers[form](
        headings, ([_plain(column.value(row)) for column in columns] for row in rows), about
    )
    name = f"{secure_filename(filename) or 'export'}.{form}"
    return Response(body, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(item) for item in value)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _neutral(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe (ASVS 5.0, 1.2.10)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _as_csv(headings: list[str], rows: Iterable[list[Any]], _about: About | None) -> tuple[bytes, str]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_neutral(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig"), "text/csv"


def _as_xlsx(headings: list[str], rows: Iterable[list[Any]], about: About | None) -> tuple[bytes, str]:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    sheet.append(headings)
    for row in rows:
        sheet.append(_cells(row))
    if about is not None:
        sheet = book.create_sheet(about.title[:31])
        for line in about.rows:
            sheet.append(_cells(_plain(value) for value in line))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), XLSX


def _cells(row: Iterable[Any]) -> list[Any]:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return [ILLEGAL_CHARACTERS_RE.sub("", _neutral(value)) if isinstance(value, str) else value for value in row]
