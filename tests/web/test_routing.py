"""Rules that compile their builders late give the addresses that ordinary rules give."""

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError, Rule

from matchmaker.web import routing
from matchmaker.web.routing import LateRule


def make_app(*, late):
    app = Flask(__name__)
    if late:
        routing.init_app(app)
    app.add_url_rule("/events/<slug>/<int:number>", "one", lambda **_values: "")
    app.add_url_rule("/files/<path:name>", "file", lambda **_values: "", defaults={"kind": "any"})
    return app


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("one", {"slug": "größe & more", "number": 3}),
        ("one", {"slug": "a", "number": 3, "page": 2, "_anchor": "top"}),
        ("file", {"name": "a/b c"}),
        ("static", {"filename": "css/app.css"}),
    ],
)
def test_a_late_rule_builds_what_an_ordinary_rule_builds(endpoint, values):
    built = []
    for late in (True, False):
        with make_app(late=late).test_request_context():
            built.append([url_for(endpoint, **values) for _again in range(2)])

    assert built[0] == built[1]


def test_a_late_rule_compiles_nothing_before_its_first_address():
    app = make_app(late=True)
    rule = next(app.url_map.iter_rules("one"))
    assert isinstance(rule, LateRule)
    assert type(rule)._compile_builder is not Rule._compile_builder
    before = rule._build_unknown

    with app.test_request_context():
        url_for("one", slug="a", number=1)

    assert rule._build_unknown is not before


def test_a_missing_value_is_still_an_error():
    with make_app(late=True).test_request_context(), pytest.raises(BuildError):
        url_for("one", slug="a")
