"""The sections of a finished run, and the page before publishing."""

import re

import pytest

from matchmaker.db import db, transaction
from matchmaker.scheduling import queries
from matchmaker.scheduling.models import ScheduleRun, ScheduleState
from matchmaker.scheduling.options import Keep, Options
from tests import factories
from tests.scheduling import planning
from tests.scheduling.planning import ADDRESS

TABS = ["grid", "unplaced", "load", "map", "checking"]
SECTIONS = [*TABS, "publish", "certificate"]


@pytest.fixture
def replanned(olga, fair):
    """A draft that moves one of two published meetings, keeps the locked one, and adds one."""
    with transaction():
        cora, dan = (factories.make_participant(fair.event, factories.make_user(n)) for n in ("Cora Cruz", "Dan Dietz"))
        moved, tables = planning.agreed(cora, dan), planning.tables(fair.event)
        factories.make_meeting(moved, fair.slots[0], tables[0])
        locked = planning.agreed(fair.ana, dan)
        factories.make_meeting(locked, fair.slots[1], tables[0], is_locked=True)
    run = planning.run(fair)
    with transaction():
        row = next(row for row in queries.draft_of(run) if row.request_id == moved.id)
        row.slot_id, row.place_id = fair.slots[3].id, tables[1].id
    return run


def counts_on(page):
    stats = planning.stats_on(page)
    return [stats[label] for label in ("New meetings", "Moved", "Cancelled", "Unchanged")]


def rows_on(page):
    """The texts of each row of the tables of a page."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_the_summary_counts_what_publishing_would_change(olga, replanned):
    page = olga.get(f"{ADDRESS}/{replanned.id}").text

    assert counts_on(page) == ["1", "1", "0", "1"]
    assert "1 of them locked" in page


def test_the_page_before_publishing_says_who_is_told_what(olga, replanned):
    page = olga.get(f"{ADDRESS}/{replanned.id}/publish").text

    assert counts_on(page) == ["1", "1", "0", "1"]
    assert planning.stats_on(page)["People told"] == "4"
    assert "with 4 mails" in page
    moved = "from Tue 8 Dec 2026, 09:00, Table 1 to Tue 8 Dec 2026, 10:00, Table 2"
    (cora,) = [row for row in rows_on(page) if row.startswith("CC Cora Cruz")]
    assert cora[cora.index("Moved") :] == f"Moved Dan Dietz: {moved}"
    assert "Publish and tell 4 people" in page


def test_a_meeting_that_finds_no_room_is_shown_as_cancelled(olga, fair):
    with transaction():
        factories.make_meeting(fair.request, fair.slots[0])
        planning.agreed(fair.ana, factories.make_participant(fair.event))
    run = planning.run(fair)
    with transaction():
        gone = next(row for row in queries.draft_of(run) if row.request_id == fair.request.id)
        db.session.delete(gone)

    page = olga.get(f"{ADDRESS}/{run.id}/publish").text

    assert counts_on(page) == ["1", "0", "1", "0"]
    assert "not on Tue 8 Dec 2026, 09:00" in page


def test_an_outdated_draft_can_not_be_published_from_its_page(olga, fair):
    run = planning.run(fair)
    with transaction():
        planning.blocked(fair.ben, fair.slots[0])

    page = olga.get(f"{ADDRESS}/{run.id}/publish").text

    assert "<li>Availability changed: Ben Berg.</li>" in page
    assert "Publish and tell" not in page


def test_publishing_what_is_published_tells_nobody(olga, fair):
    planning.publish(planning.run(fair), fair)
    run = planning.run(fair, Options(seconds=2, keep=Keep.ALL))

    page = olga.get(f"{ADDRESS}/{run.id}/publish").text

    assert "Nothing changes for anybody, so nobody gets a mail." in page
    assert "so nobody gets a mail" in olga.post(f"{ADDRESS}/{run.id}/publish", follow_redirects=True).text


def test_what_is_published_is_not_published_again(olga, fair):
    run = planning.run(fair)
    planning.publish(run, fair)

    answer = olga.get(f"{ADDRESS}/{run.id}/publish")

    assert (answer.status_code, answer.location) == (303, f"{ADDRESS}/{run.id}")


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_has_its_own_page_and_links_to_the_others(olga, fair, section):
    run = planning.run(fair)

    page = olga.get(f"{ADDRESS}/{run.id}/{section}").text

    assert [f'href="{ADDRESS}/{run.id}/{other}"' in page for other in TABS] == [True] * 5
    here = re.findall(rf'href="{ADDRESS}/{run.id}/(\w+)" aria-current="page"', page)
    assert here == [section] * (section in TABS)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_run_without_a_plan_has_one_page_only(olga, fair, section):
    run = planning.run(fair)
    with transaction():
        run.state, run.solution = ScheduleState.INTERRUPTED, {}

    answer = olga.get(f"{ADDRESS}/{run.id}/{section}")

    assert (answer.status_code, answer.location) == (303, f"{ADDRESS}/{run.id}")
    assert 'class="tabs"' not in olga.get(answer.location).text


@pytest.mark.parametrize("section", SECTIONS)
def test_the_sections_of_the_run_of_another_event_are_not_found(olga, fair, section):
    with transaction():
        theirs = factories.stored(ScheduleRun(event_id=fair.other_event.id, options={}))

    assert olga.get(f"{ADDRESS}/{theirs.id}/{section}").status_code == 404


def test_what_is_not_placed_is_counted_on_its_tab(olga, fair):
    with transaction():
        for slot in fair.slots:
            planning.blocked(fair.ben, slot)
    run = planning.run(fair)

    page = olga.get(f"{ADDRESS}/{run.id}/unplaced").text

    assert re.search(r'Not placed <span class="nav-count">1</span>', page)
    assert "Ana Alvarez and Ben Berg are never available together." in page


def test_the_load_lists_everybody_the_worst_served_first(olga, fair):
    with transaction():
        dan = factories.make_participant(fair.event, factories.make_user("Dan Dietz"))
        planning.agreed(fair.ana, dan)
        planning.rules(fair.event, max_meetings=1)
    run = planning.run(fair)

    rows = rows_on(olga.get(f"{ADDRESS}/{run.id}/load").text)

    assert [row.split()[-2:] for row in rows[-3:]] == [["0", "1"], ["1", "2"], ["1", "1"]]


def test_twenty_changes_are_listed_and_the_rest_counted(olga, fair):
    with transaction():
        planning.rules(fair.event, online_places=True)
        for table in planning.tables(fair.event):
            db.session.delete(table)
        planning.crowd(fair.event, 44)
    run = planning.run(fair)

    assert "and 3 more" in olga.get(f"{ADDRESS}/{run.id}/publish").text


def test_the_number_of_statements_does_not_grow_with_the_event(olga, fair, count_statements):
    counts: list[dict[str, int]] = []
    with transaction():
        planning.rules(fair.event, max_meetings=1)
    for more in (6, 60):
        with transaction():
            planning.crowd(fair.event, more)
        planning.publish(planning.run(fair), fair)
        with transaction():
            planning.crowd(fair.event, more)
        run = planning.run(fair)
        counts.append({})
        for page in ("", "/grid", "/unplaced", "/load", "/map", "/publish", "/draft.csv"):
            db.session.expire_all()
            with count_statements() as counter:
                assert olga.get(f"{ADDRESS}/{run.id}{page}").status_code == 200
            counts[-1][page] = counter.count

    assert counts[0] == counts[1]
