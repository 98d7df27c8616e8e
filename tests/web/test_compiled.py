"""Compiled templates are shared by the processes of an installation, and nothing depends on them."""

from pathlib import Path

import pytest
from flask import render_template
from jinja2 import FileSystemLoader

from matchmaker.app import create_app


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "texts").mkdir()
    return tmp_path


def page(folder: Path, text: str) -> str:
    """What a process that has just started makes of a template with this text."""
    (folder / "texts" / "page.html").write_text(text, encoding="utf-8")
    app = create_app(instance_dir=str(folder / "instance"), mail="memory", jobs="inline")
    app.jinja_env.loader = FileSystemLoader(folder / "texts")
    with app.test_request_context():
        return render_template("page.html")


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "instance" / "templates").iterdir())


def test_a_second_process_finds_what_the_first_one_compiled(folder):
    page(folder, "{{ 1 + 1 }}")
    before = [(path, path.stat().st_mtime_ns) for path in kept(folder)]

    assert page(folder, "{{ 1 + 1 }}") == "2"
    assert len(before) == 1
    assert [(path, path.stat().st_mtime_ns) for path in kept(folder)] == before


def test_a_changed_template_is_compiled_anew(folder):
    assert [page(folder, text) for text in ("{{ 1 + 1 }}", "{{ 1 + 2 }}")] == ["2", "3"]


def test_a_broken_file_is_compiled_anew(folder):
    page(folder, "{{ 1 + 1 }}")
    kept(folder)[0].write_bytes(b"nonsense")

    assert page(folder, "{{ 1 + 1 }}") == "2"


def test_a_folder_that_can_not_be_written_costs_no_page(folder):
    (folder / "instance").mkdir()
    (folder / "instance" / "templates").write_text("a file where the folder should be")

    assert page(folder, "{{ 1 + 1 }}") == "2"
