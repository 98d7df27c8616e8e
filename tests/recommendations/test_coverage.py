"""What the matching leaves uncovered: exposure, people with little and why, unmet needs and offers, and the map."""

import re
from math import hypot

import pytest

from matchmaker.db import db, transaction
from matchmaker.profiles import queries as profiles
from matchmaker.recommendations import coverage_queries, queries
from matchmaker.recommendations.coverage_queries import Choice
from matchmaker.recommendations.models import MatchRun
from matchmaker.recommendations.picture import NARROW, WIDE, Group, Item, drawing
from tests import factories
from tests.conftest import NOW
from tests.recommendations.support import ROBOTS, fit_for_each_other, newcomer, run_for

URL = "/events/fair/manage/matching/coverage"
MAP = f"{URL}/map"


@pytest.fixture
def crowd(cast):
    """Ana and Ben fit each other, twenty more have needs and offers of four sorts, and the matching has run."""
    fit_for_each_other(cast.ana, cast.ben)
    subjects = ("Robots weld steel", "Grain dries slowly", "Patients need nurses", "Ships carry timber")
    for number in range(20):
        word = f"w{chr(97 + number)}x"
        newcomer(
            cast.event,
            f"Person Number-{number}",
            (f"{subjects[number % 4]} {word}",),
            (f"{subjects[number % 3]} {word}",),
        )
    run_for(cast.event)
    return cast


def newest(event):
    return queries.newest_finished_run(event.id)


def test_coverage_says_who_is_shown_how_often_in_words_and_numbers(crowd, as_user):
    page = as_user(crowd.olga).get(URL).text

    assert "How many participants are shown to others how often" in page
    assert re.search(r"(Fairly evenly|Evenly|Unevenly|Very unevenly)", page)


@pytest.mark.parametrize(
    ("gini", "word"), [(0, "even"), (0.19, "even"), (0.2, "fairly_even"), (0.4, "uneven"), (0.9, "very_uneven")]
)
def test_the_unevenness_of_exposure_has_a_word(gini, word):
    assert coverage_queries.evenness(gini) == word


@pytest.mark.parametrize("path", ["", "/map"])
def test_before_the_first_run_there_is_nothing_to_cover(cast, as_user, path):
    page = as_user(cast.olga).get(URL + path)

    assert page.status_code == 200
    assert "matching" in page.text
    assert as_user(cast.olga).get(f"{URL}/unmet.csv").status_code == 404


def test_who_has_little_is_listed_with_the_reason(cast, as_user):
    fit_for_each_other(cast.ana, cast.ben)
    newcomer(cast.event, "Nora Needless", (ROBOTS,), ())
    run_for(cast.event)

    entry = next(e for e in coverage_queries.little_of(newest(cast.event)) if e.person.display_name == "Nora Needless")
    page = as_user(cast.olga).get(URL).text

    assert "no_needs" in entry.reasons
    assert "Says nothing about needs." in page


def test_a_rule_that_takes_most_partners_is_named(cast, as_user):
    with transaction():
        organisation = factories.make_organisation(name="One House")
        for _number in range(7):
            person = factories.make_participant(cast.event, organisation_id=organisation.id)
            factories.make_profile(person, (ROBOTS,), (ROBOTS,))
    run_for(cast.event)

    page = as_user(cast.olga).get(URL).text

    assert "The rules leave 0 partners." in page
    assert "Most are taken by: Not within one organisation." in page


def test_who_changed_the_profile_since_is_told_so(cast, as_user):
    fit_for_each_other(cast.ana, cast.ben)
    run_for(cast.event)
    with transaction():
        profiles.profile_of(cast.ana).texts_changed_at = NOW.replace(hour=12)

    assert "The profile was changed after the run." in as_user(cast.olga).get(URL).text


def test_unmet_needs_and_offers_are_ranked_and_can_be_taken_away(crowd, as_user):
    lonely = newcomer(crowd.event, "Lea Lonely", ("Zeppelin hangars",), ("Grants for exports",))
    run_for(crowd.event)
    client = as_user(crowd.olga)

    page, file, sheet = client.get(URL).text, client.get(f"{URL}/unmet.csv").text, client.get(f"{URL}/unmet.xlsx")

    rows = file.splitlines()[1:]
    assert "Grants for exports" in page
    assert any("Need,Grants for exports," in row and lonely.display_name in row for row in rows)
    assert any("Offer,Zeppelin hangars," in row for row in rows)
    assert sheet.status_code == 200


@pytest.mark.parametrize("name", ["little", "map"])
def test_people_with_little_and_the_map_are_files_too(crowd, as_user, name):
    file = as_user(crowd.olga).get(f"{URL}/{name}.csv")

    assert file.status_code == 200
    assert "Helix type" in file.text.splitlines()[0]


def test_the_map_draws_every_sentence_and_says_the_same_as_a_table(crowd, as_user):
    page = as_user(crowd.olga).get(MAP).text

    groups = coverage_queries.map_of(newest(crowd.event), Choice())
    assert sum(len(group.items) for group in groups) == 44
    assert page.count('class="dot ') == 2 * 44 + 4  # two screens and the key
    for group in groups:
        assert page.count(group.words[0]) >= 3
    assert "style=" not in page


def test_a_mark_leads_to_the_person(crowd, as_user):
    page = as_user(crowd.olga).get(MAP).text

    assert f'<a href="/events/fair/manage/profiles/{crowd.ana.id}" tabindex="-1"><title>{ROBOTS}' in page


def test_the_sentences_of_a_group_can_be_read(crowd, as_user):
    groups = coverage_queries.map_of(newest(crowd.event), Choice())

    page = as_user(crowd.olga).get(f"{MAP}?group={groups[1].number}").text

    assert "Sentences of the group" in page
    assert all(item.person.display_name in page for item in groups[1].items)
    assert "Sentences of the group" not in as_user(crowd.olga).get(f"{MAP}?group=x").text


@pytest.mark.parametrize(
    ("chosen", "count"),
    [({"side": "need"}, 22), ({"helix_type": "government"}, 2), ({"region": "Murcia"}, 2), ({"side": "x"}, 44)],
)
def test_the_map_can_be_filtered_and_the_rest_is_faint(crowd, as_user, chosen, count):
    with transaction():
        organisation = db.session.merge(crowd.ana).organisation
        organisation.helix_type, organisation.region = "government", "Murcia"

    page = as_user(crowd.olga).get(MAP, query_string=chosen).text
    file = as_user(crowd.olga).get(f"{URL}/map.csv", query_string=chosen).text

    assert page.count("<title>") == 2 * count + page.count("<title>", 0, page.index("</head>"))
    assert page.count("is-dim") == 2 * (44 - count)
    assert len(file.splitlines()) == count + 1


def test_what_was_changed_since_the_run_is_not_drawn(crowd):
    with transaction():
        profiles.profile_of(crowd.ana).texts_changed_at = NOW.replace(hour=12)

    items = [item for group in coverage_queries.map_of(newest(crowd.event), Choice()) for item in group.items]

    assert crowd.ana.id not in {item.person.id for item in items}
    assert len(items) == 42


def test_runs_from_before_have_no_map(crowd, as_user):
    with transaction():
        run = db.session.get_one(MatchRun, newest(crowd.event).id)
        run.figures = {key: value for key, value in run.figures.items() if key not in ("picture", "little", "gini")}
    client = as_user(crowd.olga)

    assert "Nothing to draw yet" in client.get(MAP).text
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@pytest.mark.parametrize("sizes", [(40,), (1, 1), (100, 60, 60, 40, 30, 30, 20, 20, 10, 5, 2, 1)])
def test_bubbles_leave_each_other_room_and_stay_on_the_screen(frame, sizes):
    items = [tuple(Item(None, "need", "x", 0, 0.0, 0.0, 1.0) for _ in range(size)) for size in sizes]
    groups = [Group(at, ("automation", "inspection", "steel"), 0.0, 0.0, some) for at, some in enumerate(items)]

    drawn = drawing(groups, frame)

    for one in drawn.bubbles:
        assert one.radius <= one.x <= frame.width - one.radius
        assert one.radius < one.y <= drawn.height - one.radius
        for other in drawn.bubbles:
            if one is not other:
                assert hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius - 1


def test_only_organisers_see_the_coverage(crowd, as_user):
    client = as_user(crowd.ana)

    assert [client.get(URL + path).status_code for path in ("", "/map", "/unmet.csv")] == [403] * 3


def test_statements_do_not_grow_with_the_event(cast, as_user, count_statements):
    client, counts = as_user(cast.olga), []
    for size in (4, 24):
        for number in range(size):
            newcomer(cast.event, f"Person Number{size}-{number}", (f"Robots {number}",), (f"Wishes {number}",))
        run_for(cast.event)
        with count_statements() as counter:
            assert client.get(URL).status_code == client.get(MAP).status_code == 200
        counts.append(counter.count)

    assert counts[0] == counts[1]
