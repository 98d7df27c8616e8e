"""Errors become pages for people and JSON for programs, with their status, whatever is broken."""

import pytest
from flask import abort
from flask_wtf.csrf import CSRFError

from matchmaker import errors
from matchmaker.app import create_app
from matchmaker.db import db


@pytest.fixture
def client(instance_folder):
    app = create_app(
        instance_dir=str(instance_folder), jobs="inline", mail="memory", base_url="http://localhost", rate_limits=False
    )
    raising = {
        "allowed": errors.NotAllowed("Only organisers."), "found": errors.NotFound("No such table."),
        "conflict": errors.Conflict("Ana was quicker."), "invalid": errors.Invalid("Too many.", field="count"),
        "domain": errors.DomainError("It can't be done."), "broken": ZeroDivisionError("secret detail"),
        "csrf": CSRFError("The form was open for too long."),
    }  # fmt: skip

    def fail(what):
        raise raising[what]

    app.add_url_rule("/fail/<what>", "fail", fail)
    app.add_url_rule("/abort/<int:code>", "abort", abort)
    app.add_url_rule("/folder/", "folder", lambda: "inside")
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("what", "status", "message"),
    [
        ("allowed", 403, "Only organisers."),
        ("found", 404, "No such table."),
        ("conflict", 409, "Ana was quicker."),
        ("invalid", 422, "Too many."),
        ("domain", 400, "It can&#39;t be done."),
        ("csrf", 400, "The form was open for too long."),
    ],
)
def test_what_cannot_be_done_is_said_with_its_status(client, what, status, message):
    answer = client.get(f"/fail/{what}")

    assert answer.status_code == status
    assert message in answer.text
    assert answer.text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 418, 422, 429, 500, 503])
def test_every_status_has_a_page(client, status):
    answer = client.get(f"/abort/{status}")

    assert answer.status_code == status
    assert "<h1>" in answer.text


def test_programs_get_json(client):
    answer = client.get("/fail/conflict", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json) == (409, {"error": "Ana was quicker.", "status": 409})


def test_a_fault_of_ours_is_logged_and_not_shown(client, caplog):
    answer = client.get("/fail/broken")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "ZeroDivisionError: secret detail" in caplog.text


def test_the_allowed_methods_are_told(client):
    answer = client.post("/health/live")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_redirect_is_no_error(client):
    answer = client.get("/folder")

    assert (answer.status_code, answer.location) == (308, "http://localhost/folder/")


def test_an_answer_goes_out_even_when_the_page_is_broken(client, monkeypatch):
    def broken(*_args, **_values):
        raise ConnectionError("no database")

    monkeypatch.setattr("matchmaker.web.errors.render_template", broken)

    answer = client.get("/nothing")

    assert (answer.status_code, answer.text, answer.mimetype) == (404, "404 Not Found", "text/plain")


def test_an_error_page_comes_out_without_tables_and_users(client):
    """Nothing is migrated here: no page may need the database to say that something is wrong."""
    assert client.get("/nothing").status_code == 404
