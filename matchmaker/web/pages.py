"""Pages of long lists."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from flask import request
from sqlalchemy import Select, func

from matchmaker.db import db

PER_PAGE = 50


class Page(NamedTuple):
    """One page of a list. ``number`` starts at 1; ``total`` counts all rows."""

    items: list[Any]
    number: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """Position of the first row shown, from 1; 0 on an empty list."""
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Position of the last row shown."""
        return min(self.number * self.per_page, self.total)

    def url(self, number: int) -> str:
        """Address of another page of the list shown, with the filters kept."""
        return with_filters(quote(request.path), page=str(number))


def with_filters(address: str, **more: str) -> str:
    """Return ``address`` with the filters of the list shown, on its first page, and ``more``.

    Never give a visitor's arguments to ``url_for``: ``?_external=1`` or ``?endpoint=x`` would become its own.
    """
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    pairs = urlencode([*kept, *more.items()])
    return f"{address}?{pairs}" if pairs else address


def page_of(rows: Sequence[Any], per_page: int = PER_PAGE) -> Page:
    """Return the page named in the address (``?page=2``) of rows that are there already; past the end it is the last."""
    number = min(max(1, request.args.get("page", 1, type=int)), max(1, -(-len(rows) // per_page)))
    return Page(list(rows[(number - 1) * per_page : number * per_page]), number, per_page, len(rows))


def paginate(query: Select[Any], *, scalars: bool = True, per_page: int = PER_PAGE) -> Page:
    """Run ``query`` for the page named in the address (``?page=2``): two statements however long the list is.

    ``scalars``: rows are single objects; else rows are tuples. A page past the end is the last one.
    """
    total = db.session.scalar(db.select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(max(1, request.args.get("page", 1, type=int)), max(1, -(-total // per_page)))
    rows = db.session.execute(query.limit(per_page).offset((number - 1) * per_page))
    return Page(list(rows.unique().scalars() if scalars else rows), number, per_page, total)
