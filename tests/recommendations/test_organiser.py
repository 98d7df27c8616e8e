"""Matching for organisers: start, progress, results, history, files."""

import pytest

from matchmaker.audit.models import AuditEntry
from matchmaker.db import db, transaction
from matchmaker.jobs import Job
from matchmaker.profiles import queries as profiles
from matchmaker.recommendations import services
from matchmaker.recommendations.models import MatchRun
from tests.conftest import NOW
from tests.recommendations.support import fit_for_each_other, newcomer, run_for

URL = "/events/fair/manage/matching"


def test_the_first_run_starts_with_one_click(cast, as_user):
    fit_for_each_other(cast.ana, cast.ben)
    client = as_user(cast.olga)

    before, answer, after = client.get(URL).text, client.post(URL), client.get(URL).text

    assert "No matching run yet" in before
    assert answer.status_code == 303
    assert "Excellent fit" in after
    assert "Only words were compared" in after
    assert db.session.scalar(db.select(AuditEntry.action)) == "matching.started"


def test_replacing_a_list_must_be_confirmed(cast, as_user):
    run_for(cast.event)
    client = as_user(cast.olga)

    refused, done = client.post(URL), client.post(URL, data={"replace": "y"})

    assert (refused.status_code, done.status_code) == (422, 303)
    assert "Please confirm" in refused.text


def test_a_second_run_at_once_is_refused(cast, as_user):
    with transaction():
        services.start_run(cast.event, cast.olga)

    answer = as_user(cast.olga).post(URL)

    assert answer.status_code == 409
    assert "under way" in answer.text


def test_progress_is_told_while_it_runs(cast, as_user):
    with transaction():
        run = services.start_run(cast.event, None)
        job = Job(task="x", progress=40, label="Reading the profiles")
        db.session.add(job)
        db.session.flush()
        run.job_id = job.id
        services.begin(run.id)
    client = as_user(cast.olga)

    answer, page = client.get(f"{URL}/{run.id}/progress").json, client.get(URL).text

    assert answer == {"finished": False, "failed": False, "value": 40, "max": 100, "text": "Reading the profiles"}
    assert f'data-poll="{URL}/{run.id}/progress"' in page
    assert "Run matching again" not in page


def test_the_end_is_told_too(cast, as_user):
    run = run_for(cast.event)

    answer = as_user(cast.olga).get(f"{URL}/{run.id}/progress").json

    assert (answer["finished"], answer["failed"], answer["value"]) == (True, False, 100)


@pytest.mark.parametrize(
    ("end", "text"),
    [(services.interrupt, "interrupted"), (lambda run: services.fail(run, "No <b>luck</b>."), "No &lt;b&gt;luck")],
)
def test_a_bad_end_is_told_and_can_be_tried_again(cast, as_user, end, text):
    with transaction():
        end(services.start_run(cast.event, None).id)

    page = as_user(cast.olga).get(URL).text

    assert text in page
    assert "You can start again." in page


def test_unanswered_needs_are_listed_while_they_stand(cast, as_user):
    fit_for_each_other(cast.ana, cast.ben)
    lonely = newcomer(cast.event, needs=("Grants for exports",))
    run_for(cast.event)
    client = as_user(cast.olga)

    before = client.get(URL).text
    with transaction():
        profiles.profile_of(lonely).texts_changed_at = NOW.replace(hour=12)

    assert "Grants for exports" in before
    assert "Grants for exports" not in client.get(URL).text


def test_nothing_unanswered_is_said(cast, as_user):
    fit_for_each_other(cast.ana, cast.ben)
    run_for(cast.event)

    assert "Every need has an offer that may answer it." in as_user(cast.olga).get(URL).text


@pytest.mark.parametrize(("band", "count"), [("", 2), ("excellent", 2), ("good", 0), ("nonsense", 2)])
def test_all_recommendations_are_listed(cast, as_user, band, count):
    fit_for_each_other(cast.ana, cast.ben)
    run_for(cast.event)

    page = as_user(cast.olga).get(f"{URL}/recommendations", query_string={"band": band}).text

    assert page.count("Ana Alvarez") == count


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_all_recommendations_can_be_taken_away(cast, as_user, form):
    fit_for_each_other(cast.ana, cast.ben)
    with transaction():
        db.session.merge(cast.ben).organisation_id = None
    run_for(cast.event)

    answer = as_user(cast.olga).get(f"{URL}/recommendations.{form}")

    assert answer.status_code == 200
    if form == "csv":
        assert answer.text.splitlines()[1].startswith("Ana Alvarez,")


def test_a_reason_may_be_missing_in_the_file(cast, as_user):
    newcomer(cast.event, offers=("Apples",), needs=())
    newcomer(cast.event, offers=("Pears",), needs=())
    run_for(cast.event)

    assert as_user(cast.olga).get(f"{URL}/recommendations.csv").status_code == 200


def test_only_organisers_run_the_matching(cast, as_user):
    run = run_for(cast.event)
    client = as_user(cast.ana)
    paths = ("", "/recommendations", "/recommendations.csv", f"/{run.id}/progress")

    assert [client.get(URL + path).status_code for path in paths] == [403] * 4
    assert client.post(URL, data={"replace": "y"}).status_code == 403


def test_runs_of_other_events_are_not_found(cast, as_user):
    run = run_for(cast.other_event)

    assert as_user(cast.olga).get(f"{URL}/{run.id}/progress").status_code == 404


@pytest.mark.parametrize("path", ["", "/recommendations"])
def test_statements_do_not_grow_with_the_list(cast, as_user, count_statements, path):
    client, counts = as_user(cast.olga), []
    for size in (3, 27):
        for number in range(size):
            newcomer(cast.event, f"Person Number{size}-{number}", (f"Robots {number}",), (f"Wishes {number}",))
        run_for(cast.event, cast.olga)
        with count_statements() as counter:
            assert client.get(URL + path).status_code == 200
        counts.append(counter.count)

    assert counts[0] == counts[1]


def test_history_names_who_started(cast, as_user):
    run_for(cast.event, cast.olga)
    with transaction():
        db.session.add(MatchRun(event_id=cast.event.id, state="failed"))

    page = as_user(cast.olga).get(URL).text

    assert page.count("Olga Organiser") >= 2
    assert "The recommendations of the run before are still shown" in page
