from datetime import timedelta

import pytest

from matchmaker.db import db, transaction
from matchmaker.registrations.models import Invitation
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def events(cast):
    with transaction():
        project = factories.make_project(slug="icsi", acronym="ICSI")
        factories.make_event(
            name="Old webinar", kind="webinar", starts_at=NOW - timedelta(days=9), ends_at=NOW - timedelta(days=8)
        )
        factories.make_event(
            name="Workshop in Kassel", kind="workshop", mode="on_site", venue="Documenta hall", project_id=project.id
        )
        factories.make_event(name="Secret meeting", visibility="closed")
        factories.make_event(name="Unfinished", published_at=None)
    return project


def listed(page):
    names = ("Fair", "Other fair", "Old webinar", "Workshop in Kassel", "Secret meeting", "Unfinished")
    return [name for name in names if f">{name}</a></h2>" in page.text]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Fair", "Other fair", "Workshop in Kassel"]),
        ("?time=past", ["Old webinar"]),
        ("?time=all&kind=webinar", ["Old webinar"]),
        ("?mode=on_site", ["Workshop in Kassel"]),
        ("?q=documenta kassel", ["Workshop in Kassel"]),
        ("?q=100%25", []),
        ("?kind=nonsense&mode=nonsense&time=nonsense&project=x&page=-1", ["Fair", "Other fair", "Workshop in Kassel"]),
    ],
)
def test_list_shows_what_is_public_and_narrows_it(events, as_user, query, expected):
    page = as_user(None).get("/events/" + query)

    assert (page.status_code, listed(page)) == (200, expected)


def test_list_of_one_project(events, as_user):
    assert listed(as_user(None).get(f"/events/?project={events.id}")) == ["Workshop in Kassel"]


def test_closed_events_are_listed_for_whoever_may_see_them(cast, events, as_user):
    with transaction():
        closed = factories.make_event(name="Board", visibility="closed")
        factories.stored(Invitation(event_id=closed.id, email=cast.ana.user.email))
        dead = factories.make_event(name="Closed and mine", visibility="closed")
        factories.make_participant(dead, cast.ben.user)
        unconfirmed = factories.make_user(confirmed_at=None)

    seen = {who: [name in as_user(person).get("/events/").text for name in ("Board", "Closed and mine", "Secret meeting")]
            for who, person in {"ana": cast.ana, "ben": cast.ben, "admin": cast.admin, "new": unconfirmed}.items()}  # fmt: skip

    assert seen == {"ana": [True, False, False], "ben": [False, True, False], "admin": [True] * 3, "new": [False] * 3}


def test_empty_list_says_what_to_do(cast, as_user):
    assert "No event fits these filters" in as_user(None).get("/events/?q=nothing").text
    with transaction():
        for event in (cast.event, cast.other_event):
            event.published_at = None
    assert "Events appear here once" in as_user(None).get("/events/").text
    assert "Create the first one" in as_user(cast.admin).get("/events/").text


def test_list_asks_the_same_number_of_questions_for_3_and_20_events(cast, as_user, count_statements):
    counts = []
    with transaction():
        project = factories.make_project()
    for number in (1, 20):
        with transaction():
            for _ in range(number):
                factories.make_event(project_id=project.id)
        client = as_user(cast.ana)
        db.session.expire_all()
        with count_statements() as counter:
            client.get("/events/")
        counts.append(counter.count)

    assert counts[0] == counts[1]
