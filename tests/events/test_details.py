import pytest

from matchmaker.events.details import DETAILS, details_of, parse, shown, typed
from matchmaker.vocabulary import terms


@pytest.fixture(autouse=True)
def _page(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("host_region", " Murcia ", "Murcia"),
        ("papers", "A\n\nB", ["A", "B"]),
        (
            "peers",
            "Jens | NordHessen | Fees\nOlga",
            [{"name": "Jens", "region": "NordHessen", "expertise": "Fees"}, {"name": "Olga"}],
        ),
        (
            "groups",
            "Listening | 16 | Why? | Kim",
            [{"name": "Listening", "capacity": 16, "question": "Why?", "facilitator": "Kim"}],
        ),
        ("background_paper", "https://example.org/a.pdf", "https://example.org/a.pdf"),
        ("minutes", "", None),
    ],
)
def test_what_is_typed_is_stored_and_typed_again(name, text, value):
    assert parse(DETAILS[name], text) == value
    assert parse(DETAILS[name], typed(DETAILS[name], value)) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("background_paper", "javascript:alert(1)", "full address"),
        ("groups", "A | many", "Line 1: “Places” must be a number"),
        ("groups", "A | 0", "must be a number"),
        ("peers", "A | B | C | D", "Line 1 has more than 3 parts"),
        ("peers", "A\n | B", "Line 2: “Name” is missing"),
        ("papers", "x" * 301, "longer than 300"),
        ("papers", "x\n" * 101, "at most 100 lines"),
    ],
)
def test_mistakes_are_named(name, text, message):
    with pytest.raises(ValueError, match=message):
        parse(DETAILS[name], text)


def test_values_of_other_shapes_are_typed_as_they_are():
    assert typed(DETAILS["peers"], ["Jens", {"name": "Olga", "partner": "pora"}]) == "Jens\nOlga"


def test_every_kind_has_its_fields():
    assert {kind: bool(details_of(kind)) for kind in terms("event_kinds")} == {
        kind: kind != "b2b" for kind in terms("event_kinds")
    }


def test_internal_details_are_for_participants():
    details = {"thematic_questions": ["Why?"], "recommendations": ["Do"], "unknown": 1}

    assert [[d.name for d, _v in shown("peer_review", details, internal=i)] for i in (False, True)] == [
        ["thematic_questions"],
        ["thematic_questions", "recommendations"],
    ]
