from datetime import date, timedelta

import pytest

from matchmaker.db import db, transaction
from matchmaker.events.programme import programme
from matchmaker.projects.models import Partner, Semester
from tests import factories
from tests.factories import START


@pytest.fixture
def project(cast):
    """Two partners, two semesters; peer reviews 1 and 3, a stakeholder round with a hole in one region, a webinar without host."""
    with transaction():
        project = factories.make_project(slug="icsi", name="Clusters in smart industry", acronym="ICSI")
        murcia = db.session.scalar(db.select(Partner))
        hessen = factories.stored(
            Partner(project_id=project.id, code="nh", name="NordHessen agency", country="DE", region="NordHessen")
        )
        first = db.session.scalar(db.select(Semester))
        second = factories.stored(
            Semester(project_id=project.id, number=2, starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 30))
        )

        def add(kind, ordinal, host, semester, **values):
            values = {"name": f"{kind} {ordinal}", "visibility": "closed"} | values
            return factories.make_event(kind=kind, ordinal=ordinal, host_partner_id=host and host.id, semester_id=semester and semester.id,
                                        project_id=project.id, **values)  # fmt: skip

        add("peer_review", 1, murcia, first, name="Review of clusters", visibility="public", thematic_focus="Funding")
        add("peer_review", 3, hessen, second, name="Closed review")
        add("webinar", None, None, second, name="Webinar nobody runs")
        add("steering_committee", 2, murcia, None, name="Second steering")
        for number in (1, 2, 3):
            add("stakeholder_meeting", number, murcia, first)
        for number in (1, 3, 3):
            add("stakeholder_meeting", number, hessen, second)
        add("workshop", 1, murcia, first, name="Unpublished workshop", published_at=None)
        add("workshop", 9, murcia, first, name="Cancelled workshop", cancelled_at=START)
    return project


def test_the_public_sees_the_plan_but_closed_events_as_labels_only(project, as_user):
    page = as_user(None).get("/projects/icsi").text

    for words in ("Review of clusters", "Funding", "1st peer review", "3rd peer review", "NordHessen agency", "Closed event",
                  "1st regional stakeholder group meeting", "Outside of the semesters"):  # fmt: skip
        assert words in page
    for words in ("Closed review", "Unpublished workshop", "Gaps in the programme", "Plan an event"):
        assert words not in page


def test_gaps_are_for_organisers_and_administrators(project, as_user, cast):
    with transaction():
        factories.make_organiser(
            factories.make_event(project_id=project.id, name="Mine", semester_id=None), cast.ben.user
        )

    seen = [
        "Gaps in the programme" in as_user(who).get("/projects/icsi").text for who in (cast.ana, cast.ben, cast.admin)
    ]

    assert seen == [False, True, True]


def test_missing_and_doubled_numbers_and_missing_hosts_are_found(project, cast, app):
    with app.test_request_context():
        found = {(gap.text, gap.where) for gap in programme(project, cast.admin).gaps}

    assert found == {
        ("The 2nd peer review is missing: the one before is in semester 1, the next in semester 2.", ()),
        ("The 1st steering committee is missing.", ()),
        (
            "The 2nd regional stakeholder group meeting is missing: the one before is in semester 2, the next in semester 2.",
            ("NordHessen",),
        ),
        ("There is more than one 3rd regional stakeholder group meeting.", ("NordHessen",)),
        ("Nobody hosts this event yet:", ("Webinar nobody runs",)),
    }


def test_the_first_of_a_series_can_be_missing_too(project, cast, app):
    with transaction():
        semester = db.session.scalar(db.select(Semester.id).where(Semester.number == 2))
        factories.make_event(kind="conference", ordinal=2, project_id=project.id, semester_id=semester)

    with app.test_request_context():
        texts = [gap.text for gap in programme(project, cast.admin).gaps]

    assert "The 1st conference is missing: the next one is in semester 2." in texts


def test_drafts_are_seen_by_their_organisers(project, cast, as_user):
    assert "Unpublished workshop" in as_user(cast.admin).get("/projects/icsi").text


def test_the_list_of_projects_leads_to_their_programmes(project, as_user):
    page = as_user(None).get("/projects/").text

    assert 'href="/projects/icsi"' in page
    assert as_user(None).get("/projects/nonsense").status_code == 404


def test_without_projects_the_list_leads_to_events(cast, as_user):
    assert "No cooperation projects yet" in as_user(None).get("/projects/").text


def test_an_empty_semester_and_an_empty_programme_say_so(cast, as_user):
    with transaction():
        factories.make_project(slug="bare")
        db.session.execute(db.delete(Semester))
        factories.make_project(slug="planned")

    assert "The programme is empty" in as_user(None).get("/projects/bare").text
    assert "Nothing is planned for this semester." in as_user(None).get("/projects/planned").text


def test_the_programme_asks_the_same_number_of_questions_for_3_and_30_events(cast, as_user, count_statements):
    with transaction():
        project = factories.make_project(slug="big")
        partner, semester = db.session.scalar(db.select(Partner.id)), db.session.scalar(db.select(Semester.id))
    counts = []
    for number in (3, 27):
        with transaction():
            for n in range(number):
                factories.make_event(kind="stakeholder_meeting", ordinal=n + 1, project_id=project.id, host_partner_id=partner,
                                     semester_id=semester, ends_at=START + timedelta(days=3))  # fmt: skip
        client = as_user(cast.admin)
        db.session.expire_all()
        with count_statements() as counter:
            client.get("/projects/big")
        counts.append(counter.count)

    assert counts[0] == counts[1]


def test_the_picture_has_a_dot_for_each_event_and_one_for_each_round(project, as_user):
    page = as_user(None).get("/projects/icsi").text

    picture = page.partition("programme-strips")[2].partition("</ol>")[0]
    semesters = page.partition("Outside of the semesters")[0]
    dots = [semesters.count('<td data-label="Kind">'), semesters.count('<details class="programme-round">')]
    assert (picture.count("<circle"), min(dots) > 0) == (sum(dots), True)
    assert 'href="#part-1"' in picture
