"""The plan as a grid, narrowed to what somebody looks for."""

import csv
import io
import re

import pytest

from matchmaker.db import db, transaction
from matchmaker.meetings.models import Place
from matchmaker.scheduling import queries
from matchmaker.scheduling.models import ScheduleState
from tests import factories
from tests.scheduling import planning
from tests.scheduling.planning import ADDRESS


@pytest.fixture
def plan(fair):
    """Ana meets Ben at table 1 at 9:00, Cora meets Dan at table 2 at 10:00."""
    with transaction():
        cora, dan = (factories.make_participant(fair.event, factories.make_user(n)) for n in ("Cora Cruz", "Dan Dietz"))
        second = planning.agreed(cora, dan)
        first_table, second_table = planning.tables(fair.event)
    run = planning.run(fair)
    with transaction():
        for row in queries.draft_of(run):
            is_second = row.request_id == second.id
            row.slot_id = fair.slots[3 if is_second else 0].id
            row.place_id = (second_table if is_second else first_table).id
    return run


def heads(page):
    """The names at the left of the table."""
    found = re.findall(r'<th scope="row">\s*(.*?)\s*(?:<span>.*?)?</th>', page, re.DOTALL)
    return [name.strip() for name in found]


def hints(page):
    return re.findall(r'<td class="plan-meeting" title="(.*?)">', page, re.DOTALL)


def test_the_grid_shows_people_slots_and_what_is_blocked(olga, fair):
    with transaction():
        planning.blocked(fair.ana, fair.slots[2])
    run = planning.run(fair)

    page = olga.get(f"{ADDRESS}/{run.id}/grid").text

    assert page.count("plan-meeting") == 2
    assert page.count("plan-blocked") == 1
    assert "Tue 8 Dec 2026" in page


def test_a_meeting_of_a_draft_leads_to_changing_it(olga, fair):
    run = planning.run(fair)
    address = f"{ADDRESS}/{run.id}/hand/{queries.draft_of(run)[0].request_id}"

    draft, change = olga.get(f"{ADDRESS}/{run.id}/grid").text, olga.get(address)
    with transaction():
        run.state = ScheduleState.DISCARDED
    old = olga.get(f"{ADDRESS}/{run.id}/grid").text

    assert address in draft
    assert change.status_code == 200
    assert (old.count("plan-meeting"), address in old) == (2, False)


def test_the_grid_has_pages(olga, fair):
    with transaction():
        planning.crowd(fair.event, 42)
    run = planning.run(fair)

    first, last = (olga.get(f"{ADDRESS}/{run.id}/grid?page={number}").text for number in (1, 99))

    assert (first.count('<th scope="row">'), last.count('<th scope="row">')) == (40, 4)


def test_the_grid_has_a_second_view_by_place(olga, fair):
    run = planning.run(fair)

    page = olga.get(f"{ADDRESS}/{run.id}/grid?view=places").text

    assert page.count("plan-meeting") == 1
    assert "Ana Alvarez – Ben Berg" in page
    assert olga.get(f"{ADDRESS}/{run.id}/grid?view=nonsense").text.count("plan-meeting") == 2


def test_without_places_there_is_one_view(olga, fair):
    with transaction():
        for place in db.session.scalars(db.select(Place)):
            db.session.delete(place)
    run = planning.run(fair)

    page = olga.get(f"{ADDRESS}/{run.id}/grid?view=places").text

    assert 'class="switch"' not in page
    assert page.count("plan-meeting") == 2


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=cora", ["Cora Cruz"]),
        ("q=CRUZ++cora", ["Cora Cruz"]),
        ("q=nobody", []),
        ("view=places&q=dan", ["Table 2"]),
        ("view=places&q=table+1", ["Table 1"]),
        ("day=2026-12-08", ["Ana Alvarez", "Ben Berg", "Cora Cruz", "Dan Dietz"]),
        ("place=nonsense&day=nonsense", ["Ana Alvarez", "Ben Berg", "Cora Cruz", "Dan Dietz"]),
    ],
)
def test_the_grid_is_narrowed(olga, plan, query, names):
    assert heads(olga.get(f"{ADDRESS}/{plan.id}/grid?{query}").text) == names


def test_the_grid_is_narrowed_to_an_organisation(olga, plan, fair):
    name = fair.ana.organisation.name

    assert heads(olga.get(f"{ADDRESS}/{plan.id}/grid", query_string={"q": name}).text) == ["Ana Alvarez"]


def test_the_grid_is_narrowed_to_those_who_meet_at_a_place(olga, plan, fair):
    table = planning.tables(fair.event)[1]

    people = olga.get(f"{ADDRESS}/{plan.id}/grid?place={table.id}").text
    places = olga.get(f"{ADDRESS}/{plan.id}/grid?place={table.id}&view=places").text

    assert heads(people) == ["Cora Cruz", "Dan Dietz"]
    assert heads(places) == ["Table 2"]


def test_the_other_view_keeps_what_was_looked_for(olga, plan):
    page = olga.get(f"{ADDRESS}/{plan.id}/grid?q=cora").text

    assert f'href="{ADDRESS}/{plan.id}/grid?view=places&amp;q=cora"' in page


def test_where_people_meet_online_a_cell_tells_the_time_on_every_clock(olga, plan, fair):
    with transaction():
        fair.event.mode, fair.ben.user.timezone, fair.ana.user.timezone = "online", "Asia/Tokyo", fair.event.timezone

    (hint,) = hints(olga.get(f"{ADDRESS}/{plan.id}/grid?q=ana").text)

    lines = hint.splitlines()
    assert lines[0].startswith("Ben Berg, ")
    assert lines[1:] == ["Table 1", "Ben Berg: Tue 8 Dec 2026, 17:00 in Tokyo (JST, UTC+9)"]


def test_on_site_there_is_one_clock(olga, plan, fair):
    with transaction():
        fair.event.mode, fair.ben.user.timezone = "on_site", "Asia/Tokyo"

    assert "Tokyo" not in "".join(hints(olga.get(f"{ADDRESS}/{plan.id}/grid").text))


def test_a_person_looked_for_is_shown_as_an_open_list_too(olga, plan):
    page = olga.get(f"{ADDRESS}/{plan.id}/grid?q=cora").text

    (list_,) = re.findall(r"<details[^>]*data-print-open\s+open>(.*?)</details>", page, re.DOTALL)
    assert "Tue 8 Dec 2026, 10:00" in list_
    assert "Dan Dietz" in list_


def test_what_is_seen_is_exported_on_all_pages(olga, plan, fair):
    with transaction():
        planning.blocked(fair.ana, fair.slots[2])

    text = olga.get(f"{ADDRESS}/{plan.id}/grid.csv?q=ana").get_data(as_text=True).lstrip("\ufeff")

    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:3] == ["Participant", "Organisation", "Tue 8 Dec 2026, 09:00"]
    assert [row[0] for row in rows[1:]] == ["Ana Alvarez"]
    assert rows[1][2:] == ["Ben Berg, Table 1", "", "not available", ""]
    assert olga.get(f"{ADDRESS}/{plan.id}/grid.xlsx?view=places").status_code == 200
    assert olga.get(f"{ADDRESS}/{plan.id}/grid.pdf").status_code == 404
