import pytest
from flask_babel import force_locale

from matchmaker.events.naming import SERIES, mode_name, ordinal_text, series_name
from matchmaker.vocabulary import terms


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (103, "103rd")],
)
def test_ordinals_are_generated(app, number, text):
    with app.test_request_context(), force_locale("en"):
        assert ordinal_text(number) == text


def test_every_kind_has_a_name_in_its_series(app):
    assert set(SERIES) == set(terms("event_kinds"))


@pytest.mark.parametrize(
    ("kind", "ordinal", "name"),
    [
        ("peer_review", 1, "1st peer review"),
        ("b2b", 2, "2nd B2B matchmaking event"),
        ("webinar", None, "Webinar"),
        ("gone", 3, "gone"),
    ],
)
def test_a_series_names_its_events(app, kind, ordinal, name):
    with app.test_request_context():
        assert series_name(kind, ordinal) == name


def test_an_unknown_mode_stands_for_itself(app):
    with app.test_request_context():
        assert [mode_name("hybrid"), mode_name("somewhere")] == ["On site and online", "somewhere"]
