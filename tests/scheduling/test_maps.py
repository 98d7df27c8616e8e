"""A plan seen from above: between regions, and by hour of everybody's own day."""

import csv
import io
import re

import pytest

from matchmaker.db import transaction
from matchmaker.scheduling import maps, queries, review
from tests import factories
from tests.scheduling import planning
from tests.scheduling.planning import ADDRESS


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))


@pytest.fixture
def abroad(fair):
    """Ana (Spain) and Ben (Latvia) wish to meet, Ana and Cora (both Spain), Cora and Dan (Latvia), who is never free."""
    with transaction():
        fair.ana.organisation.country, fair.ben.organisation.country = "ES", "LV"
        fair.ben.organisation.helix_type = "research"
        spain, latvia = (factories.make_organisation(country=country).id for country in ("ES", "LV"))
        cora = factories.make_participant(fair.event, factories.make_user("Cora Cruz"), organisation_id=spain)
        dan = factories.make_participant(fair.event, factories.make_user("Dan Dietz"), organisation_id=latvia)
        planning.agreed(fair.ana, cora)
        planning.agreed(cora, dan)
        for slot in fair.slots:
            planning.blocked(dan, slot)
    return planning.run(fair)


def test_meetings_between_countries_are_counted_against_what_was_wished(abroad):
    found = maps.matrix(review.plan_of(abroad), "country")

    assert found.names == ["Latvia", "Spain"]
    assert [[(cell.meetings, cell.wished) for cell in cells] for _name, cells in found.rows] == [
        [(0, 0), (1, 2)],
        [(1, 2), (1, 1)],
    ]
    assert (found.across.share, found.whole.meetings, found.whole.wished) == (0.5, 2, 3)


def test_what_people_can_be_told_apart_by_is_offered(olga, abroad):
    assert maps.kinds(review.plan_of(abroad)) == ["country", "helix"]

    page = olga.get(f"{ADDRESS}/{abroad.id}/map?by=helix").text

    assert re.findall(r'by=(\w+)" aria-current="page"', page) == ["helix"]
    assert "Countries" in page


def test_small_groups_stand_together(fair, monkeypatch):
    monkeypatch.setattr(maps, "MOST", 2)
    with transaction():
        for country in ("FR", "FR", "DE", "IE"):
            other = factories.make_participant(
                fair.event, organisation_id=factories.make_organisation(country=country).id
            )
            planning.agreed(fair.ana, other)

    found = maps.matrix(review.plan_of(planning.run(fair)), "country")

    assert len(found.names) == 3
    assert found.names[-1] == "all others"


def test_where_nothing_tells_people_apart_there_is_no_matrix(olga, fair):
    run = planning.run(fair)

    assert "Everybody comes from the same country" in olga.get(f"{ADDRESS}/{run.id}/map").text


def test_the_matrix_is_exported(olga, abroad):
    rows = rows_of(olga.get(f"{ADDRESS}/{abroad.id}/map-country.csv"))

    assert rows[1:] == [["Latvia", "Spain", "1", "2", "0.5"], ["Spain", "Spain", "1", "1", "1.0"]]


@pytest.fixture
def online(fair):
    """Ana in Brussels meets Ben in New York at 9:00 in Brussels."""
    with transaction():
        fair.event.mode = "online"
        fair.ana.user.timezone, fair.ben.user.timezone = "Europe/Brussels", "America/New_York"
    run = planning.run(fair)
    with transaction():
        (row,) = queries.draft_of(run)
        row.slot_id = fair.slots[0].id
    return run


def test_people_who_meet_at_night_come_first_with_the_count(olga, online):
    found = maps.hours(review.plan_of(online))

    assert [(row.person.display_name, row.outside) for row in found.rows] == [("Ben Berg", 1), ("Ana Alvarez", 0)]
    assert (found.columns[0], found.columns[-1], found.rows[0].counts) == (3, 9, [1, 0, 0, 0, 0, 0, 0])
    page = olga.get(f"{ADDRESS}/{online.id}/map").text
    assert "One person meets outside of 7:00 to 21:00" in page
    assert page.count('class="heat-odd"') == 4  # the heads of 3 to 6


def test_a_meeting_that_ends_too_late_is_outside(fair, online):
    with transaction():
        fair.ben.user.timezone = "Asia/Tokyo"  # 17:00
        slot = fair.slots[0]
        ends = [slot.ends_at.replace(hour=12, minute=0), slot.ends_at.replace(hour=12, minute=1)]

    outside = []
    for slot.ends_at in ends:
        outside.append(maps.hours(review.plan_of(online)).meetings)

    assert outside == [0, 1]


def test_the_hours_are_exported(olga, online):
    rows = rows_of(olga.get(f"{ADDRESS}/{online.id}/hours.csv"))

    assert rows[0][:4] == ["Participant", "Time zone", "Outside of 7:00 to 21:00", "3:00"]
    assert rows[1][:4] == ["Ben Berg", "America/New_York", "1", "1"]


def test_on_site_nobody_asks_for_hours(olga, fair):
    with transaction():
        fair.event.mode = "on_site"
    run = planning.run(fair)

    assert "Outside" not in olga.get(f"{ADDRESS}/{run.id}/map").text
    assert len(rows_of(olga.get(f"{ADDRESS}/{run.id}/hours.csv"))) == 1
