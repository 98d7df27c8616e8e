"""The pages of organisers, from the first run to the publication."""

import json
import re
from datetime import timedelta

import pytest

from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.jobs import Job
from matchmaker.mail import MEMORY
from matchmaker.meetings.errors import PlanRefused
from matchmaker.scheduling import queries
from matchmaker.scheduling.models import ScheduleRun, ScheduleState
from matchmaker.scheduling.options import Keep, Options
from tests import factories
from tests.scheduling import planning
from tests.scheduling.planning import ADDRESS

FORM = {
    "order": ["placed", "fair", "breaks"],
    "aims": ["placed", "fair", "breaks"],
    "keep": "nothing",
    "stars": "y",
    "seconds": "2",
}


@pytest.fixture
def away(app, monkeypatch):
    """Nobody takes jobs."""
    monkeypatch.setitem(app.extensions, "matchmaker_jobs", lambda _job_id: None)


def aims_on(page):
    """(aim, whether it is ticked) in the order of the page."""
    boxes = re.findall(r'<input class="form-check-input"\s+type="checkbox"\s+name="aims"[^>]*>', page)
    return [(re.search(r'value="(\w+)"', box).group(1), "checked" in box) for box in boxes]


def recipients():
    return sorted(message["To"] for message in MEMORY)


def test_starting_solves_and_shows_the_draft(olga, fair):
    answer = olga.post(ADDRESS, data=FORM)

    run = db.session.scalars(db.select(ScheduleRun)).one()
    assert (answer.status_code, answer.location) == (303, f"{ADDRESS}/{run.id}")
    page = olga.get(answer.location).text
    assert "The one accepted request is placed." in page
    assert planning.stats_on(page)["New meetings"] == "1"


def test_a_mistake_in_the_form_keeps_what_was_typed(olga, fair):
    typed = {"seconds": "0", "order": ["waiting", "placed"], "aims": ["waiting", "placed"], "seed": "77"}
    answer = olga.post(ADDRESS, data=FORM | typed)

    assert answer.status_code == 422
    assert aims_on(answer.text)[:2] == [("waiting", True), ("placed", True)]
    assert 'value="77"' in answer.text
    assert "Between 2 and 3600 seconds." in answer.text
    assert db.session.scalars(db.select(ScheduleRun)).all() == []


def test_a_second_run_is_refused_while_one_is_in_progress(olga, fair, away):
    olga.post(ADDRESS, data=FORM)

    answer = olga.post(ADDRESS, data=FORM)

    assert answer.status_code == 409
    assert "A run is in progress." in answer.text


def test_the_first_page_says_what_is_missing(as_user, cast):
    page = as_user(cast.olga).get(ADDRESS).text
    assert "There are no slots yet" in page

    with transaction():
        planning.slots(cast)
    assert "No request is accepted yet" in as_user(cast.olga).get(ADDRESS).text


def test_the_first_page_counts_locked_meetings(olga, fair):
    with transaction():
        factories.make_meeting(fair.request, fair.slots[0], is_locked=True)

    page = olga.get(ADDRESS).text

    assert "1 of them locked" in page
    assert aims_on(page)[:3] == [("placed", True), ("changes", True), ("fair", True)]


def test_without_a_published_plan_few_changes_is_no_aim(olga, fair):
    page = olga.get(ADDRESS).text

    assert ("changes", False) in aims_on(page)
    assert '<li class="aim" hidden>' in page


def test_good_working_hours_are_suggested_where_people_meet_online(olga, fair):
    ticked = {}
    for mode in ("on_site", "online", "hybrid"):
        with transaction():
            fair.event.mode = mode
        ticked[mode] = ("hours", True) in aims_on(olga.get(ADDRESS).text)

    assert ticked == {"on_site": False, "online": True, "hybrid": True}


def test_an_aim_moves_up_without_a_script_and_nothing_is_started(olga, fair):
    answer = olga.post(ADDRESS, data=FORM | {"move": "up breaks", "seconds": ""})

    assert answer.status_code == 200
    assert aims_on(answer.text)[:3] == [("placed", True), ("breaks", True), ("fair", True)]
    assert queries.runs_of(fair.event.id) == []


@pytest.mark.parametrize("move", ["up placed", "down", "sideways nonsense", "up nonsense"])
def test_a_move_that_leads_nowhere_changes_nothing(olga, fair, move):
    page = olga.post(ADDRESS, data=FORM | {"move": move}).text

    assert aims_on(page)[:3] == [("placed", True), ("fair", True), ("breaks", True)]


def test_a_run_follows_the_order_that_was_chosen(olga, fair):
    olga.post(ADDRESS, data=FORM | {"order": ["fair", "waiting", "placed"], "aims": ["fair", "placed", "nonsense"]})

    assert queries.runs_of(fair.event.id)[0].options["objective"] == ["fair", "placed"]


def test_a_plan_without_the_number_of_meetings_is_refused(olga, fair):
    answer = olga.post(ADDRESS, data=FORM | {"aims": ["fair"]})

    assert answer.status_code == 422
    assert "without it an empty plan would be the best" in answer.text


def test_what_stays_fixed_before_a_time_needs_the_time(olga, fair):
    with transaction():
        factories.make_meeting(fair.request, fair.slots[0])

    answer = olga.post(ADDRESS, data=FORM | {"keep": "before"})

    assert answer.status_code == 422
    assert "Give the time before which everything stays." in answer.text


def test_meetings_before_the_time_stay_and_later_ones_may_move(olga, fair):
    with transaction():
        early, late = fair.slots[0], fair.slots[2]
        factories.make_meeting(fair.request, early)
        other = planning.agreed(*(factories.make_participant(fair.event) for _ in range(2)))
        factories.make_meeting(other, late)

    olga.post(ADDRESS, data=FORM | {"keep": "before", "keep_before": "2026-12-08T09:10"})

    run = queries.runs_of(fair.event.id)[0]
    assert run.options["keep_before"] == "2026-12-08T08:10:00+00:00"
    assert [(pin["wish"], pin["slot"]) for pin in run.problem["pins"]] == [(f"r{fair.request.id}", f"s{early.id}")]


def test_seed_and_cores_are_handed_to_the_solver(olga, fair):
    olga.post(ADDRESS, data=FORM | {"seed": "5", "workers": "1"})

    run = queries.runs_of(fair.event.id)[0]
    assert (run.solution["seed"], run.solution["workers"]) == (5, 1)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""), ("post", ""), ("get", "/1"), ("get", "/1/progress"), ("get", "/1/draft.csv"), ("get", "/1/problem.json"),
 ("post", "/1/stop"), ("post", "/1/discard"), ("post", "/1/publish"), ("post", "/1/restart"),
    ],
)  # fmt: skip
def test_only_organisers_of_the_event_come_in(as_user, fair, method, path):
    for person, status in ((None, 303), (fair.ana, 403), (fair.carl, 403)):
        assert getattr(as_user(person), method)(ADDRESS + path).status_code == status


@pytest.mark.parametrize("path", ["", "/progress", "/grid", "/draft.csv", "/problem.json"])
def test_the_run_of_another_event_is_not_found(olga, fair, path):
    with transaction():
        theirs = factories.stored(ScheduleRun(event_id=fair.other_event.id, options={}))

    assert olga.get(f"{ADDRESS}/{theirs.id}{path}").status_code == 404


@pytest.mark.parametrize("act", ["stop", "discard", "publish", "restart"])
def test_nothing_can_be_done_to_the_run_of_another_event(olga, fair, act):
    with transaction():
        theirs = factories.stored(ScheduleRun(event_id=fair.other_event.id, options={}, state=ScheduleState.DRAFT))

    assert olga.post(f"{ADDRESS}/{theirs.id}/{act}").status_code == 404
    assert theirs.state == "draft"


def test_the_progress_ends_when_the_run_has_ended(olga, fair, away):
    run = planning.run(fair)
    waiting = olga.get(f"{ADDRESS}/{run.id}/progress").text
    with transaction():
        run.state, run.trace = ScheduleState.RUNNING, [[0.1, "placed", 1.0, 2.0], [0.6, "placed", 2.0, 2.0]]
    running = olga.get(f"{ADDRESS}/{run.id}/progress").text
    with transaction():
        run.state = ScheduleState.INTERRUPTED
    ended = olga.get(f"{ADDRESS}/{run.id}/progress").text

    assert "Waiting for a worker." in waiting
    assert "Solving: 1 of at most 2 seconds." in running
    assert ["data-poll-finished" in page for page in (waiting, running, ended)] == [False, False, True]


def test_the_progress_keeps_the_best_value_while_the_solver_begins_anew(olga, fair, away):
    run = planning.run(fair)
    with transaction():
        run.state, run.trace = ScheduleState.RUNNING, [[0.1, "placed", 7.5, None], [2.0, "placed", None, 9.0]]

    page = olga.get(f"{ADDRESS}/{run.id}/progress").text

    assert [figure in page for figure in ("7.5", "9.0", "16.67 %", "none yet")] == [True, True, True, False]


def test_silence_of_the_worker_is_said(olga, fair, away):
    run = planning.run(fair)
    with transaction():
        run.state = ScheduleState.RUNNING
        job = db.session.get_one(Job, run.job_id)
        job.state, job.heartbeat_at = "running", clock.now() - timedelta(minutes=1)

    assert "No sign of life" in olga.get(f"{ADDRESS}/{run.id}/progress").text
    assert "data-poll" in olga.get(f"{ADDRESS}/{run.id}").text


def test_stopping_a_waiting_run(olga, fair, away):
    run = planning.run(fair)

    answer = olga.post(f"{ADDRESS}/{run.id}/stop", follow_redirects=True)

    assert "The solver stops within seconds" in answer.text


@pytest.mark.parametrize(
    ("act", "sentence"),
    [("stop", "This run has ended already."), ("restart", "Only a run that failed or was interrupted")],
)
def test_what_does_not_fit_the_state_is_refused_on_the_page(olga, fair, act, sentence):
    run = planning.run(fair)

    answer = olga.post(f"{ADDRESS}/{run.id}/{act}")

    assert answer.status_code == 409
    assert sentence in answer.text
    assert f"Run {run.id}" in answer.text


def test_a_draft_is_discarded(olga, fair):
    run = planning.run(fair)

    answer = olga.post(f"{ADDRESS}/{run.id}/discard", follow_redirects=True)

    assert "The draft was discarded." in answer.text
    assert "What publishing would change" not in olga.get(f"{ADDRESS}/{run.id}").text


@pytest.mark.parametrize("state", [ScheduleState.FAILED, ScheduleState.INTERRUPTED])
def test_what_ended_badly_is_started_again_with_the_same_options(olga, fair, state):
    run = planning.run(fair, Options(seconds=3, stars=False))
    with transaction():
        run.state, run.solution, run.error = state, {}, "It broke." if state == ScheduleState.FAILED else ""
    assert "Start again" in olga.get(f"{ADDRESS}/{run.id}").text

    answer = olga.post(f"{ADDRESS}/{run.id}/restart")

    newest = queries.runs_of(fair.event.id)[0]
    assert answer.location == f"{ADDRESS}/{newest.id}"
    assert (newest.state, newest.options) == ("draft", run.options)


def test_a_run_without_a_plan_says_so(olga, fair):
    run = planning.run(fair)
    with transaction():
        run.state, run.figures = ScheduleState.FAILED, run.figures | {"status": "unknown"}

    page = olga.get(f"{ADDRESS}/{run.id}").text

    assert "No plan was found within the time limit." in page
    assert "Publish" not in page


def test_contradictions_are_listed_by_name(olga, fair):
    with transaction():
        third, fourth = (
            factories.make_participant(fair.event, factories.make_user(n)) for n in ("Cora Cruz", "Dan Dietz")
        )
        table, spare = planning.tables(fair.event)
        db.session.delete(spare)
        db.session.flush()
        factories.make_meeting(fair.request, fair.slots[0], table, is_locked=True)
        factories.make_meeting(planning.agreed(third, fourth), fair.slots[0], is_locked=True)
    run = planning.run(fair)

    page = olga.get(f"{ADDRESS}/{run.id}").text

    assert "Tue 8 Dec 2026, 09:00: Ana Alvarez – Ben Berg" in page
    assert "Tue 8 Dec 2026, 09:00: Cora Cruz – Dan Dietz" in page


def test_publishing_tells_only_those_whose_meetings_change(olga, fair, as_user):
    planning.publish(planning.run(fair), fair)
    MEMORY.clear()
    with transaction():
        cora, dan = (factories.make_participant(fair.event, factories.make_user(n)) for n in ("Cora Cruz", "Dan Dietz"))
        planning.agreed(cora, dan)
    run = planning.run(fair, Options(seconds=2, keep=Keep.ALL))

    answer = olga.post(f"{ADDRESS}/{run.id}/publish", follow_redirects=True)

    assert "The plan is published. 2 people are told by mail." in answer.text
    assert recipients() == sorted([cora.user.email, dan.user.email])
    assert {message.get_content_maintype() for message in MEMORY} == {"multipart"}
    assert len(planning.live(fair.event)) == 2


def test_an_outdated_draft_is_refused_with_a_list_and_nothing_changes(olga, fair):
    run = planning.run(fair)
    with transaction():
        planning.blocked(fair.ben, fair.slots[0])

    answer = olga.post(f"{ADDRESS}/{run.id}/publish")

    assert answer.status_code == 409
    assert "<li>Availability changed: Ben Berg.</li>" in answer.text
    assert (planning.live(fair.event), MEMORY) == ([], [])


def test_whoever_was_quicker_is_named_when_the_plan_is_refused(olga, fair, monkeypatch):
    run = planning.run(fair)

    def refuse(*_):
        raise PlanRefused("The plan can't be published as it is.", ["Tue 8 Dec 2026, 09:00: Ana Alvarez is occupied."])

    monkeypatch.setattr("matchmaker.meetings.services.publish_plan", refuse)

    answer = olga.post(f"{ADDRESS}/{run.id}/publish")

    assert answer.status_code == 409
    assert "Ana Alvarez is occupied." in answer.text
    assert run.state == "draft"


def test_exports_carry_the_draft(olga, fair):
    run = planning.run(fair)

    table = olga.get(f"{ADDRESS}/{run.id}/draft.csv").text.lstrip("\ufeff").splitlines()

    assert table[0].split(",")[:3] == ["Start (Europe/Brussels)", "Start (UTC)", "Place"]
    assert "Ana Alvarez" in table[1]
    assert olga.get(f"{ADDRESS}/{run.id}/draft.xlsx").status_code == 200
    assert olga.get(f"{ADDRESS}/{run.id}/draft.pdf").status_code == 404


def test_problem_and_solution_can_be_checked_elsewhere(olga, fair):
    from matching.scheduling import Problem, Solution, violations

    run = planning.run(fair)
    problem, solution = (
        json.loads(olga.get(f"{ADDRESS}/{run.id}/{name}.json").text) for name in ("problem", "solution")
    )

    assert violations(Problem.from_dict(problem), Solution.from_dict(solution)) == []


def test_the_list_of_runs_has_a_fixed_number_of_statements(olga, fair, count_statements):
    counts = []
    for _ in range(2):
        planning.run(fair)
        planning.run(fair)
        db.session.expire_all()
        with count_statements() as counter:
            olga.get(ADDRESS)
        counts.append(counter.count)

    assert counts[0] == counts[1]
