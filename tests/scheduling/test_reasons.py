"""Why a request is left out, in sentences with names."""

import pytest

from matching.scheduling.explain import REASONS
from matchmaker.db import transaction
from matchmaker.scheduling import figures, queries, reasons
from matchmaker.scheduling.names import Names
from tests import factories
from tests.scheduling import planning


@pytest.fixture
def names(cast):
    with transaction():
        cast.slots = planning.slots(cast, places=1)
        cast.request = planning.agreed(cast.ana, cast.ben)
    return Names(queries.situation_of(cast.event.id))


def test_every_reason_of_the_library_has_a_heading():
    assert set(reasons.LABELS) == set(REASONS)
    assert reasons.label("something_new") == "something_new"


def test_the_reasons_of_a_real_draft_are_named(cast):
    with transaction():
        [slot] = planning.slots(cast, count=1)
        planning.agreed(cast.ana, cast.ben, stars=5)
        cora = factories.make_participant(cast.event, factories.make_user("Cora Cruz"))
        planning.agreed(cast.ana, cora, stars=1)
        dan = factories.make_participant(cast.event, factories.make_user("Dan Dietz"))
        planning.agreed(cora, dan)
        planning.blocked(dan, slot)
    run = planning.run(cast)

    rows = figures.unplaced_by_reason(run.solution, Names(queries.situation_of(cast.event.id)))

    said = {label: [(row.text, [person.first_name for person in (p.user for p in row.people)]) for row in group]
            for label, group in rows}  # fmt: skip
    assert said == {
        "No slot in which both are free": [("Cora Cruz and Dan Dietz are never available together.", ["Cora", "Dan"])],
        "Other meetings that count more need these slots": [("In its place: Ana Alvarez – Ben Berg.", ["Ana", "Cora"])],
    }


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("own_maximum", "Maximum reached: {ana} and {ben}."),
        ("other_full", "{ana} and {ben} are busy in every slot they share."),
        ("outweighed", "In its place: {ana} – {ben}."),
        ("precedence", "It comes after {ana} – {ben}."),
        ("places_full", ""),
        ("something_new", ""),
    ],
)
def test_sentences(cast, names, reason, sentence):
    only_ana = {"full": [f"p{cast.ana.id}"]}
    assert reasons.sentence("other_full", only_ana, names) == "Ana Alvarez is busy in every slot the two share."
    details = {"full": [f"p{cast.ana.id}", f"p{cast.ben.id}"], "wishes": [f"r{cast.request.id}"]}

    said = reasons.sentence(reason, details, names)

    assert said == sentence.format(ana="Ana Alvarez", ben="Ben Berg")
    assert reasons.sentence(reason, {}, names) == ""


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("max_meetings", "One more meeting for Ana Alvarez"),
        ("places", "One more place on Tue 8 Dec 2026, 09:00"),
        ("availability", "Ana Alvarez free on Tue 8 Dec 2026, 09:00"),
        ("drop", "Giving up Ana Alvarez – Ben Berg"),
        ("allowed_slots", "Allowing Tue 8 Dec 2026, 09:00"),
    ],
)
def test_what_would_help(cast, names, rule, sentence):
    change = {
        "rule": rule, "participant": f"p{cast.ana.id}", "slot": f"s{cast.slots[0].id}", "wish": f"r{cast.request.id}",
    }  # fmt: skip

    said = reasons.fix({"slot": f"s{cast.slots[1].id}", "fix": [change, change]}, names)

    again = sentence if rule == "availability" else sentence[0].lower() + sentence[1:]
    assert said == f"{sentence} and {again}; then it fits on Tue 8 Dec 2026, 09:20."


def test_what_fits_without_any_change_and_what_nothing_helps(cast, names):
    assert reasons.fix({"slot": f"s{cast.slots[0].id}", "fix": []}, names) == "Fits on Tue 8 Dec 2026, 09:00."
    assert reasons.fix({}, names) == ""


def test_ids_get_names_and_unknown_ones_stay(cast, names):
    table = planning.tables(cast.event)[0]

    assert names.of(f"t{table.id}") == "Table 1"
    assert [names.of(each) for each in ("p999999", "s999999", "t999999", "r999999")] == [
        "p999999", "s999999", "t999999", "a withdrawn request",
    ]  # fmt: skip


def test_a_gap_needs_value_and_bound():
    assert [figures.gap(*pair) for pair in ((None, 1.0), (1.0, None), (9.0, 10.0), (0.0, 0.0))] == [
        None,
        None,
        0.1,
        0.0,
    ]


def test_meeting_online_is_a_change_of_its_own(cast, names):
    details = {"slot": f"s{cast.slots[0].id}", "fix": [{"rule": "mode", "wish": f"r{cast.request.id}"}]}

    assert reasons.fix(details, names).startswith("Holding it online; then it fits on ")
