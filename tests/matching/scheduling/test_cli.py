"""The command line: files in, files out, exit statuses, every mistake on standard error."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from matching.__main__ import main
from matching.scheduling import solve


def run(*words):
    return main([str(word) for word in words])


@pytest.fixture(name="files")
def _files(tmp_path, build):
    problem = build(["ab", "ac"], slots=1, wishes={"m2": {"weight": 0.5}})
    (tmp_path / "problem.json").write_text(json.dumps(problem.to_dict()))
    (tmp_path / "plan.json").write_text(json.dumps(solve(problem, workers=1).to_dict()))
    return tmp_path


def test_schedule_writes_a_solution(files):
    assert run("schedule", files / "problem.json", "-o", files / "out.json", "--workers", 1) == 0
    assert json.loads((files / "out.json").read_text())["status"] == "optimal"
    assert not (files / "out.json.part").exists()


def test_schedule_to_standard_output(files, capsys):
    assert run("schedule", files / "problem.json", "-o", "-") == 0
    assert json.loads(capsys.readouterr().out)["format"] == "schedule-solution/1"


def test_standard_output_has_nothing_but_the_solution(files):
    command = [sys.executable, "-m", "matching", "schedule", files / "problem.json", "-o", "-"]

    done = subprocess.run(command, capture_output=True, timeout=120, check=True)

    assert json.loads(done.stdout)["status"] == "optimal"


def test_replan_keeps_the_plan(files):
    assert run("replan", files / "problem.json", "--previous", files / "plan.json", "-o", files / "out.json") == 0
    assert json.loads((files / "out.json").read_text())["value"]["changes"] == 0


def test_check_prints_the_figures(files, capsys):
    assert run("check", files / "problem.json", files / "plan.json") == 0
    assert json.loads(capsys.readouterr().out)["placed"] == 1


def test_check_names_violations_and_fails(files, capsys):
    plan = json.loads((files / "plan.json").read_text())
    plan["assignments"].append({"wish": "m2", "slot": "s1", "place": None})
    plan["problem"] = "sha256:other"
    (files / "plan.json").write_text(json.dumps(plan))

    assert run("check", files / "problem.json", files / "plan.json") == 1
    heard = capsys.readouterr()
    assert 'one_at_a_time: Participant "a" has 2 meetings in slot "s1".' in heard.out
    assert "another version" in heard.err


def test_check_of_unknown_names_prints_no_figures(files, capsys):
    plan = json.loads((files / "plan.json").read_text())
    plan["assignments"] = [{"wish": "m9", "slot": "s1"}]
    (files / "plan.json").write_text(json.dumps(plan))

    assert run("check", files / "problem.json", files / "plan.json") == 1
    assert capsys.readouterr().out == 'known: Unknown wish or slot in "m9" at "s1".\n'


def test_explain_prints_reason_and_fix(files, capsys):
    assert run("explain", files / "problem.json", files / "plan.json") == 0
    assert capsys.readouterr().out.startswith("m2: outweighed. ")


def test_explain_refuses_a_plan_that_breaks_rules(files, capsys):
    plan = json.loads((files / "plan.json").read_text())
    plan["assignments"].append({"wish": "m2", "slot": "s1"})
    (files / "plan.json").write_text(json.dumps(plan))

    assert run("explain", files / "problem.json", files / "plan.json") == 2
    assert "has 2 meetings" in capsys.readouterr().err


def test_mistakes_are_listed_and_nothing_is_written(files, capsys):
    (files / "problem.json").write_text('{"format": "schedule-problem/1", "slots": [], "wishes": 3}')

    assert run("schedule", files / "problem.json", "-o", files / "out.json") == 2
    assert capsys.readouterr().err == "participants: is missing\nwishes: must be a list\n"
    assert not (files / "out.json").exists()


def test_files_that_are_missing_or_no_json_are_named(files, capsys):
    (files / "broken.json").write_text("{")

    assert run("check", files / "none.json", files / "plan.json") == 2
    assert run("check", files / "broken.json", files / "plan.json") == 2
    assert run("schedule", files / "problem.json", "-o", files / "no" / "out.json") == 2
    first, second, third = capsys.readouterr().err.splitlines()
    assert first.endswith("none.json: No such file or directory")
    assert "broken.json: is not JSON" in second
    assert third.endswith("No such file or directory")


def test_an_interrupt_keeps_the_best_plan(files, monkeypatch):
    from matching.scheduling import cli

    def interrupted(problem, **options):
        os.kill(os.getpid(), signal.SIGINT)
        assert options["should_stop"]()
        return solve(problem, workers=1)

    monkeypatch.setattr(cli, "solve", interrupted)

    assert run("schedule", files / "problem.json", "-o", files / "out.json") == 130
    assert json.loads((files / "out.json").read_text())["status"] == "optimal"


def test_progress_shows_on_a_terminal(files, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    run("schedule", files / "problem.json", "-o", files / "out.json", "--workers", 1)

    assert "placed: " in capsys.readouterr().err


def test_what_if_writes_the_effect_of_each_scenario(files):
    scenarios = [{"name": "a slot more", "slots": [{"id": "x", "start": "2027-03-02T12:00:00+00:00", "minutes": 20}]}]
    scenarios.append({"name": "fixed", "wish": "m1", "relaxations": [{"rule": "places", "slot": "s1"}]})
    (files / "scenarios.json").write_text(json.dumps({"format": "schedule-scenarios/1", "scenarios": scenarios}))

    assert run("what-if", files / "problem.json", files / "scenarios.json", "-o", files / "out.json") == 0
    effects = json.loads((files / "out.json").read_text())["effects"]
    assert [(item["scenario"], item["value"]["placed"]) for item in effects] == [
        ("", 1.0),
        ("a slot more", 1.5),
        ("fixed", 1.0),
    ]


def test_every_mistake_in_scenarios_is_reported(files, capsys):
    scenarios = [{"name": 1, "tables": 3}, {"relaxations": [{"rule": "magic"}, 4], "slots": [{}]}, 7]
    (files / "scenarios.json").write_text(json.dumps({"format": "other", "scenarios": scenarios}))

    assert run("what-if", files / "problem.json", files / "scenarios.json", "-o", "-") == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0].removeprefix("scenarios.json") for line in lines] == [
        "format",
        "scenarios[0].tables",
        "scenarios[0].name",
        "scenarios[1].name",
        "scenarios[1].slots[0].id",
        "scenarios[1].relaxations[0].rule",
        "scenarios[1].relaxations[1]",
        "scenarios[2]",
    ]


def test_scenarios_that_are_no_object_are_refused(files, capsys):
    (files / "scenarios.json").write_text("[]")

    assert run("what-if", files / "problem.json", files / "scenarios.json", "-o", "-") == 2
    assert "must be an object" in capsys.readouterr().err


def test_difference_prints_what_changes(files, capsys):
    (files / "empty.json").write_text(
        json.dumps({"format": "schedule-solution/1", "status": "feasible", "assignments": []})
    )

    assert run("difference", files / "problem.json", files / "empty.json", files / "plan.json") == 0
    assert json.loads(capsys.readouterr().out)["added"] == [{"wish": "m1", "slot": "s1", "place": None}]
