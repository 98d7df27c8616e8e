"""The directory: searching, narrowing, ordering and pages."""

import pytest

from matchmaker.db import transaction
from matchmaker.web.folding import fold
from tests import factories
from tests.recommendations.support import fit_for_each_other, newcomer, run_for

URL = "/events/fair/me/directory"


@pytest.fixture
def people(cast):
    """Łucja from Poland offers cheese, Dimitris from Greece looks for it."""
    for name, country, kind, offer, need, topic in (
        ("Łucja Żak", "PL", "sme", "Ripened cheese", "Cold storage", "machine_vision"),
        ("Dimitris Ioannou", "GR", "university", "Cold storage", "Ripened cheese", "industrial_robots"),
    ):
        person = newcomer(cast.event, name, (offer,), (need,), search_text=fold(f"{name} {offer} {need} 100%"))
        with transaction():
            factories.make_profile(person, facets={"topic": (topic,), "language": ("pl",), "cooperation": ("licence",)})
            person.organisation.country, person.organisation.kind = country, kind
            person.organisation.name, person.organisation.search_text = f"{country} foods", fold(f"{country} foods")
    return cast


def names(page):
    return [name for name in ("Łucja Żak", "Dimitris Ioannou", "Ben Berg") if name in page]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", ["Łucja Żak", "Dimitris Ioannou", "Ben Berg"]),
        ("?q=lucja", ["Łucja Żak"]),
        ("?q=ZAK+chéese", ["Łucja Żak"]),
        ("?q=cheese", ["Łucja Żak", "Dimitris Ioannou"]),
        ("?q=cheese&within=offers", ["Łucja Żak"]),
        ("?q=cheese&within=needs", ["Dimitris Ioannou"]),
        ("?within=needs", ["Łucja Żak", "Dimitris Ioannou"]),
        ("?q=gr+foods", ["Dimitris Ioannou"]),
        ("?q=berg", ["Ben Berg"]),
        ("?q=%25", ["Łucja Żak", "Dimitris Ioannou"]),
        ("?q=_____", []),
        ("?country=PL", ["Łucja Żak"]),
        ("?kind=university", ["Dimitris Ioannou"]),
        ("?topic=machine_vision", ["Łucja Żak"]),
        ("?language=pl", ["Łucja Żak", "Dimitris Ioannou"]),
        ("?cooperation=licence&country=GR", ["Dimitris Ioannou"]),
        ("?q=nothing+at+all", []),
    ],
)
def test_search_finds(people, as_user, address, found):
    page = as_user(people.ana).get(URL + address + ("&by=words" if address else "")).text

    assert names(page) == found
    assert ("Nobody found" in page) == (not found)


def test_i_am_not_listed_myself(people, as_user):
    assert "/me/partners/" + str(people.ana.id) not in as_user(people.ana).get(URL).text


@pytest.mark.parametrize(
    ("sort", "first", "second"),
    [
        ("name", "Ben Berg", "Dimitris Ioannou"),
        ("organisation", "Dimitris Ioannou", "Łucja Żak"),
        ("country", "Dimitris Ioannou", "Łucja Żak"),
        ("new", "Dimitris Ioannou", "Łucja Żak"),
        ("nonsense", "Ben Berg", "Dimitris Ioannou"),
    ],
)
def test_the_order_can_be_chosen(people, as_user, sort, first, second):
    page = as_user(people.ana).get(f"{URL}?sort={sort}").text

    assert page.index(first) < page.index(second)


def test_the_best_fit_comes_first_after_a_run(people, as_user):
    fit_for_each_other(people.ana, people.ben)
    run_for(people.event)

    page = as_user(people.ana).get(URL).text

    assert page.index("Ben Berg") < page.index("Łucja Żak")


def test_long_lists_have_pages(cast, as_user):
    for number in range(25):
        newcomer(cast.event, f"Guest Nr{number:02}")

    first, second = (as_user(cast.ana).get(f"{URL}?sort=name&page={n}").text for n in (1, 2))

    assert ("Guest Nr00" in first, "Guest Nr24" in first) == (True, False)
    assert "Guest Nr24" in second


def test_only_organisers_are_offered_the_export(cast, as_user):
    with transaction():
        factories.make_organiser(cast.event, cast.ben.user)

    assert "export.csv" not in as_user(cast.ana).get(URL).text
    assert "export.csv" in as_user(cast.ben).get(URL).text


def test_an_event_of_one_says_so(cast, as_user):
    with transaction():
        cast.ben.state = "cancelled"

    assert "Nobody here yet" in as_user(cast.ana).get(URL).text
