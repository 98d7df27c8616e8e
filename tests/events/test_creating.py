from datetime import UTC, datetime

import pytest

from matchmaker.audit import AuditEntry
from matchmaker.db import db, transaction
from matchmaker.errors import Invalid, NotAllowed
from matchmaker.events import queries, services
from matchmaker.events.errors import SlugTaken
from matchmaker.events.models import Event
from matchmaker.events.services import EventValues
from matchmaker.events.services.drafts import free_slug, slug_from
from matchmaker.projects.models import Partner, Semester
from matchmaker.vocabulary import terms
from tests import factories
from tests.events.support import FORM
from tests.factories import START

NEW = "/events/new"


@pytest.fixture
def creator(cast):
    with transaction():
        return factories.make_user("Cora Creator", may_create_events=True)


@pytest.fixture
def project(cast):
    with transaction():
        return factories.make_project(slug="icsi", acronym="ICSI")


def event_named(name):
    return db.session.scalar(db.select(Event).where(Event.name == name))


def partner_of(project):
    return db.session.scalar(db.select(Partner).where(Partner.project_id == project.id))


def test_people_who_may_not_create_events_read_what_to_do(cast, as_user):
    page = as_user(cast.ana).get(NEW)

    assert (page.status_code, "Ask one of them" in page.text) == (403, True)
    assert as_user(cast.ana).post(NEW + "?kind=b2b", data=FORM).status_code == 403
    assert as_user(None).get(NEW).status_code == 303


def test_the_kind_is_chosen_first(creator, as_user, project):
    page = as_user(creator).get(NEW + "?kind=nonsense&project=icsi")

    assert page.status_code == 200
    assert [term["name"] in page.text for term in terms("event_kinds").values()] == [True] * 9
    assert as_user(creator).get(NEW + "?project=nonsense").status_code == 404


@pytest.mark.parametrize("kind", list(terms("event_kinds")))
def test_every_kind_can_be_created_with_its_own_defaults(creator, as_user, kind):
    client = as_user(creator)
    defaults = terms("event_kinds")[kind]["defaults"]

    page = client.get(f"{NEW}?kind={kind}")
    answer = client.post(f"{NEW}?kind={kind}", data=FORM)

    for name in ("mode", "visibility", "registration"):
        field = page.text[page.text.index(f'name="{name}"') :]
        assert f'value="{defaults[name]}" checked required' in " ".join(field[:2500].split())
    assert (answer.status_code, event_named(FORM["name"]).kind) == (303, kind)


def test_a_created_event_is_a_draft_of_its_organiser(creator, as_user):
    answer = as_user(creator).post(NEW + "?kind=peer_review", data=FORM | {"detail_thematic_questions": "Why?\nHow?"})

    event = event_named(FORM["name"])
    assert answer.location == "/events/peer-review-in-murcia/manage"
    assert (event.published_at, event.details) == (None, {"thematic_questions": ["Why?", "How?"]})
    assert (event.starts_at, event.ends_at) == (
        datetime(2027, 3, 16, 8, tzinfo=UTC),
        datetime(2027, 3, 17, 16, tzinfo=UTC),
    )
    assert [role.user_id for role in queries.team(event.id)] == [creator.id]
    assert db.session.scalar(db.select(AuditEntry.action).where(AuditEntry.event_id == event.id)) == "event.created"


def test_b2b_events_have_meetings_by_default(creator, as_user):
    page = " ".join(as_user(creator).get(NEW + "?kind=b2b").text.split())

    field = page[page.index('id="has_meetings"') - 200 :][:600]
    assert "checked" in field


def test_number_zone_and_host_come_from_the_project(creator, as_user, project):
    partner = partner_of(project)
    with transaction():
        factories.make_event(kind="peer_review", project_id=project.id, ordinal=2)
    client = as_user(creator)

    page = client.get(NEW + "?kind=peer_review&project=icsi").text
    client.post(
        NEW + "?kind=peer_review&project=icsi", data=FORM | {"timezone": "", "host": partner.id, "ordinal": "3"}
    )

    event = event_named(FORM["name"])
    assert 'value="3"' in page
    assert (event.timezone, event.host_partner_id, event.kind_label) == ("Europe/Madrid", partner.id, "3rd peer review")


def test_without_host_and_zone_it_is_the_organisers_own_zone(creator, as_user):
    as_user(creator).post(NEW + "?kind=webinar", data=FORM | {"timezone": ""})

    assert event_named(FORM["name"]).timezone == "Europe/Brussels"


def test_the_next_round_of_stakeholder_meetings_is_the_first_that_a_region_lacks(project):
    with transaction():
        other = factories.stored(Partner(project_id=project.id, code="x", name="X", country="DE"))
        for host, number in ((partner_of(project).id, 1), (partner_of(project).id, 2), (other.id, 1)):
            factories.make_event(
                kind="stakeholder_meeting", project_id=project.id, host_partner_id=host, ordinal=number
            )

    assert queries.next_ordinal(project.id, "stakeholder_meeting") == 2
    assert queries.next_ordinal(project.id, "webinar") == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Give the event a name."),
        ({"name": "x" * 201}, "200"),
        ({"slug": "Not A Slug"}, "Use small letters"),
        ({"starts_on": "2027-03-28", "starts_time": "02:30"}, "put forward"),
        ({"ends_on": "2027-10-31", "ends_time": "02:30"}, "put back"),
        ({"starts_on": "1027-03-28"}, "Enter a year between"),
        ({"starts_on": "nonsense"}, "Not a valid date"),
        ({"starts_time": ""}, "Enter when it starts."),
        ({"ends_on": "2027-03-15"}, "must end after it starts"),
        ({"closes_on": "2028-01-01"}, "close after the event has ended"),
        ({"timezone": "Mars/Phobos"}, "Not a valid choice"),
        ({"mode": "nowhere"}, "Not a valid choice"),
        ({"capacity": "0"}, "Number must be between"),
        ({"capacity": "many"}, "Not a valid integer"),
        ({"join_link": "javascript:alert(1)"}, "Enter a full address"),
        ({"detail_background_paper": "nonsense"}, "Enter a full address"),
        ({"semester": "99"}, "Not a valid choice"),
    ],
)
def test_wrong_input_gets_a_message_and_stays_in_the_form(creator, as_user, changes, message):
    answer = as_user(creator).post(NEW + "?kind=peer_review", data=FORM | {"summary": "Keep <me>"} | changes)

    assert (answer.status_code, message in answer.text, "Keep &lt;me&gt;" in answer.text) == (422, True, True)
    assert event_named(FORM["name"]) is None


def test_an_address_that_is_taken_comes_with_a_free_one(creator, as_user):
    answer = as_user(creator).post(NEW + "?kind=webinar", data=FORM | {"slug": "fair"})
    reserved = as_user(creator).post(NEW + "?kind=webinar", data=FORM | {"slug": "new"})

    assert (answer.status_code, "“fair-2” is free" in answer.text) == (409, True)
    assert reserved.status_code == 409


@pytest.mark.parametrize(("name", "slug"), [("Łódź: 3rd Straße!", "lodz-3rd-strasse"), ("Σύσκεψη", "event"), ("new", "event"),
                                            ("x" * 200, "x" * 60)])  # fmt: skip
def test_slugs_are_made_from_names(name, slug):
    assert slug_from(name) == slug


def test_slugs_count_up_when_they_are_taken(cast):
    with transaction():
        factories.make_event(slug="fair-2")

    assert [free_slug("fair"), free_slug("free")] == ["fair-3", "free"]


def test_the_database_settles_who_got_an_address(cast, creator, monkeypatch):
    monkeypatch.setattr(db.session, "scalar", lambda *_a, **_k: None)
    values = EventValues("webinar", "Late", "UTC", START, START.replace(hour=20), slug="fair")

    with pytest.raises(SlugTaken), transaction():
        services.create_event(values, creator)


def test_host_and_semester_belong_to_the_project(creator, project):
    semester = db.session.scalar(db.select(Semester.id))
    values = EventValues("webinar", "Stray", "UTC", START, START.replace(hour=20), semester_id=semester)

    with pytest.raises(Invalid), transaction():
        services.create_event(values, creator)


def test_the_service_itself_asks_who_may_create(cast):
    values = EventValues("webinar", "Stray", "UTC", START, START.replace(hour=20))

    with pytest.raises(NotAllowed), transaction():
        services.create_event(values, cast.ana.user)
