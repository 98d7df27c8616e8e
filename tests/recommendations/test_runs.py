"""Matching runs: what they compare, store, replace and survive."""

from dataclasses import replace

import pytest

from matching import ModelUnavailable
from matchmaker import jobs
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.jobs import Job
from matchmaker.recommendations import bridge, engines, runs, services
from matchmaker.recommendations.errors import RunInProgress
from matchmaker.recommendations.models import Embedding, MatchRun, Recommendation, RunState
from tests import factories
from tests.conftest import NOW
from tests.recommendations.support import ROBOTS, VISION, fit_for_each_other, newcomer, pairs_of, run_for


def queued_run(event) -> int:
    with transaction():
        return services.start_run(event, None).id


def state_of(run_id):
    return db.session.get_one(MatchRun, run_id, populate_existing=True).state


def test_a_run_recommends_in_both_directions_with_reasons(cast):
    fit_for_each_other(cast.ana, cast.ben)

    run = run_for(cast.event, cast.olga)

    assert (run.state, run.model, run.is_fallback, run.finished_at) == (RunState.DONE, "lexical-1", True, NOW)
    assert pairs_of(cast.event) == {(cast.ana.id, cast.ben.id), (cast.ben.id, cast.ana.id)}
    row = db.session.scalar(db.select(Recommendation).where(Recommendation.participant_id == cast.ana.id))
    assert (row.rank, row.band) == (1, "excellent")
    assert {(r["side"], r["mine"], r["theirs"]) for r in row.reasons} == {
        ("gets", VISION, VISION), ("gives", ROBOTS, ROBOTS),
    }  # fmt: skip
    assert row.shared["cooperation"] == ["pilot_project"]


def test_figures_say_what_came_out(cast):
    fit_for_each_other(cast.ana, cast.ben)
    newcomer(cast.event)
    newcomer(cast.event, is_visible=False)
    newcomer(cast.event, offers=(), needs=())

    figures = run_for(cast.event).figures

    assert (figures["participants"], figures["hidden"], figures["empty"]) == (3, 1, 1)
    assert (figures["with_strong"], figures["bands"]["excellent"]) == (2, 2)
    assert (figures["needs"], figures["lonely_needs"], figures["lonely_offers"]) == (3, 1, 1)
    assert sum(figures["exposure"]) == 3


def test_a_run_without_profiles_is_done_and_empty(cast):
    run = run_for(cast.event)

    assert (run.state, run.figures["recommendations"], run.figures["least_shown"]) == (RunState.DONE, 0, 0)


def test_hidden_cancelled_and_foreign_people_are_not_recommended(cast):
    fit_for_each_other(cast.ana, cast.carl)
    fit_for_each_other(newcomer(cast.event, offers=(), needs=(), is_visible=False), cast.ben)
    with transaction():
        cast.ben = db.session.merge(cast.ben)
        cast.ben.state = "cancelled"

    run_for(cast.event)

    assert pairs_of(cast.event) == set()


def test_colleagues_are_not_recommended_to_each_other(cast):
    fit_for_each_other(cast.ana, cast.ben)
    with transaction():
        db.session.merge(cast.ben).organisation_id = cast.ana.organisation_id

    run_for(cast.event)

    assert pairs_of(cast.event) == set()


def test_the_next_run_replaces_the_list_of_its_own_event_only(cast):
    fit_for_each_other(cast.ana, cast.ben)
    fit_for_each_other(cast.carl, newcomer(cast.other_event, offers=(), needs=()))
    run_for(cast.event)
    elsewhere = run_for(cast.other_event) and pairs_of(cast.other_event)

    second = run_for(cast.event)

    assert len(pairs_of(cast.event)) == 2
    assert {row.run_id for row in db.session.scalars(db.select(Recommendation))} >= {second.id}
    assert pairs_of(cast.other_event) == elsewhere != set()


def test_only_changed_texts_are_embedded_again(cast):
    fit_for_each_other(cast.ana, cast.ben)
    first = run_for(cast.event).figures["embedded"]
    stored = db.session.scalar(db.select(db.func.count(Embedding.key)))

    newcomer(cast.event)
    second = run_for(cast.event).figures["embedded"]
    third = run_for(cast.event).figures["embedded"]

    assert (first, third) == (stored, 0)
    assert 0 < second < first + stored


def test_two_runs_at_once_are_refused(cast):
    queued_run(cast.event)

    with pytest.raises(RunInProgress), transaction():
        runs.start(cast.event, None)


def test_a_run_that_somebody_else_has_is_left_alone(cast):
    fit_for_each_other(cast.ana, cast.ben)
    run_id = queued_run(cast.event)
    with transaction():
        assert services.begin(run_id)

    runs.match_run(run_id)

    assert (state_of(run_id), pairs_of(cast.event)) == (RunState.RUNNING, set())


def test_a_run_that_is_gone_is_no_error(cast):
    runs.match_run(4711)


def test_running_a_finished_run_again_changes_nothing(cast):
    run = run_for(cast.event)

    runs.match_run(run.id)

    assert state_of(run.id) == RunState.DONE


def test_an_interrupted_run_is_marked_and_another_may_start(cast):
    run_id = queued_run(cast.event)
    with transaction():
        services.begin(run_id)

    runs.mark_interrupted(run_id)

    assert state_of(run_id) == RunState.INTERRUPTED
    assert run_for(cast.event).state == RunState.DONE


def test_a_run_given_up_meanwhile_stores_nothing(cast):
    fit_for_each_other(cast.ana, cast.ben)
    run_id = queued_run(cast.event)
    runs.mark_interrupted(run_id)

    with transaction():
        services.finish(run_id, [], {}, "model", is_fallback=False)
        services.fail(run_id, "too late")

    run = db.session.get_one(MatchRun, run_id, populate_existing=True)
    assert (run.state, run.error, run.model) == (RunState.INTERRUPTED, "", "")


def test_a_silent_worker_interrupts_its_run(cast):
    run_id = queued_run(cast.event)
    with transaction():
        services.begin(run_id)
        db.session.add(Job(task=runs.match_run.name, arguments=[run_id], state="running", attempts=1, heartbeat_at=NOW))
    clock.freeze(NOW.replace(hour=12))

    jobs.sweep()

    assert state_of(run_id) == RunState.INTERRUPTED


def test_a_failing_run_keeps_the_list_of_the_run_before(cast, monkeypatch):
    fit_for_each_other(cast.ana, cast.ben)
    run_for(cast.event)

    def broken(*_):
        raise ModelUnavailable("no such model")

    monkeypatch.setattr(bridge, "load", broken)
    failed = run_for(cast.event)

    assert (failed.state, failed.error) == (RunState.FAILED, "no such model")
    assert len(pairs_of(cast.event)) == 2


def test_an_unexpected_error_is_told_in_plain_words(cast, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(bridge, "load", broken)
    failed = run_for(cast.event)

    assert failed.error.startswith("The run failed because of an error.")


def test_people_who_left_while_it_ran_are_dropped(cast):
    run_id = queued_run(cast.event)
    with transaction():
        services.begin(run_id)
        db.session.merge(cast.ben).state = "cancelled"
    row = {"rank": 1, "score": 0.5, "gives": 0.5, "gets": 0.5, "band": "good", "reasons": [], "shared": {}}

    with transaction():
        rows = [{**row, "participant_id": cast.ana.id, "other_id": cast.ben.id}]
        services.finish(run_id, rows, {}, "model", is_fallback=False)

    assert (state_of(run_id), pairs_of(cast.event)) == (RunState.DONE, set())


def test_a_missing_model_falls_back_to_words_and_says_so(app, caplog, monkeypatch):
    settings = replace(app.config["SETTINGS"], embedding_model="no-such-model-anywhere")
    monkeypatch.setitem(app.config, "SETTINGS", settings)

    engine, is_fallback = engines.engine_of(app)

    assert (engine.id, is_fallback) == ("lexical-1", True)
    assert "comparing words only" in caplog.text


def test_vectors_survive_the_table(cast):
    import numpy as np

    table = bridge.EmbeddingTable()
    vectors = {f"{n:064}": np.array([n, 0.5], dtype=np.float32) for n in range(1200)}

    table.put_many(vectors)
    table.put_many({next(iter(vectors)): np.array([9.0, 9.0], dtype=np.float32)})
    found = table.get_many([*vectors, "unknown"])

    assert {key: list(vector) for key, vector in found.items()} == {key: list(v) for key, v in vectors.items()}


def test_profiles_are_translated_by_name_and_code(cast):
    with transaction():
        factories.make_profile(
            cast.ana, ("Robots",), ("Vision",),
            {"topic": ("machine_vision", "gone"), "sector": ("28",), "language": ("en", "es")},
        )  # fmt: skip
        db.session.merge(cast.ana).organisation.kind = "unheard_of"

    profile = bridge.load(cast.event.id).profiles[0]

    assert (profile.id, profile.kind, profile.country) == (str(cast.ana.id), "", "ES")
    assert profile.topics == ("Machine vision and optical inspection",)
    assert (profile.sectors, profile.languages) == (("28",), frozenset({"en", "es"}))


def test_people_without_organisation_are_matched_too(cast):
    with transaction():
        loner = factories.make_participant(cast.event, organisation_id=None)
    fit_for_each_other(loner, cast.ben)

    run_for(cast.event)

    assert (loner.id, cast.ben.id) in pairs_of(cast.event)


def test_vectors_that_another_worker_stored_meanwhile_are_left_alone(cast, monkeypatch):
    import numpy as np

    table, vector = bridge.EmbeddingTable(), np.array([1.0], dtype=np.float32)
    table.put_many({"a" * 64: vector})
    monkeypatch.setattr(db.session, "scalars", lambda *_: [])  # it looked before the other had stored

    table.put_many({"a" * 64: vector})
    monkeypatch.undo()

    assert db.session.scalar(db.select(db.func.count(Embedding.key))) == 1


def test_progress_moves_forward_only_and_rarely(cast):
    seen = []

    class Handle:
        def report(self, percent, label):
            seen.append((percent, label))

    report = runs._progress(Handle())
    for done in range(1001):
        report(done, 1000, "encoding")
    report(0, 0, "scoring")
    report(1, 1, "scoring")

    percents = [percent for percent, _label in seen]
    assert percents == [*range(5, 66), 85]
    assert seen[-1][1] == "Comparing everybody with everybody"
