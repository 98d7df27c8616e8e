"""Every route with hostile addresses and forms, as somebody who may open it: an answer for people, never a failure.

A new route is covered as soon as it exists. Fields come from the form in the page of the route, where it has one, and
from a list of names that hand-read forms use.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from wtforms import FieldList, Form

from matchmaker.db import db, transaction
from matchmaker.web import Access
from tests import factories
from tests.conftest import Cast
from tests.test_access import access_of, arguments_of, here, ids_at, methods_of, rules_of

__all__ = ["here"]  # the fixture

HUGE_NUMBER = "99999999999999999999"
HOSTILE = "\u202e<script>alert(1)</script>'\"%{{7*7}}\x00\r\nBcc: x@y.example 🦊"
QUERIES = (
    "page=-1&sort=&q=%00&state=&kind=%00",
    f"page={HUGE_NUMBER}&participant={HUGE_NUMBER}&project={HUGE_NUMBER}&from={HUGE_NUMBER}&aside={HUGE_NUMBER}"
    f"&slot_minutes={HUGE_NUMBER}&gap_minutes=-{HUGE_NUMBER}&q=%25%5C_%27",
    "page=%F0%9F%A6%8A&sort=-%00&q=%E2%80%AE%F0%9F%A6%8A%ED%A0%80%FF&day=0000-00-00&name=%00ab%FF&next=//evil.example",
    "q=" + "x" * 10_000 + "&name=" + "y%20" * 3_000 + "&email=%0d%0aBcc:x@y.example&page=" + "9" * 5_000,
    "day=2026-12-08&starts=99:99&ends=%00&slot_minutes=x&page=1e9&participant=%C2%B2&page=%C2%B2&_external=1&endpoint=x",
)
NAMES = ("email", "ids", "action", "reason", "slot", "shown", "free", "whole", "locked", "next", "version", "role",
         "answers-0-request_id", "answers-0-state", "answers-0-stars", "is_new", "kind", "name")  # fmt: skip


def person_for(rule: Rule, cast: Cast) -> Any:
    return {
        Access.PARTICIPANT: cast.ana, Access.ORGANISER: cast.olga, Access.ADMINISTRATOR: cast.admin,
        Access.SIGNED_IN: cast.ana, Access.EVENT: cast.ana,
    }.get(access_of(rule)) if rule.endpoint != "events.create" else cast.admin  # fmt: skip


@pytest.fixture
def ask(
    app: Flask, cast: Cast, here: dict[str, Any], as_user: Callable[[Any], FlaskClient]
) -> Callable[..., int]:
    """Return a function that asks a route inside a savepoint and returns the status of the answer."""
    clients: dict[Any, FlaskClient] = {}

    def ask_route(rule: Rule, method: str, path: str = "", **request: Any) -> int:
        person = person_for(rule, cast)
        key = getattr(person, "id", None), type(person)
        client = clients.setdefault(key, clients.get(key) or as_user(person))
        cookies = client._cookies.copy()
        with app.test_request_context():
            path = path or app.url_map.bind("localhost").build(rule.endpoint, arguments_of(rule, here, cast), method=method)
        db.session.rollback()
        savepoint = db.engine.begin_nested()  # type: ignore[attr-defined]  # the test's connection stands in for the engine
        try:
            return client.open(path, method=method, **request).status_code
        finally:
            db.session.rollback()
            savepoint.rollback()
            client._cookies = cookies  # signing out is undone too

    return ask_route


@pytest.fixture
def seen_forms(monkeypatch: pytest.MonkeyPatch) -> list[Form]:
    """The forms that the pages made."""
    made: list[Form] = []
    original = Form.__init__

    def remember(self: Form, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        made.append(self)

    monkeypatch.setattr(Form, "__init__", remember)
    return made


def failures(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [f"{record.getMessage()} {record.exc_info[1]!r:.300}" for record in caplog.records
             if record.levelno >= logging.WARNING and record.exc_info]  # fmt: skip
    caplog.clear()
    return found


def test_no_address_makes_a_page_fail(app: Flask, ask: Callable[..., int], caplog: pytest.LogCaptureFixture) -> None:
    wrong = []
    for rule in rules_of(app):
        if "GET" in methods_of(rule) and rule.endpoint != "public.ready":
            for query in QUERIES:
                status = ask(rule, "GET", query_string=query)
                problems = failures(caplog)
                if status >= 500 or problems:
                    wrong.append(f"{rule.endpoint}?{query[:60]}: {status} {problems}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("value", ["2147483648", "9" * 5_000, "%00", "-1%FF%0A"])
def test_no_id_makes_a_page_fail(
    value: str, app: Flask, ask: Callable[..., int], caplog: pytest.LogCaptureFixture
) -> None:
    wrong = []
    for rule in rules_of(app):
        path = rule.rule
        for name in rule.arguments:
            path = "".join(part for part in _replaced(path, name, value))
        method = methods_of(rule)[0]
        if rule.arguments:
            status = ask(rule, method, path)
            problems = failures(caplog)
            if status >= 500 or problems:
                wrong.append(f"{method} {path[:90]}: {status} {problems}")

    assert not wrong, "\n".join(wrong)


def _replaced(path: str, name: str, value: str) -> Iterator[str]:
    """The rule of a route with one argument written out."""
    for part in path.replace("<", "\n<").replace(">", ">\n").split("\n"):
        yield value if part.startswith("<") and part.rstrip(">").lstrip("<").rpartition(":")[2] == name else part


def test_no_form_makes_a_page_fail(
    app: Flask, ask: Callable[..., int], seen_forms: list[Form], caplog: pytest.LogCaptureFixture
) -> None:
    wrong = []
    for rule in rules_of(app):
        if "POST" not in methods_of(rule):
            continue
        ask(rule, "POST")
        fields = {field.name: field for form in seen_forms for field in form if field.name != "csrf_token"}
        seen_forms.clear()
        for title, data in hostile(fields):
            status = ask(rule, "POST", data=data)
            problems = failures(caplog)
            if status >= 500 or problems:
                wrong.append(f"{rule.endpoint}, {title}: {status} {problems}")

    assert not wrong, "\n".join(wrong)


def hostile(fields: dict[str, Any]) -> Iterator[tuple[str, MultiDict[str, str]]]:
    """Forms that are wrong in all fields at once, and ones that are right but for one kind of value."""
    names = [*fields, *NAMES]
    yield "huge numbers", MultiDict({name: HUGE_NUMBER for name in names})
    yield "hostile texts", MultiDict({name: HOSTILE for name in names})
    yield "huge texts", MultiDict({name: "x" * 100_000 for name in list(fields)[:8]})
    yield "no number", MultiDict({name: "²" for name in names})
    good = {name: _good(field) for name, field in fields.items()}
    yield "good", MultiDict(good)
    texts = {name: HOSTILE[:40] for name, field in fields.items() if field.type in ("StringField", "TextAreaField")}
    yield "good with hostile texts", MultiDict(good | texts)
    for number in ("-1", "2147483648", HUGE_NUMBER, "9" * 5_000):
        odd = {name: number for name, field in fields.items() if "Integer" in field.type or field.type == "HiddenField"}
        yield f"good with {number[:20]}", MultiDict(good | odd)
    dates = {name: "9999-12-31" for name, field in fields.items() if field.type == "DateField"}
    yield "good with late days", MultiDict(good | dates)
    yield "many fields", MultiDict([(name, "1") for name in names for _ in range(20)])


def _good(field: Any) -> str:
    """A value that the field takes."""
    if isinstance(field, FieldList):
        return ""
    choices = [value for value, *_ in field.iter_choices() if value not in ("", "None")] if _has_choices(field) else []
    if choices:
        return str(choices[0])
    kinds = {"IntegerField": "7", "DateField": "2026-12-08", "TimeField": "10:30", "EmailField": "new@good.example",
             "DateTimeLocalField": "2026-12-08T10:30", "BooleanField": "y", "PasswordField": "a long good passphrase",
             "HiddenField": "1"}  # fmt: skip
    return kinds.get(field.type, "") or "Good words"


def _has_choices(field: Any) -> bool:
    return bool(getattr(field, "choices", None)) and not callable(field.choices)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1, 2]"),
        ("application/json", b'{"email": 5, "password": ["x"]}'),
        ("text/plain", b"\xff\xfe"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n\xff\xfe"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\nhi\r\n--x--'),
        ("application/x-www-form-urlencoded", b"email=%FF%FE&password=%ED%A0%80&%FF=%00"),
        ("application/x-www-form-urlencoded; charset=utf-99", b"email=a"),
    ],
)  # fmt: skip
def test_no_body_makes_sign_in_fail(app: Flask, database: None, content_type: str, body: bytes) -> None:
    answer = app.test_client().post("/account/sign-in", data=body, content_type=content_type)

    assert answer.status_code in (400, 415, 422)


@pytest.mark.parametrize(
    "request_",
    [
        {"data": b"email=" + b"x" * (1024 * 1024 + 1), "content_type": "application/x-www-form-urlencoded"},
        {"data": {"email": "x" * (10 * 1024 * 1024)}},
        {"data": {f"field-{number}": "1" for number in range(5_001)}, "content_type": "multipart/form-data"},
    ],
    ids=["one megabyte of text", "ten megabytes", "thousands of parts"],
)
def test_bodies_beyond_the_limits_are_refused(app: Flask, database: None, request_: dict[str, Any]) -> None:
    assert app.test_client().post("/account/sign-in", **request_).status_code == 413


@pytest.mark.parametrize("query", [b"\xff\xfe", b"q=\xff", b"%", b"&&==&", b"q[]=1&q[a]=2"])
def test_raw_bytes_in_an_address_are_read_as_something(app: Flask, database: None, query: bytes) -> None:
    answer = app.test_client().get("/events/", environ_overrides={"QUERY_STRING": query.decode("latin-1")})

    assert answer.status_code in (200, 400)


def test_nul_in_a_form_is_left_out(app: Flask, cast: Cast, as_user: Callable[[Any], FlaskClient]) -> None:
    data = {"first_name": "A\x00na", "last_name": "Diaz", "job_title": "", "timezone": "UTC", "locale": "en"}

    answer = as_user(cast.ana).post("/account", data=data)

    assert (answer.status_code, db.session.scalar(text('SELECT first_name FROM "user" WHERE id = :id'), {"id": cast.ana.user_id})) == (303, "Ana")  # fmt: skip
