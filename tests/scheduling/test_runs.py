"""Starting, solving, stopping, discarding and restarting runs."""

from datetime import timedelta

import pytest

from matching.scheduling import Progress
from matchmaker import jobs
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.meetings.models import MeetingSettings
from matchmaker.scheduling import queries, runs, services
from matchmaker.scheduling.errors import NotADraft, NothingToSchedule, RunInProgress
from matchmaker.scheduling.models import ScheduleRun, ScheduleState
from matchmaker.scheduling.options import Keep, Options
from tests import factories
from tests.scheduling import planning


@pytest.fixture
def pair(cast):
    with transaction():
        planning.slots(cast)
        return planning.agreed(cast.ana, cast.ben)


@pytest.fixture
def waiting(cast, pair, app, monkeypatch):
    """A run whose job waits: nobody takes it."""
    monkeypatch.setitem(app.extensions, "matchmaker_jobs", lambda _job_id: None)
    return planning.run(cast)


def test_a_run_becomes_a_draft_with_figures(cast, pair):
    run = planning.run(cast)

    assert (run.state, run.figures["status"]) == ("draft", "optimal")
    assert (run.figures["placed"], run.figures["wished"]) == (1, 1)
    assert [row.request_id for row in queries.draft_of(run)] == [pair.id]
    assert jobs.job_of(run.job_id).state == "done"


@pytest.mark.parametrize("objective", [("placed",), ("fair", "placed"), ("placed", "changes", "waiting", "hours")])
@pytest.mark.parametrize("keep", list(Keep))
def test_every_choice_of_options_gives_a_draft(cast, pair, objective, keep):
    options = Options(2, objective, keep, "2026-12-08T09:00:00+00:00", stars=False, seed=3, workers=1)

    run = planning.run(cast, options)

    assert (run.state, run.figures["placed"]) == ("draft", 1)
    assert Options.from_dict(run.options) == options


@pytest.mark.parametrize(
    ("stored", "objective"),
    [
        ({"aim": "fair", "keep": "all"}, ("placed", "fair", "breaks")),
        ({"aim": "waiting", "keep": "few_changes"}, ("placed", "changes", "waiting")),
        ({"seconds": 2}, ("placed", "fair", "breaks")),
    ],
)
def test_runs_of_earlier_versions_can_be_started_again(stored, objective):
    assert Options.from_dict(stored).objective == objective
    assert Options.from_dict(stored).keep in list(Keep)


def test_more_stars_win_where_there_is_room_for_one(cast):
    with transaction():
        planning.slots(cast, count=1)
        carla = factories.make_participant(cast.event)
        planning.agreed(cast.ana, cast.ben, stars=1, answer_stars=1)
        liked = planning.agreed(cast.ana, carla, stars=5, answer_stars=5)

    run = planning.run(cast)

    assert [row.request_id for row in queries.draft_of(run)] == [liked.id]


def test_a_run_needs_slots_and_accepted_requests(cast):
    with transaction():
        factories.make_request(cast.ana, cast.ben)
    with pytest.raises(NothingToSchedule, match="no slots"):
        planning.run(cast)

    with transaction():
        planning.slots(cast)
    with pytest.raises(NothingToSchedule, match="No request"):
        planning.run(cast)


def test_one_run_at_a_time(cast, waiting):
    with pytest.raises(RunInProgress):
        planning.run(cast)


def test_a_second_worker_leaves_the_run_alone(cast, pair):
    run = planning.run(cast)
    finished_at = run.finished_at
    clock.freeze(clock.now() + timedelta(hours=1))

    runs.solve_run(run.id)

    assert (run.state, run.finished_at) == ("draft", finished_at)
    assert len(queries.draft_of(run)) == 1


def test_a_run_that_was_deleted_is_no_error(cast, pair):
    runs.solve_run(4711)


def test_a_solver_that_breaks_rules_gives_no_draft(cast, pair, monkeypatch):
    monkeypatch.setattr("matching.scheduling.violations", lambda *_: ["two meetings at once"])

    run = planning.run(cast)

    assert (run.state, queries.draft_of(run)) == ("failed", [])
    assert "two meetings at once" in run.error
    assert jobs.job_of(run.job_id).state == "failed"


def test_an_unexpected_failure_is_not_spelled_out(cast, pair, monkeypatch):
    def breaks(*_args, **_values):
        raise ZeroDivisionError("internal detail")

    monkeypatch.setattr("matching.scheduling.solve", breaks)

    run = planning.run(cast)

    assert (run.state, run.error) == ("failed", str(runs.UNEXPECTED))
    assert "internal detail" in jobs.job_of(run.job_id).error


def test_meetings_that_cannot_all_stay_fail_the_run_and_are_named(cast, pair):
    with transaction():
        third, fourth = (factories.make_participant(cast.event) for _ in range(2))
        planning.rules(cast.event, online_places=False)
        [table] = factories.make_places(cast.event, 1)
        slot = queries.situation_of(cast.event.id).slots[0]
        factories.make_meeting(pair, slot, table, is_locked=True)
        factories.make_meeting(planning.agreed(third, fourth), slot, None, is_locked=True)

    run = planning.run(cast)

    assert (run.state, run.figures["status"], queries.draft_of(run)) == ("failed", "infeasible", [])
    assert {clash["wish"] for clash in run.figures["conflict"]} >= {f"r{pair.id}"}


def test_an_interrupted_run_keeps_nothing_and_can_be_started_again(cast, waiting):
    with transaction():
        waiting.state = ScheduleState.RUNNING
        services.interrupted(waiting.id)

    assert (waiting.state, queries.draft_of(waiting)) == ("interrupted", [])

    with transaction():
        again = runs.restart(waiting, cast.olga)
    assert (again.state, again.options) == ("queued", waiting.options)


def test_a_finished_run_is_not_marked_as_interrupted(cast, pair):
    run = planning.run(cast)

    with transaction():
        services.interrupted(run.id)
        services.interrupted(4711)

    assert run.state == "draft"


def test_a_draft_cannot_be_started_again(cast, pair):
    run = planning.run(cast)

    with pytest.raises(NotADraft), transaction():
        runs.restart(run, cast.olga)


def test_a_worker_that_was_thought_dead_stores_no_half_plan(cast, pair, monkeypatch):
    def slow(problem, **_values):
        from matching.scheduling import Solution, Status

        with transaction():
            services.interrupted(db.session.scalars(db.select(ScheduleRun.id)).one())
        return Solution(status=Status.FEASIBLE)

    monkeypatch.setattr("matching.scheduling.solve", slow)

    run = planning.run(cast)

    assert (run.state, run.solution) == ("interrupted", {})


def test_a_failure_after_the_interruption_does_not_hide_it(cast, pair, monkeypatch):
    def slow(problem, **_values):
        with transaction():
            services.interrupted(db.session.scalars(db.select(ScheduleRun.id)).one())
        raise ZeroDivisionError

    monkeypatch.setattr("matching.scheduling.solve", slow)

    assert planning.run(cast).state == "interrupted"


def test_stopping_asks_the_job(cast, waiting):
    with transaction():
        services.stop(waiting)

    assert jobs.job_of(waiting.job_id).stop_requested is True


def test_a_stopped_run_keeps_its_best_plan(cast, waiting):
    with transaction():
        services.stop(waiting)

    jobs.run_job(waiting.job_id)

    db.session.refresh(waiting)
    assert (waiting.state, waiting.figures["placed"]) == ("draft", 1)


def test_what_has_ended_cannot_be_stopped_and_a_draft_is_discarded_once(cast, pair):
    run = planning.run(cast)

    with pytest.raises(NotADraft), transaction():
        services.stop(run)
    with transaction():
        services.discard(run, cast.olga)
    with pytest.raises(NotADraft), transaction():
        services.discard(run, cast.olga)
    assert run.state == "discarded"


def test_the_curve_keeps_changes_and_the_last_moment(cast, waiting, monkeypatch):
    curve = runs.Curve(waiting.id, 10)

    for seconds, value in ((0.1, 1.0), (0.5, 1.0), (0.9, 2.0), (1.4, 2.0)):
        curve.note(Progress("placed", value, 3.0, seconds))

    assert curve.points == [[0.1, "placed", 1.0, 3.0], [0.9, "placed", 2.0, 3.0]]
    assert curve.last() == [[1.4, "placed", 2.0, 3.0]]
    db.session.refresh(waiting)
    assert waiting.trace == [[0.1, "placed", 1.0, 3.0]]


def test_a_busy_database_costs_a_point_of_the_curve_and_not_the_plan(cast, waiting, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def busy(*_):
        raise OperationalError("update", {}, Exception("locked"))

    curve = runs.Curve(waiting.id, 10)
    monkeypatch.setattr(curve, "_write", busy)

    curve.note(Progress("placed", 1.0, 3.0, 0.1))

    assert curve.points == [[0.1, "placed", 1.0, 3.0]]


def test_places_count_only_where_somebody_needs_one(cast):
    with transaction():
        planning.slots(cast, count=1, places=1)
        planning.agreed(cast.ana, cast.ben)
        third, fourth = (factories.make_participant(cast.event) for _ in range(2))
        planning.agreed(third, fourth)

    assert planning.run(cast).figures["placed"] == 1

    with transaction():
        cast.event.mode = "hybrid"
        for person in (cast.ana, third):
            person.mode = "online"
    online = planning.run(cast)
    assert (online.figures["placed"], [row.place for row in queries.draft_of(online)]) == (2, [None, None])


def test_an_event_without_places_is_not_limited_by_them(cast, pair):
    with transaction():
        planning.rules(cast.event, online_places=False)

    assert planning.run(cast).figures["placed"] == 1


def test_a_lower_maximum_does_not_forbid_what_stays(cast, pair):
    with transaction():
        first, second = queries.situation_of(cast.event.id).slots[:2]
        third = factories.make_participant(cast.event)
        factories.make_meeting(pair, first, is_locked=True)
        factories.make_meeting(planning.agreed(cast.ana, third), second, is_locked=True)
        planning.rules(cast.event, max_meetings=1)

    run = planning.run(cast)

    assert (run.state, run.figures["placed"]) == ("draft", 2)


def test_an_event_without_stored_settings_can_be_planned(cast, pair):
    with transaction():
        db.session.execute(db.delete(MeetingSettings).where(MeetingSettings.event_id == cast.event.id))

    assert planning.run(cast).figures["placed"] == 1
