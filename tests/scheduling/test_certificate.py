"""What is proven about a plan, in words."""

import io
import re

import pytest
from openpyxl import load_workbook

from matchmaker.db import transaction
from matchmaker.scheduling import certificate
from matchmaker.scheduling.options import Options
from tests import factories
from tests.scheduling import planning
from tests.scheduling.planning import ADDRESS

EVEN = Options(seconds=2, objective=("placed", "fair", "breaks"), stars=False)


@pytest.fixture
def crowded(fair):
    """Twenty people, ten pairs, two tables in four slots."""
    with transaction():
        planning.crowd(fair.event, 18)
    return fair


def changed(run, **values):
    """The run with other figures, as if the solver had found them."""
    with transaction():
        run.figures = run.figures | values
    return run


def test_the_maximum_is_proven_and_named_with_what_it_comes_from(crowded):
    run = planning.run(crowded, EVEN)

    assert certificate.headline(run) == (
        "8 of 10 accepted requests are placed; 8 is the proven maximum with 2 places in 4 slots."
    )
    assert certificate.binding(run) == ["Places: in all 4 slots together there is room for 8 meetings."]


def test_stars_change_nothing_about_how_many_meetings_are_proven(crowded):
    run = planning.run(crowded, Options(seconds=2))

    assert "8 is the proven maximum" in certificate.headline(run)
    assert certificate.lines(run)[0].value.startswith("8 meetings, ")


def test_what_is_not_reached_is_said_with_the_most_there_can_be(crowded):
    run = changed(planning.run(crowded, EVEN), placed=7)

    assert certificate.headline(run) == (
        "7 of 10 accepted requests are placed; with 2 places in 4 slots, no plan can place more than 8."
    )


def test_own_maxima_are_named_where_they_bind(fair):
    with transaction():
        planning.rules(fair.event, max_meetings=1)
        planning.agreed(fair.ana, factories.make_participant(fair.event))
    run = planning.run(fair, EVEN)

    assert "1 is the proven maximum with the own maximum of one participant." in certificate.headline(run)
    assert certificate.binding(run) == ["Own maximum of one participant: it allows 1 meetings."]


def test_people_who_are_never_free_together_are_counted(fair):
    with transaction():
        for slot in fair.slots:
            planning.blocked(fair.ben, slot)
        planning.crowd(fair.event, 2)
    run = planning.run(fair, EVEN)

    assert "1 of 2 accepted requests are placed; 1 is the proven maximum" in certificate.headline(run)
    assert certificate.binding(run)[-1] == "One request can't be placed at all: its two people share no slot."


def test_each_aim_has_its_own_line(fair):
    run = planning.run(fair, EVEN)

    assert [(line.aim, line.value, line.verdict) for line in certificate.lines(run)] == [
        ("Many meetings", "1", "No plan is better."),
        (
            "Fair shares",
            "1 meeting for whoever has fewest",
            "Nobody who could have a meeting is left without one. No plan is better.",
        ),
        ("Few breaks", "0 breaks", "No plan is better."),
    ]


@pytest.mark.parametrize(
    ("aim", "value", "bound", "verdict"),
    [
        ("placed", 98.0, 100.0, "No plan is more than 2.00 % better."),
        ("fair", 0.0, 1.0, "2 people who could have a meeting have none. Up to 1 meeting more might be possible."),
        ("breaks", 5.0, 3.0, "Up to 2 breaks fewer might be possible."),
        ("waiting", 5.0, None, "Nothing is proven yet."),
        ("hours", 90.0, 30.0, "Up to 60 minutes fewer might be possible."),
        ("changes", 2.0, 1.0, "Up to 1 meeting fewer might be possible."),
    ],
)  # fmt: skip
def test_what_is_open_is_said_as_open(fair, aim, value, bound, verdict):
    run = changed(planning.run(fair, EVEN), objective=[aim], value={aim: value, "left_out": 2}, bound={aim: bound})

    (line,) = certificate.lines(run)

    assert (line.verdict, line.is_proven) == (verdict, False)


def test_a_run_from_before_the_maximum_was_noted_still_has_a_page(olga, crowded):
    run = planning.run(crowded, EVEN)
    with transaction():
        run.figures = {
            name: value
            for name, value in run.figures.items()
            if name not in ("most", "limits", "impossible", "rules", "memory")
        }

    page = olga.get(f"{ADDRESS}/{run.id}/certificate").text

    assert "8 of 10 accepted requests are placed." in page
    assert "second program" not in page


def test_the_page_for_printing_says_how_the_plan_was_found_and_checked(olga, crowded):
    run = planning.run(crowded, Options(seconds=2, seed=5, workers=1))

    page = olga.get(f"{ADDRESS}/{run.id}/certificate").text

    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "checked all 8 meetings against 11 rules and found none broken" in text
    assert re.search(r"Memory \d+ MB at most, \d+ MB of it before the run", text)
    assert "Seed 5 Processor cores 1" in text
    assert run.fingerprint in text


def test_the_certificate_is_a_sheet_of_its_own_in_the_export(olga, crowded):
    run = planning.run(crowded, EVEN)

    book = load_workbook(io.BytesIO(olga.get(f"{ADDRESS}/{run.id}/draft.xlsx").data))

    assert book.sheetnames == ["Export", "Certificate"]
    rows = [[cell for cell in row if cell is not None] for row in book["Certificate"].iter_rows(values_only=True)]
    assert rows[0] == [f"Certificate of run {run.id}", certificate.headline(run)]
    assert ["Seed", "1"] in rows
    assert book["Export"].max_row == 9
