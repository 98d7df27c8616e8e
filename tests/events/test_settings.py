from datetime import UTC, datetime

import pytest

from matchmaker.db import db, transaction
from matchmaker.errors import Conflict
from matchmaker.events import queries, services
from matchmaker.events.errors import NotReady
from matchmaker.events.models import Event, EventRole
from matchmaker.events.signals import event_changed
from tests import factories
from tests.events.support import FORM
from tests.factories import START

SETTINGS = "/events/draft/manage/settings"
TEAM = "/events/fair/manage/team"


@pytest.fixture
def draft(cast):
    with transaction():
        event = factories.make_event(slug="draft", name="Draft", published_at=None, kind="peer_review",
                                     details={"thematic_questions": ["Why?"], "extra": "kept"})  # fmt: skip
        factories.make_organiser(event, cast.olga)
    return event


@pytest.fixture
def heard():
    calls = []

    def listen(event, **what):
        calls.append((event.slug, what))

    event_changed.connect(listen)
    yield calls
    event_changed.disconnect(listen)


def form_of(event, **changes):
    present = {"version": event.version, "starts_on": "2026-12-08", "starts_time": "09:00", "ends_on": "2026-12-09",
               "ends_time": "17:00", "timezone": event.timezone, "detail_thematic_questions": "Why?"}  # fmt: skip
    return FORM | present | changes


def test_the_form_shows_the_event_on_its_own_clock(cast, as_user, draft):
    page = as_user(cast.olga).get(SETTINGS).text

    for words in ('value="2026-12-08"', 'value="09:00"', 'value="2026-12-09"', 'value="17:00"', "Why?"):
        assert words in page


def test_saving_changes_the_event_and_keeps_details_without_a_field(cast, as_user, draft, heard):
    answer = as_user(cast.olga).post(SETTINGS, data=form_of(draft, slug="renamed", detail_host_region="Murcia"))

    event = db.session.get_one(Event, draft.id)
    assert (answer.status_code, answer.location) == (303, "/events/renamed/manage/settings")
    assert event.details == {"thematic_questions": ["Why?"], "host_region": "Murcia", "extra": "kept"}
    assert [set(what["changes"]) for _slug, what in heard] == [{"mode", "venue", "has_meetings"}]


def test_the_address_of_a_published_event_stays(cast, as_user):
    answer = as_user(cast.olga).post("/events/fair/manage/settings", data=form_of(cast.event, slug="renamed"))

    assert answer.location == "/events/fair/manage/settings"


def test_a_stale_edit_is_refused_with_everything_typed_and_can_be_repeated(cast, as_user, draft):
    client, old = as_user(cast.olga), form_of(draft, name="Mine")
    client.post(SETTINGS, data=form_of(draft, name="Theirs"))

    refused = client.post(SETTINGS, data=old)
    repeated = client.post(SETTINGS, data=old | {"version": queries.event_by_slug("draft").version})

    assert (refused.status_code, 'value="Mine"' in refused.text) == (409, True)
    assert f'value="{queries.event_by_slug("draft").version - 1}"' in refused.text
    assert (repeated.status_code, queries.event_by_slug("draft").name) == (303, "Mine")


@pytest.mark.parametrize("version", ["", "nonsense"])
def test_an_edit_without_version_is_stale(cast, as_user, draft, version):
    assert as_user(cast.olga).post(SETTINGS, data=form_of(draft, version=version)).status_code == 409


def test_another_zone_asks_what_to_keep(cast, as_user, draft):
    answer = as_user(cast.olga).post(SETTINGS, data=form_of(draft, timezone="Europe/Athens"))

    assert (answer.status_code, "Choose what happens to the times." in answer.text) == (422, True)


@pytest.mark.parametrize(("kept", "hour"), [("wall_clock", 7), ("moment", 8)])
def test_another_zone_keeps_the_wall_clock_or_the_moment(cast, as_user, draft, heard, kept, hour):
    as_user(cast.olga).post(SETTINGS, data=form_of(draft, timezone="Europe/Athens", zone_change=kept))

    event = db.session.get_one(Event, draft.id)
    assert (event.timezone, event.starts_at) == ("Europe/Athens", datetime(2026, 12, 8, hour, tzinfo=UTC))
    assert heard[0][1]["kept"] == kept
    assert heard[0][1]["changes"]["timezone"] == ("Europe/Brussels", "Europe/Athens")


def test_a_deadline_without_time_is_the_end_of_the_day(cast, as_user, draft):
    as_user(cast.olga).post(SETTINGS, data=form_of(draft, closes_on="2026-12-01"))
    page = as_user(cast.olga).get(SETTINGS).text

    assert db.session.get_one(Event, draft.id).registration_closes_at == datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
    assert 'value="23:59"' in page


def test_an_old_zone_name_stays_a_choice(cast, as_user, draft):
    with transaction():
        db.session.get_one(Event, draft.id).timezone = "CET"

    assert '<option selected value="CET">' in as_user(cast.olga).get(SETTINGS).text


def test_a_wrong_input_is_refused(cast, as_user, draft):
    assert as_user(cast.olga).post(SETTINGS, data=form_of(draft, name="")).status_code == 422


def test_publishing_and_taking_it_back(cast, as_user, draft, heard):
    client = as_user(cast.olga)

    published = client.post("/events/draft/manage/publish")
    client.post("/events/draft/manage/publish")
    seen = as_user(None).get("/events/draft/").status_code
    client.post("/events/draft/manage/unpublish")
    client.post("/events/draft/manage/unpublish")

    assert (published.location, seen) == ("/events/draft/", 200)
    assert as_user(None).get("/events/draft/").status_code == 404
    assert [list(what["changes"]) for _slug, what in heard] == [["published_at"], ["published_at"]]


def test_an_event_of_a_project_needs_its_host_and_place_before_publication(cast, as_user, draft):
    with transaction():
        event = db.session.get_one(Event, draft.id)
        event.project_id, event.mode = factories.make_project().id, "on_site"
    client = as_user(cast.olga)

    page = client.post("/events/draft/manage/publish", follow_redirects=True).text

    assert "Choose the partner that hosts the event." in page
    assert "Say where the event takes place." in client.get("/events/draft/").text
    with pytest.raises(NotReady), transaction():
        services.publish(draft.id, cast.olga)


def test_cancelling_stays_and_is_for_published_events(cast, as_user, draft):
    client = as_user(cast.olga)

    client.post("/events/fair/manage/cancel")
    page = client.post("/events/draft/manage/cancel", follow_redirects=True)

    assert queries.event_by_slug("fair").cancelled_at is not None
    assert "This event is a draft. Delete it instead." in page.text
    assert "The event was cancelled on" in client.get("/events/fair/manage/settings").text


def test_only_drafts_are_deleted(cast, as_user, draft):
    client = as_user(cast.olga)

    assert client.post("/events/draft/manage/delete").location == "/my-events"
    assert queries.event_by_slug("draft") is None
    with pytest.raises(Conflict), transaction():
        services.delete_draft(cast.event.id, cast.olga)


def test_an_organiser_adds_people_who_have_an_account(cast, as_user):
    client = as_user(cast.olga)

    done = client.post(TEAM, data={"email": f" {cast.ana.user.email.upper()}", "role": "co_organiser"})
    twice = client.post(TEAM, data={"email": cast.ana.user.email, "role": "organiser"})
    unknown = client.post(TEAM, data={"email": "nobody@example.org", "role": "organiser"})
    empty = client.post(TEAM, data={"email": "", "role": "king"})

    assert [answer.status_code for answer in (done, twice, unknown, empty)] == [303, 409, 422, 422]
    assert {role.user_id: role.role for role in queries.team(cast.event.id)} == {
        cast.olga.id: "organiser", cast.ana.user_id: "co_organiser",
    }  # fmt: skip


def test_the_last_organiser_stays(cast, as_user):
    client, olga = as_user(cast.olga), queries.team(cast.event.id)[0]

    removed = client.post(f"{TEAM}/{olga.id}/remove", follow_redirects=True)
    lowered = client.post(f"{TEAM}/{olga.id}/co_organiser", follow_redirects=True)

    assert "This is the only organiser" in removed.text
    assert "This is the only organiser" in lowered.text
    assert db.session.get_one(EventRole, olga.id).role == "organiser"


def test_roles_change_and_people_leave_the_team(cast, as_user):
    with transaction():
        ana = factories.make_organiser(cast.event, cast.ana.user, "co_organiser").id
    client = as_user(cast.olga)

    client.post(f"{TEAM}/{ana}/organiser")
    client.post(f"{TEAM}/{ana}/organiser")
    assert db.session.get_one(EventRole, ana).role == "organiser"
    client.post(f"{TEAM}/{ana}/remove")
    assert [role.user_id for role in queries.team(cast.event.id)] == [cast.olga.id]
    assert client.post(f"{TEAM}/{ana}/remove").status_code == 404


def test_a_co_organiser_does_everything_but_change_the_team(cast, as_user):
    with transaction():
        factories.make_organiser(cast.event, cast.ana.user, "co_organiser")
        olga = queries.team(cast.event.id)[0].id
    client = as_user(cast.ana)

    assert client.get("/events/fair/manage/settings").status_code == 200
    assert "Ask an organiser" in client.get(TEAM).text
    assert client.post(TEAM, data={"email": cast.ben.user.email, "role": "organiser"}).status_code == 403
    assert client.post(f"{TEAM}/{olga}/remove").status_code == 403


@pytest.mark.parametrize("path", [SETTINGS, "/events/draft/manage/team"])
def test_a_draft_does_not_exist_for_others(cast, as_user, draft, path):
    assert [as_user(who).get(path).status_code for who in (None, cast.ana, cast.admin)] == [303, 404, 200]


def test_starting_moment_of_the_cast_is_nine_in_brussels():
    assert datetime(2026, 12, 8, 8, tzinfo=UTC) == START
