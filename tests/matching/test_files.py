"""JSON files: strict in, whole or not at all out."""

import io
import sys

import pytest

from matching import InvalidFile
from matching.files import CannotWrite, read_json, write_json


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "not JSON: Expecting property name enclosed in double quotes at line 1, column 2"),
        (b"\xff{}", "not UTF-8: byte 0"),
        (b'{"a": NaN}', "not usable JSON: NaN is not a number"),
        (b'{"a": 1, "a": 2}', 'not usable JSON: the key "a" is used twice in one object'),
    ],
)
def test_unusable_files_are_refused_with_the_reason(tmp_path, content, message):
    path = tmp_path / "in.json"
    path.write_bytes(content)

    with pytest.raises(InvalidFile) as caught:
        read_json(str(path))

    assert str(caught.value) == f"{path}: {message}"


def test_deeply_nested_files_are_refused(tmp_path):
    path = tmp_path / "in.json"
    path.write_text("[" * 200_000)

    with pytest.raises(InvalidFile, match="not usable JSON"):
        read_json(str(path))


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(InvalidFile, match="No such file"):
        read_json(str(tmp_path / "absent.json"))


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / "in.json"
    path.write_bytes(b'\xef\xbb\xbf{"a": "\xc3\xa4"}')

    assert read_json(str(path)) == {"a": "ä"}


def test_a_dash_is_standard_input_and_output(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}')))

    write_json("-", read_json("-"))

    assert capsys.readouterr().out == '{\n "a": 1\n}\n'


def test_writing_replaces_the_file_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")

    write_json(str(path), {"a": "ä"})

    assert read_json(str(path)) == {"a": "ä"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.json"]


def test_an_output_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path):
    (tmp_path / "folder").mkdir()

    with pytest.raises(CannotWrite, match="No such file"):
        write_json(str(tmp_path / "absent" / "out.json"), {})
    with pytest.raises(CannotWrite):
        write_json(str(tmp_path / "folder"), {})

    assert [entry.name for entry in tmp_path.iterdir()] == ["folder"]
