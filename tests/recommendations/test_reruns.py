"""The matching runs again by itself: once for many changes, for everything that changed, and only where it is wanted."""

from datetime import timedelta

import pytest

from matchmaker import jobs
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.jobs import Job
from matchmaker.profiles import services as profile_services
from matchmaker.profiles.content import Content
from matchmaker.profiles.queries import profile_of
from matchmaker.recommendations import runs, services
from matchmaker.recommendations.errors import RunInProgress
from matchmaker.recommendations.models import MatchRun, RunState
from matchmaker.registrations.models import Participant
from matchmaker.registrations.signals import participant_confirmed, participant_left
from tests.conftest import NOW
from tests.recommendations.support import fit_for_each_other, newcomer, pairs_of, run_for

URL = "/events/fair/manage/matching"


@pytest.fixture
def matched(cast):
    """Ana and Ben fit each other, and the matching has run."""
    fit_for_each_other(cast.ana, cast.ben)
    run_for(cast.event, cast.olga)
    return cast


def change(person, text):
    with transaction():
        version = profile_of(person).version
        profile_services.save(person, Content(offers=(text,), needs=("Cameras",)), version)


def waiting(event):
    query = db.select(MatchRun).where(MatchRun.event_id == event.id, MatchRun.state == RunState.QUEUED)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def work_off():
    """What a worker does a minute later."""
    clock.freeze(NOW + timedelta(minutes=1))
    ids = db.session.scalars(
        db.select(Job.id).where(Job.state == "queued", Job.task == "matchmaker.recommendations.runs.match_run")
    ).all()
    db.session.rollback()
    for job_id in ids:
        jobs.run_job(job_id)


def test_many_changes_make_one_run_which_waits_a_moment(matched):
    change(matched.ana, "Robot cells for welding of pipes")
    change(matched.ben, "Machine vision for welding of pipes")

    (run,) = waiting(matched.event)
    assert (run.is_automatic, run.started_by_id) == (True, None)
    assert jobs.job_of(run.job_id).due_at == NOW + runs.PATIENCE


def test_the_run_takes_along_what_changed_until_it_begins(matched):
    change(matched.ana, "Robot cells for welding of pipes")
    other = newcomer(matched.event, "Nora New", ("Cameras that see a seam",), ("Robot cells for welding of pipes",))

    work_off()

    assert waiting(matched.event) == []
    assert (matched.ana.id, other.id) in pairs_of(matched.event)


def test_a_change_while_a_run_works_makes_another_one_follow(matched, monkeypatch):
    real = services.finish

    def changed_meanwhile(*arguments, **values):
        monkeypatch.setattr(services, "finish", real)
        db.session.execute(db.update(MatchRun).where(MatchRun.state == RunState.RUNNING).values(is_outdated=True))
        return real(*arguments, **values)

    monkeypatch.setattr(services, "finish", changed_meanwhile)

    run_for(matched.event, matched.olga)

    assert [run.is_automatic for run in waiting(matched.event)] == [True]


def test_while_a_run_works_a_change_marks_it(matched):
    with transaction():
        run = services.start_run(matched.event, matched.olga)
        services.begin(run.id)

    change(matched.ana, "Robot cells for welding of pipes")

    assert db.session.get_one(MatchRun, run.id, populate_existing=True).is_outdated
    assert waiting(matched.event) == []


@pytest.mark.parametrize("signal", [participant_confirmed, participant_left])
def test_somebody_who_comes_or_leaves_is_a_change(matched, signal):
    with transaction():
        signal.send(db.session.get_one(Participant, matched.ben.id))

    assert len(waiting(matched.event)) == 1


def test_before_the_first_run_nothing_runs_by_itself(cast):
    fit_for_each_other(cast.ana, cast.ben)
    change(cast.ana, "Robot cells for welding of pipes")

    assert waiting(cast.event) == []


def test_after_the_event_and_after_it_was_cancelled_nothing_runs(matched):
    clock.freeze(matched.event.ends_at)
    with transaction():
        assert services.want_rerun(matched.event) is None
    clock.freeze(NOW)
    with transaction():
        matched.event.cancelled_at = NOW
        assert services.want_rerun(matched.event) is None


def test_of_two_changes_at_once_the_slower_one_gives_way(matched, monkeypatch):
    with transaction():
        services.want_rerun(matched.event)
    monkeypatch.setattr("matchmaker.recommendations.services.running._under_way", lambda _event_id: None)

    with transaction():
        assert services.want_rerun(matched.event) is None

    assert len(waiting(matched.event)) == 1


def test_an_organiser_who_can_not_wait_takes_the_run_over(matched):
    change(matched.ana, "Robot cells for welding of pipes")

    run = run_for(matched.event, matched.olga)

    assert (run.state, run.is_automatic, run.started_by_id) == (RunState.DONE, False, matched.olga.id)
    work_off()  # the job that waited finds nothing to do
    assert db.session.get_one(MatchRun, run.id).finished_at == NOW


def test_a_run_that_works_is_not_taken_over(matched):
    with transaction():
        services.begin(services.start_run(matched.event, None).id)

    with pytest.raises(RunInProgress), transaction():
        services.start_run(matched.event, matched.olga)


def test_organisers_switch_it_off_and_on(matched, as_user):
    olga = as_user(matched.olga)
    assert "Run the matching again by itself" in olga.get(URL).text

    olga.post(f"{URL}/reruns", data={})
    change(matched.ana, "Robot cells for welding of pipes")
    assert waiting(matched.event) == []

    olga.post(f"{URL}/reruns", data={"is_automatic": "y"})
    change(matched.ana, "Robot cells for welding of tubes")
    assert len(waiting(matched.event)) == 1
    assert "starts by itself within a minute" in olga.get(URL).text


def test_the_history_tells_which_runs_started_by_themselves(matched, as_user):
    change(matched.ana, "Robot cells for welding of pipes")
    work_off()

    page = as_user(matched.olga).get(URL).text

    assert "by itself" in page
    assert matched.olga.full_name in page


def test_texts_that_did_not_change_are_not_read_again(matched):
    change(matched.ana, "Robot cells for welding of pipes")
    work_off()

    newest = db.session.scalars(db.select(MatchRun).order_by(MatchRun.id.desc()).limit(1)).one()
    assert newest.state == RunState.DONE
    assert newest.figures["embedded"] == 0  # the new ones were read for the hints, the others for the run before
