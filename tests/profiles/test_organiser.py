"""What organisers see of profiles."""

import pytest

from matchmaker.db import transaction
from tests import factories

URL = "/events/fair/manage/profiles"


def test_the_list_starts_with_the_emptiest_profile(cast, as_user):
    with transaction():
        factories.make_profile(cast.ana, ("Robots",), completeness=80)

    page = as_user(cast.olga).get(URL).text

    assert page.index("Ben Berg") < page.index("Ana Alvarez")
    assert "40 %" in page


def test_the_list_can_be_narrowed(cast, as_user):
    with transaction():
        factories.make_profile(cast.ana, ("Robots",), completeness=80, search_text="ana alvarez robots")

    by_word, incomplete, nobody = (
        as_user(cast.olga).get(URL, query_string=q).text
        for q in ({"q": "Róbots"}, {"only": "incomplete"}, {"q": "zzz"})
    )

    assert ("Ana Alvarez" in by_word, "Ben Berg" in by_word) == (True, False)
    assert ("Ana Alvarez" in incomplete, "Ben Berg" in incomplete) == (False, True)
    assert "Nobody fits this filter" in nobody


def test_organisers_read_hidden_profiles_too(cast, as_user):
    with transaction():
        factories.make_profile(cast.ana, ("Robots",), ("Vision",), is_visible=False, description="About us")

    page = as_user(cast.olga).get(f"{URL}/{cast.ana.id}").text

    assert "Hidden: other participants" in page
    assert "About us" in page


def test_profiles_of_other_events_are_not_found(cast, as_user):
    assert as_user(cast.olga).get(f"{URL}/{cast.carl.id}").status_code == 404


def test_participants_may_not_look(cast, as_user):
    paths = ("", f"/{cast.ben.id}", "/export.csv")

    assert [as_user(cast.ana).get(f"{URL}{path}").status_code for path in paths] == [403] * 3


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_can_be_exported(cast, as_user, form):
    with transaction():
        factories.make_profile(cast.ana, ("=Robots",), facets={"topic": ("machine_vision",)})
        factories.make_participant(cast.event, organisation_id=None)

    answer = as_user(cast.olga).get(f"{URL}/export.{form}")

    assert answer.status_code == 200
    if form == "csv":
        assert "Machine vision and optical inspection" in answer.text
        assert "'=Robots" in answer.text


def test_an_unknown_format_is_not_found(cast, as_user):
    assert as_user(cast.olga).get(f"{URL}/export.exe").status_code == 404


def test_statements_do_not_grow_with_the_list(cast, as_user, count_statements):
    client = as_user(cast.olga)
    counts = []
    for size in (1, 27):
        with transaction():
            for _ in range(size):
                factories.make_profile(factories.make_participant(cast.event), ("Robots",), facets={"topic": ("a",)})
        with count_statements() as counter:
            client.get(URL)
        counts.append(counter.count)

    assert counts[0] == counts[1]
