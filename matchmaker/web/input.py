"""What may come in at all, before any form looks at it: characters the database can store, ids that exist, forms only.

PostgreSQL stores no NUL and its ids end at 2**31 - 1; what lies outside is never an error of ours but a page that is
not there, or a value that counts as not given.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote_from_bytes

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1
_DIGITS = 10  # of LARGEST_ID; Python itself refuses to read thousands of them
_ASCII = "".join(map(chr, range(33, 127)))
_FORMS = ("", "application/x-www-form-urlencoded", "multipart/form-data")


def whole_number(text: str | None, otherwise: int | None = None) -> int:
    """Return the whole number from 0 to ``LARGEST_ID`` in ``text``; ``otherwise`` for anything else, or ``ValueError``.

    Made for ``request.args.get("participant", type=whole_number)``, which takes the error as "not given".
    """
    if not text or len(text) > _DIGITS or not text.isdecimal() or int(text) > LARGEST_ID:
        if otherwise is not None:
            return otherwise
        raise ValueError(f"{text!r:.40} is not a whole number that we store")
    return int(text)


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """Return the numbers among ``texts``, in order; what is none is left out."""
    found = []
    for text in texts:
        try:
            found.append(whole_number(text))
        except ValueError:
            continue
    return found


class RowId(IntegerConverter):
    """``<int:...>`` in addresses: an id that a row could have; any other address is not found."""

    regex = rf"\d{{1,{_DIGITS}}}"

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, *args, **{"max": LARGEST_ID, **kwargs})


class _Storable(ImmutableMultiDict[str, str]):
    """Names and values as the database can store them: without NUL."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = mapping.items(multi=True) if hasattr(mapping, "getlist") else mapping
        if isinstance(pairs, dict):
            pairs = pairs.items()
        super().__init__([(_stripped(name), _stripped(value)) for name, value in pairs or ()])


def _stripped(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) else value


class StorableRequest(Request):
    """A request whose arguments and form fields can be stored."""

    parameter_storage_class = _Storable

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query_string = quote_from_bytes(self.query_string, safe=_ASCII).encode()  # browsers send no raw bytes; others do


def refuse_strange() -> None:
    """Answer 404 to addresses that no row can have, 413 to huge forms, and 415 to bodies that are no forms or hold files."""
    if "\x00" in request.path:
        abort(404)
    if request.method != "POST":
        return
    if request.mimetype not in _FORMS:
        abort(415)
    if (request.content_length or 0) > (request.max_form_memory_size or 0) and request.mimetype == _FORMS[1]:
        abort(413)  # werkzeug applies that limit to the fields of multipart forms only
    if request.files:
        abort(415)  # no form asks for one, and a file in the place of a text would be taken for it


def init_app(app: Flask) -> None:
    """Install all of it; before any blueprint is registered, for its addresses use the converter."""
    app.request_class = StorableRequest
    app.url_map.converters["int"] = RowId
    app.before_request(refuse_strange)
