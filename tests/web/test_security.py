"""Headers, hosts, redirects, limits and log lines: what every answer has to keep."""

import json
import logging

import pytest
from flask import request

from matchmaker import logs
from matchmaker.app import create_app
from matchmaker.db import db
from matchmaker.web import safe_next
from matchmaker.web.limits import network_address

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@pytest.fixture
def make_app(instance_folder):
    made = []

    def make(**settings):
        values = {"jobs": "inline", "mail": "memory", "base_url": "http://localhost", "rate_limits": False} | settings
        made.append(create_app(instance_dir=str(instance_folder), **values))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.mark.parametrize(
    "target", ["/", "/events/fair/", "/events?q=a//b", "/a%2F%2Fb", "/events#top", "/%2Fevil.example"]
)
def test_paths_of_our_own_are_followed(target):
    assert safe_next(target, "/home") == target


@pytest.mark.parametrize(
    "target",
    [
        None, "", "events", "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "/\n/evil.example", "/\r\nLocation: https://evil.example", "\x00//evil.example", " //evil.example",
        "/path\\..\\evil", "javascript:alert(1)", "http:evil.example", "/\x7f/evil.example", "//[evil", "/\u2028x",
    ],
)  # fmt: skip
def test_everything_else_leads_home(target):
    assert safe_next(target, "/home") == "/home"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/nothing", 404),
        ("/account/", 404),
        ("/health/live", 200),
        ("/static/js/theme.js", 200),
        ("/events/fair/me/requests", 303),
    ],
)
def test_every_kind_of_answer_has_the_headers(as_user, cast, path, status):
    with as_user(None).get(path, follow_redirects=False) as answer:
        assert answer.status_code in (status, 308)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self';"
    )
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


def test_pages_are_not_kept_and_files_may_be(as_user, cast):
    client = as_user(None)

    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert "Cookie" in client.get("/").headers["Vary"]
    with client.get("/static/js/theme.js") as file:
        assert file.headers["Cache-Control"] != "no-store"


def test_https_is_remembered_and_cookies_are_bound_to_it(make_app):
    app = make_app(base_url="https://fair.example")

    answer = app.test_client().get("/health/live", base_url="https://fair.example")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert (app.config["SESSION_COOKIE_NAME"], app.config["SESSION_COOKIE_SECURE"]) == ("__Host-session", True)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", ""])
def test_a_foreign_host_gets_nothing(make_app, host):
    answer = make_app().test_client().get("/health/live", headers={"Host": host})

    assert (answer.status_code, answer.text) == (400, "400 Bad Request")


def test_hosts_can_be_named(make_app):
    client = make_app(trusted_hosts="fair.example, www.fair.example").test_client()

    answers = [client.get("/health/live", headers={"Host": host}).status_code for host in
               ("fair.example", "www.fair.example:8000", "localhost")]  # fmt: skip
    assert answers == [200, 200, 400]


@pytest.mark.parametrize(
    ("hops", "forwarded", "key"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "5.5.5.5", "5.5.5.5"),
        (1, "6.6.6.6, 5.5.5.5", "5.5.5.5"),
        (2, "6.6.6.6, 5.5.5.5, 10.0.0.1", "5.5.5.5"),
    ],
)
def test_a_forged_address_does_not_escape_the_rate_limit(make_app, hops, forwarded, key):
    app = make_app(proxy_hops=hops)
    seen = []
    app.add_url_rule("/who", "who", lambda: seen.append(network_address()) or "")

    app.test_client().get("/who", headers={"X-Forwarded-For": forwarded})

    assert seen == [key]


def test_one_proxy_cannot_be_made_to_name_another_host(make_app):
    client = make_app(proxy_hops=1).test_client()

    assert client.get("/health/live", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400


def test_a_body_that_is_too_large_is_refused_with_a_page(make_app):
    app = make_app(max_upload_mb=1)
    app.config["WTF_CSRF_ENABLED"] = False
    app.add_url_rule("/take", "take", lambda: request.form["x"], methods=["POST"])

    answer = app.test_client().post("/take", data={"x": "y" * 2_000_000})

    assert answer.status_code == 413
    assert "<h1>" in answer.text


def lines_of(handler_stream):
    return [json.loads(line) for line in handler_stream.getvalue().splitlines()]


def test_log_lines_are_objects_without_secrets(as_user, cast, capsys):
    import io

    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    logging.getLogger("matchmaker").addHandler(handler)
    try:
        client = as_user(cast.ana)
        client.get("/account/confirm/very-secret-token?password=hidden")
        client.post("/account/sign-in", data={"email": "ana@private.example", "password": "hidden"})
        logging.getLogger("matchmaker.test").error("broken", exc_info=(ValueError, ValueError("why"), None))
    finally:
        logging.getLogger("matchmaker").removeHandler(handler)

    lines = lines_of(stream)
    assert [word for word in ("very-secret-token", "hidden", "private.example") if word in stream.getvalue()] == []
    assert (lines[0]["logger"], lines[0]["level"]) == ("matchmaker.access", "info")
    assert lines[0]["message"].startswith("GET /account/confirm/<token> ")
    assert len(lines[0]["request_id"]) == 12
    assert lines[0]["milliseconds"] > 0
    assert (lines[-1]["message"], lines[-1]["error"]) == ("broken", "ValueError: why")


def test_the_log_is_set_up_once():
    logger = logging.getLogger("matchmaker")
    before, logger.handlers = logger.handlers, []
    try:
        logs.set_up("json")
        logs.set_up("text")
        assert [type(handler.formatter) for handler in logger.handlers] == [logs.JsonFormatter]
    finally:
        logger.handlers = before
