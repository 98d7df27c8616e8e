"""Plans side by side."""

import csv
import io

import openpyxl
import pytest

from matchmaker.db import db, transaction
from matchmaker.scheduling import compare, queries
from matchmaker.scheduling.models import ScheduleRun, ScheduleState
from tests import factories
from tests.scheduling import planning
from tests.scheduling.planning import ADDRESS

PAGE = f"{ADDRESS}/compare"


@pytest.fixture
def plans(fair):
    """Ana and Ben are published; the first run has them only, the second Cora and Dan only."""
    with transaction():
        cora, dan = (factories.make_participant(fair.event, factories.make_user(n)) for n in ("Cora Cruz", "Dan Dietz"))
        second = planning.agreed(cora, dan)
        factories.make_meeting(fair.request, fair.slots[0], planning.tables(fair.event)[0])
    first_run, second_run = planning.run(fair), planning.run(fair)
    for run, dropped in ((first_run, second.id), (second_run, fair.request.id)):
        with transaction():
            db.session.delete(next(row for row in queries.draft_of(run) if row.request_id == dropped))
    return first_run, second_run


def figures_of(found):
    return dict(found.rows)


def test_figures_of_plans_stand_side_by_side(fair, plans):
    found = compare.of(fair.event.id, plans, published=True)

    rows = figures_of(found)
    assert [plan.label for plan in found.contenders] == ["Published now", f"Run {plans[0].id}", f"Run {plans[1].id}"]
    assert rows["Meetings"] == ["1", "1", "1"]
    assert rows["No plan has more than"] == ["–", "2", "2"]
    assert rows["People without a meeting"] == ["2", "2", "2"]
    assert rows["Fair shares"] == ["0 meetings", "1 meeting, proven", "1 meeting, proven"]
    assert rows["Meetings in no other of these"] == ["0", "0", "1"]
    assert rows["Against what is published"][2] == "1 new, 1 cancelled"


def test_people_are_better_or_worse_off_than_in_the_first(fair, plans):
    found = compare.of(fair.event.id, plans, published=False)

    second = found.contenders[1]
    assert [person.display_name for person in found.better(second)] == ["Cora Cruz", "Dan Dietz"]
    assert [person.display_name for person in found.worse(second)] == ["Ana Alvarez", "Ben Berg"]


def test_the_page_names_what_only_one_plan_has(olga, plans):
    page = olga.get(f"{PAGE}?plan={plans[0].id}&plan={plans[1].id}").text

    assert "Cora Cruz – Dan Dietz" in page
    assert "Ana Alvarez – Ben Berg" in page
    assert page.count("checked") == 2


def test_plans_are_chosen_on_the_page(olga, plans, fair):
    page = olga.get(PAGE).text

    assert [f'value="{key}"' in page for key in ("published", plans[0].id, plans[1].id)] == [True] * 3
    assert "Side by side" not in page
    assert f'href="{PAGE}"' in olga.get(ADDRESS).text


def test_one_plan_can_not_be_compared(olga, plans):
    assert "Choose at least two plans." in olga.get(f"{PAGE}?plan=published").text
    assert olga.get(f"{PAGE}.csv?plan=published").status_code == 404


def test_without_a_plan_the_page_says_so(olga, fair):
    assert "There is no plan yet" in olga.get(PAGE).text


@pytest.mark.parametrize("other", ["nonsense", "99999999", "-1", "²"])
def test_what_is_no_run_of_the_event_is_not_found(olga, plans, other):
    assert olga.get(PAGE, query_string={"plan": [plans[0].id, other]}).status_code == 404


def test_the_runs_of_other_events_and_those_without_a_plan_are_not_found(olga, plans, fair):
    with transaction():
        theirs = factories.stored(ScheduleRun(event_id=fair.other_event.id, options={}, state=ScheduleState.DRAFT))
        failed = factories.stored(ScheduleRun(event_id=fair.event.id, options={}, state=ScheduleState.FAILED))

    for run in (theirs, failed):
        assert olga.get(f"{PAGE}?plan={plans[0].id}&plan={run.id}").status_code == 404


def test_the_comparison_is_exported_with_everybodys_meetings(olga, plans):
    asked = f"plan=published&plan={plans[1].id}"
    table = list(csv.reader(io.StringIO(olga.get(f"{PAGE}.csv?{asked}").text.lstrip("\ufeff"))))
    about = openpyxl.load_workbook(io.BytesIO(olga.get(f"{PAGE}.xlsx?{asked}").data)).worksheets[1]

    assert [cell.value or "" for cell in about[1]] == ["", "Published now", f"Run {plans[1].id}"]
    assert [[row[0], *row[2:]] for row in table[1:]] == [
        ["Ana Alvarez", "1", "0"],
        ["Ben Berg", "1", "0"],
        ["Cora Cruz", "0", "1"],
        ["Dan Dietz", "0", "1"],
    ]


def test_the_number_of_statements_does_not_grow_with_the_plans(olga, fair, plans, count_statements):
    counts = []
    for _ in range(2):
        db.session.expire_all()
        with count_statements() as counter:
            assert olga.get(f"{PAGE}?plan=published&plan={plans[0].id}&plan={plans[1].id}").status_code == 200
        counts.append(counter.count)
        with transaction():
            planning.crowd(fair.event, 20)

    assert counts[0] == counts[1]
