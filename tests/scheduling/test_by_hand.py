"""Changing a draft by hand: where a meeting can go, what is in the way, locks, undo, and what the run says afterwards."""

import re

import pytest

from matching.scheduling import Problem, Solution, violations
from matchmaker.audit import AuditEntry
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.errors import Conflict, NotFound
from matchmaker.meetings.models import Place
from matchmaker.scheduling import hand, queries
from matchmaker.scheduling.board import Board
from matchmaker.scheduling.models import DraftAct, DraftMeeting, ScheduleRun
from matchmaker.scheduling.options import Options
from tests import factories
from tests.scheduling import planning
from tests.scheduling.planning import ADDRESS


@pytest.fixture
def fair(cast):
    """Three slots, two tables, a chain of meetings, and a draft of all of them."""
    with transaction():
        planning.rules(cast.event, online_places=False)
        cast.slots = planning.slots(cast, count=3, places=2)
        cast.dora = factories.make_participant(cast.event, factories.make_user("Dora Dean"))
        cast.emil = factories.make_participant(cast.event, factories.make_user("Emil Eder"))
        cast.ana_ben = planning.agreed(cast.ana, cast.ben)
        cast.ana_dora = planning.agreed(cast.ana, cast.dora)
        cast.ben_emil = planning.agreed(cast.ben, cast.emil)
        cast.dora_emil = planning.agreed(cast.dora, cast.emil)
    cast.run = planning.run(cast)
    return cast


@pytest.fixture
def olga(as_user, fair):
    return as_user(fair.olga)


def settle(fair, **spots):
    """Put meetings where a test needs them, whatever the solver chose: name=(slot number, table number)."""
    tables = planning.tables(fair.event)
    with transaction():
        db.session.execute(db.delete(DraftMeeting))
        for name, (slot, table) in spots.items():
            row = DraftMeeting(run_id=fair.run.id, request_id=getattr(fair, name).id, slot_id=fair.slots[slot].id)
            row.place_id = tables[table].id
            db.session.add(row)
        left = {fair.ana_ben, fair.ana_dora, fair.ben_emil, fair.dora_emil} - {getattr(fair, name) for name in spots}
        gone = [{"wish": f"r{each.id}", "reason": "places_full"} for each in left]
        fair.run.solution = {**fair.run.solution, "unplaced": gone}


def spot(fair, request):
    row = {row.request_id: row for row in queries.draft_of(fair.run)}.get(request.id)
    return row and (fair.slots.index(row.slot), row.place.name, row.is_locked)


def put(fair, request, slot, place=""):
    with transaction():
        hand.put(fair.run, request.id, fair.slots[slot].id, place, fair.olga)


def in_the_way(fair, request):
    """What stands in the way in each slot, in order of time."""
    choices = sorted(Board(fair.run).choices(request.id), key=lambda choice: choice.slot.starts_at)
    return [list(choice.conflicts) for choice in choices]


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))


def test_each_slot_says_who_or_what_is_in_the_way(fair):
    settle(fair, ana_ben=(0, 0), ana_dora=(1, 0), ben_emil=(1, 1))

    assert in_the_way(fair, fair.ana_ben) == [
        [],
        [
            "Ana Alvarez is in the meeting Ana Alvarez – Dora Dean.",
            "Ben Berg is in the meeting Ben Berg – Emil Eder.",
            "Every place is taken.",
        ],
        [],
    ]


def test_possible_slots_come_first_and_in_order_of_time(fair):
    settle(fair, ana_ben=(1, 0), ana_dora=(0, 0))

    choices = Board(fair.run).choices(fair.ana_ben.id)

    assert [fair.slots.index(choice.slot) for choice in choices] == [1, 2, 0]
    assert [choice.is_present for choice in choices] == [True, False, False]


def test_availability_and_the_maximum_are_named(fair):
    with transaction():
        planning.blocked(fair.ana, fair.slots[0])
        planning.rules(fair.event, max_meetings=1)
    fair.run = planning.run(fair)
    settle(fair, ben_emil=(2, 0))

    assert in_the_way(fair, fair.ana_ben) == [
        ["Ana Alvarez is not available.", "Ben Berg has the most meetings allowed."],
        ["Ben Berg has the most meetings allowed."],
        ["Ben Berg is in the meeting Ben Berg – Emil Eder.", "Ben Berg has the most meetings allowed."],
    ]


def test_moving_keeps_the_rules_and_recomputes_the_figures(fair):
    settle(fair, ana_ben=(0, 0), dora_emil=(0, 1), ana_dora=(1, 0))

    put(fair, fair.ana_ben, 2)

    assert spot(fair, fair.ana_ben) == (2, "Table 1", False)
    figures = fair.run.figures
    assert (figures["placed"], figures["by_hand"], figures["status"]) == (3, 1, "feasible")
    problem, solution = Problem.from_dict(fair.run.problem), Solution.from_dict(fair.run.solution)
    assert violations(problem, solution) == []
    assert set(figures["bound"]) == {"placed"}


def test_the_place_can_be_chosen_and_a_taken_one_is_named(fair):
    settle(fair, ana_ben=(0, 0), dora_emil=(1, 0))
    taken, free = (f"t{table.id}" for table in planning.tables(fair.event))

    with pytest.raises(Conflict, match="Table 1 is taken by Dora Dean – Emil Eder"):
        put(fair, fair.ana_ben, 1, taken)
    put(fair, fair.ana_ben, 1, free)

    assert spot(fair, fair.ana_ben) == (1, "Table 2", False)


def test_a_refused_act_changes_nothing(fair):
    settle(fair, ana_ben=(0, 0), ana_dora=(1, 0))

    with pytest.raises(Conflict, match="Ana Alvarez is in the meeting Ana Alvarez – Dora Dean"):
        put(fair, fair.ana_ben, 1)

    assert spot(fair, fair.ana_ben) == (0, "Table 1", False)
    assert queries.acts_of(fair.run.id) == []


def test_placing_and_taking_out(fair):
    settle(fair, ana_ben=(0, 0))

    put(fair, fair.dora_emil, 0)
    with transaction():
        hand.take_out(fair.run, fair.ana_ben.id, fair.olga)

    assert (spot(fair, fair.dora_emil), spot(fair, fair.ana_ben)) == ((0, "Table 2", False), None)
    reasons = {row["wish"]: row["reason"] for row in fair.run.solution["unplaced"]}
    assert reasons[f"r{fair.ana_ben.id}"] == "taken_out"
    assert f"r{fair.dora_emil.id}" not in reasons


def test_the_last_acts_are_undone_one_after_the_other(fair):
    first = fair.run.figures
    before = {request.id: spot(fair, request) for request in (fair.ana_ben, fair.dora_emil)}
    with transaction():
        hand.take_out(fair.run, fair.ana_ben.id, fair.olga)
        hand.set_locked(fair.run, fair.dora_emil.id, fair.olga, locked=True)

    for number in (2, 1):
        with transaction():
            hand.undo(fair.run, number, fair.olga)

    assert {request.id: spot(fair, request) for request in (fair.ana_ben, fair.dora_emil)} == before
    figures = fair.run.figures
    assert (figures["placed"], figures["bound"], figures["status"], figures["by_hand"]) == (
        first["placed"], first["bound"], first["status"], 0,
    )  # fmt: skip


def test_only_the_newest_act_that_was_seen_is_undone(fair):
    with transaction():
        hand.take_out(fair.run, fair.ana_ben.id, fair.olga)
        hand.take_out(fair.run, fair.dora_emil.id, fair.olga)

    for number in (1, 3, 0):
        with pytest.raises(Conflict, match="Somebody else"), transaction():
            hand.undo(fair.run, number, fair.olga)


def test_of_two_acts_at_once_the_database_refuses_one(fair, monkeypatch):
    settle(fair, ana_ben=(0, 0), dora_emil=(1, 0))
    put(fair, fair.ana_ben, 2)
    monkeypatch.setattr(queries, "last_act_number", lambda _run_id: 0)  # what the other saw a moment ago

    with pytest.raises(Conflict, match="Somebody else changed this draft"):
        put(fair, fair.dora_emil, 0)

    assert spot(fair, fair.dora_emil) == (1, "Table 1", False)
    assert len(queries.acts_of(fair.run.id)) == 1


def test_a_locked_meeting_stays_until_it_is_unlocked(fair):
    settle(fair, ana_ben=(0, 0))
    with transaction():
        hand.set_locked(fair.run, fair.ana_ben.id, fair.olga, locked=True)
        hand.set_locked(fair.run, fair.ana_ben.id, fair.olga, locked=True)

    with pytest.raises(Conflict, match="Unlock it first"):
        put(fair, fair.ana_ben, 2)
    with pytest.raises(Conflict, match="Unlock it first"), transaction():
        hand.take_out(fair.run, fair.ana_ben.id, fair.olga)
    with transaction():
        hand.set_locked(fair.run, fair.ana_ben.id, fair.olga, locked=False)
    put(fair, fair.ana_ben, 2)

    assert [act.kind for act in reversed(queries.acts_of(fair.run.id))] == ["locked", "unlocked", "moved"]


def test_the_next_run_leaves_locked_meetings_where_they_are(olga, fair):
    settle(fair, ana_ben=(2, 1))
    olga.post(f"{ADDRESS}/{fair.run.id}/hand/{fair.ana_ben.id}/lock")

    answer = olga.post(f"{ADDRESS}/{fair.run.id}/hand/again")

    fair.run = db.session.get_one(ScheduleRun, int(answer.location.rsplit("/", 1)[1]))
    assert spot(fair, fair.ana_ben) == (2, "Table 2", True)
    assert fair.run.figures["placed"] == 4
    with transaction():
        hand.set_locked(fair.run, fair.ana_ben.id, fair.olga, locked=False)  # it is the organiser's own lock


def test_a_lock_whose_request_is_gone_is_forgotten(fair):
    settle(fair, ana_ben=(2, 1))
    with transaction():
        hand.set_locked(fair.run, fair.ana_ben.id, fair.olga, locked=True)
        fair.ana_ben.state = "withdrawn"

    again = planning.run(fair, Options(2))

    assert (again.state, again.figures["placed"]) == ("draft", 3)


def test_a_published_lock_holds_in_the_plan(olga, fair):
    with transaction():
        hand.set_locked(fair.run, fair.ana_ben.id, fair.olga, locked=True)

    planning.publish(fair.run, fair)

    assert {m.request_id: m.is_locked for m in planning.live(fair.event)}[fair.ana_ben.id] is True
    fair.run = planning.run(fair)
    for act in (lambda: hand.take_out(fair.run, fair.ana_ben.id, fair.olga),
                lambda: hand.set_locked(fair.run, fair.ana_ben.id, fair.olga, locked=False)):  # fmt: skip
        with pytest.raises(Conflict, match="locked in the published plan"), transaction():
            act()
    page = olga.get(f"{ADDRESS}/{fair.run.id}/hand/{fair.ana_ben.id}").text
    assert "It stays where it is." in page


def test_what_is_changed_by_hand_is_what_is_published(fair):
    settle(fair, ana_ben=(0, 0))
    put(fair, fair.ana_ben, 2)

    planning.publish(fair.run, fair)

    assert [meeting.slot_id for meeting in planning.live(fair.event)] == [fair.slots[2].id]


def test_an_assumed_place_is_kept_and_can_be_left(as_user, cast):
    olga = as_user(cast.olga)
    with transaction():
        planning.rules(cast.event, online_places=False)
        cast.slots = planning.slots(cast, count=1, places=1)
        planning.agreed(cast.ana, cast.ben)
        planning.agreed(*(factories.make_participant(cast.event) for _ in range(2)))
    left = planning.run(cast).solution["unplaced"][0]["wish"]
    run_id = queries.newest_draft(cast.event.id).id
    answer = olga.post(f"{ADDRESS}/{run_id}/try", data={"request": left[1:]})
    run = db.session.get_one(ScheduleRun, int(answer.location.rsplit("/", 1)[1]))
    assumed = next(row for row in queries.draft_of(run) if row.assumed_place)

    page = text_of(olga.get(f"{ADDRESS}/{run.id}/hand/{assumed.request_id}"))
    olga.post(f"{ADDRESS}/{run.id}/hand/{assumed.request_id}/take-out")
    olga.post(f"{ADDRESS}/{run.id}/hand/undo", data={"number": 1})

    assert "an assumed place" in page
    assert "an assumed place" in text_of(olga.get(f"{ADDRESS}/{run.id}/hand"))
    assert sorted(row.assumed_place for row in queries.draft_of(run)) == ["", "extra 1"]


def test_without_places_only_people_are_in_the_way(cast):
    with transaction():
        cast.slots = planning.slots(cast, count=2)
        cast.ana_ben = planning.agreed(cast.ana, cast.ben)
    cast.run = planning.run(cast)

    put(cast, cast.ana_ben, 1)

    assert [(row.slot_id, row.place_id) for row in queries.draft_of(cast.run)] == [(cast.slots[1].id, None)]
    with pytest.raises(Conflict, match="there already"):
        put(cast, cast.ana_ben, 1)


def test_the_pages_lead_from_the_draft_to_the_act_and_back(olga, fair):
    settle(fair, ana_ben=(0, 0), ana_dora=(1, 0))
    base = f"{ADDRESS}/{fair.run.id}/hand"

    assert base in olga.get(f"{ADDRESS}/{fair.run.id}").text
    overview = text_of(olga.get(base))
    assert "Ana Alvarez" in overview
    assert "Every place is taken in the slots they share" in overview
    meeting = text_of(olga.get(f"{base}/{fair.ana_ben.id}"))
    assert "Ana Alvarez is in the meeting Ana Alvarez – Dora Dean." in meeting

    done = olga.post(f"{base}/{fair.ana_ben.id}/put", data={"slot": fair.slots[2].id}, follow_redirects=True)
    assert "The meeting is there now." in done.text
    acts = text_of(olga.get(base))
    assert "Moved Ana Alvarez – Ben Berg from Tue 8 Dec 2026, 09:00, Table 1 to" in acts
    assert "Changed by hand: 1 change since the solver." in text_of(olga.get(f"{ADDRESS}/{fair.run.id}"))

    olga.post(f"{base}/undo", data={"number": 1})
    assert "Undid number 1: Ana Alvarez – Ben Berg is back to" in text_of(olga.get(base))
    assert spot(fair, fair.ana_ben) == (0, "Table 1", False)


def test_what_is_in_the_way_comes_back_as_a_message(olga, fair):
    settle(fair, ana_ben=(0, 0), ana_dora=(1, 0))
    base = f"{ADDRESS}/{fair.run.id}/hand"

    answer = olga.post(f"{base}/{fair.ana_ben.id}/put", data={"slot": fair.slots[1].id}, follow_redirects=True)

    assert "This does not work: Ana Alvarez is in the meeting Ana Alvarez – Dora Dean." in text_of(answer)


def test_the_list_is_searched_by_name_and_organisation(olga, fair):
    settle(fair, ana_ben=(0, 0), dora_emil=(0, 1))
    base = f"{ADDRESS}/{fair.run.id}/hand"

    assert "Ben Berg" not in olga.get(f"{base}?q=dora+emil").text
    assert "No meeting fits the search." in olga.get(f"{base}?q=nobody").text


def test_every_act_is_in_the_audit_trail(fair):
    settle(fair, ana_ben=(0, 0))

    put(fair, fair.ana_ben, 2)

    entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "draft.moved")).one()
    tables = planning.tables(fair.event)
    assert entry.actor_id == fair.olga.id
    assert entry.changes == {
        "act": 1,
        "before": f"slot {fair.slots[0].id}, place {tables[0].id}",
        "after": f"slot {fair.slots[2].id}, place {tables[0].id}",
    }


@pytest.mark.parametrize("state", ["published", "discarded"])
def test_only_a_draft_is_changed(olga, fair, state):
    with transaction():
        fair.run.state = state
    base = f"{ADDRESS}/{fair.run.id}/hand"

    for answer in (
        olga.get(base, follow_redirects=True),
        olga.get(f"{base}/{fair.ana_ben.id}", follow_redirects=True),
        olga.post(f"{base}/{fair.ana_ben.id}/take-out", follow_redirects=True),
        olga.post(f"{base}/again", follow_redirects=True),
    ):
        assert "Only a draft can be changed by hand." in answer.text
    assert db.session.scalars(db.select(DraftAct)).all() == []


def test_unknown_requests_and_slots_are_not_found(olga, fair):
    base = f"{ADDRESS}/{fair.run.id}/hand"

    assert olga.get(f"{base}/4711").status_code == 404
    assert olga.post(f"{base}/{fair.ana_ben.id}/put", data={"slot": "4711"}).status_code == 404
    assert olga.post(f"{base}/4711/take-out").status_code == 404
    with transaction():
        hand.take_out(fair.run, fair.ana_ben.id, fair.olga)
    with pytest.raises(NotFound), transaction():
        hand.take_out(fair.run, fair.ana_ben.id, fair.olga)


def test_a_slot_that_has_begun_takes_nothing_more(fair):
    settle(fair, ana_ben=(2, 0))
    clock.freeze(fair.slots[0].starts_at)

    assert in_the_way(fair, fair.ana_ben)[0] == ["The slot has begun."]


def test_places_of_a_draft_are_unique_in_each_slot(fair):
    settle(fair, ana_ben=(0, 0))
    table = db.session.scalars(db.select(Place.id)).first()

    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        db.session.add(
            DraftMeeting(run_id=fair.run.id, request_id=fair.dora_emil.id, slot_id=fair.slots[0].id, place_id=table)
        )


def test_the_number_of_statements_does_not_grow_with_the_draft(olga, fair, count_statements):
    def statements():
        with count_statements() as counted:
            olga.get(f"{ADDRESS}/{fair.run.id}/hand")
            olga.get(f"{ADDRESS}/{fair.run.id}/hand/{fair.ana_ben.id}")
        return counted.count

    few = statements()
    with transaction():
        for _ in range(5):
            planning.agreed(*(factories.make_participant(fair.event) for _ in range(2)))
    fair.run = planning.run(fair)

    assert statements() <= few


def test_the_changed_plan_is_checked_again(fair, olga):
    settle(fair, ana_ben=(0, 0))
    page = f"{ADDRESS}/{fair.run.id}/certificate"
    assert "after the last" not in olga.get(page).text

    put(fair, fair.ana_dora, 1)
    put(fair, fair.ben_emil, 2)

    assert "So it did again after the last of 2 changes by hand." in olga.get(page).text


def test_rules_that_a_changed_plan_breaks_are_said_on_the_certificate(fair, olga):
    """The pages let nobody get there: the data was changed past them."""
    settle(fair, ana_ben=(0, 0), ana_dora=(0, 1))

    put(fair, fair.ben_emil, 2)

    assert fair.run.figures["broken"] == 1
    text = olga.get(f"{ADDRESS}/{fair.run.id}/certificate").text
    assert "changed by hand, and found one broken rule." in text
    assert "found none broken" not in text
