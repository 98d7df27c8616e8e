"""Attributes of templates stay apart: Jinja drops the line break after a block, so the blank must stand inside it."""

import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "templates").rglob("*.html"))
TAG = re.compile(r"<[a-z][^<>]*?(?:\{[%{].*?[%}]\}[^<>]*?)*>", re.DOTALL)
GLUED = re.compile(r"[^\s%}]\{% endif %\}[ \t]*\n[ \t]*\{%")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_attribute_grows_together_with_the_next_one(template: Path) -> None:
    source = template.read_text(encoding="utf-8")

    assert [tag for tag in TAG.findall(source) if GLUED.search(tag)] == []


def test_a_tag_with_glued_attributes_would_be_found() -> None:
    tag = TAG.findall("<input\n  {% if a %}checked{% endif %}\n  {% if b > 1 %}required{% endif %}>")

    assert [bool(GLUED.search(each)) for each in tag] == [True]
