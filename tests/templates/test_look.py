"""What holds for every template and style sheet: contrasts, the content policy, known icons."""

import re
from pathlib import Path

import pytest

from tests.templates.conftest import Render

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MAILS = {"mail", "mail.html", "_mail.html", "letter.html"}  # read in mail programs: their style is in the text
PAGES = [path for path in TEMPLATES if MAILS.isdisjoint(path.parts)]
TOKENS = (ROOT / "static/css/tokens.css").read_text()
STATES = ["good", "wait", "bad", "info", "quiet"]
TEXTS = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "brand", "bad") for ground in ("paper", "surface")],
    *[(state, f"{state}-soft") for state in STATES],
    *[("ink", f"{state}-soft") for state in STATES],
    ("ink", "surface-sunk"), ("ink-soft", "surface-sunk"), ("on-brand", "brand"), ("on-brand", "brand-strong"),
    ("surface", "bad"), ("surface", "bad-strong"), ("brand-strong", "brand-soft"), ("ink", "brand-soft"),
    ("band-ink", "band"), ("band-soft", "band"),
]  # fmt: skip
SHAPES = [
    ("line-strong", "surface"),
    ("line-strong", "paper"),
    ("brand", "surface"),
    ("focus", "paper"),
    ("sun", "band"),
]


def colours(theme: str) -> dict[str, str]:
    """Names and values of the colours of a theme."""
    block = next(part for part in TOKENS.split("}") if f'[data-bs-theme="{theme}"]' in part.split("{")[0])
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_has_the_contrast_of_level_aa(theme: str, ink: str, ground: str) -> None:
    named = colours(theme)

    assert contrast(named[ink], named[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_and_signs_have_the_contrast_of_level_aa(theme: str, shape: str, ground: str) -> None:
    named = colours(theme)

    assert contrast(named[shape], named[ground]) >= 3


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_no_inline_style_script_or_handler(path: Path) -> None:
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", path.read_text(), flags=re.DOTALL)

    assert re.findall(r"\sstyle=|<style|\son[a-z]+=\"|javascript:|<script(?![^>]*\ssrc=)", text) == []


def test_no_style_sheet_loads_anything_from_elsewhere() -> None:
    found = [
        path.name
        for path in (ROOT / "static/css").glob("*.css")
        if re.search(r"@import|url\(|https?:", path.read_text())
    ]

    assert found == []


def test_every_icon_used_exists(render: Render) -> None:
    names = set(render("{% from '_macros/icons.html' import icon_names %}{{ icon_names | join(' ') }}").split())
    used = {name for path in PAGES for name in re.findall(r"icon\(\"([\w-]+)\"", path.read_text())}

    assert used - names == set()


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_an_error_page_says_what_happened(render: Render, status: int) -> None:
    text = render(f"{{% include 'errors/{status}.html' %}}")

    assert f"Error {status}" in text
    assert text.count("<h1>") == 1


def test_an_error_page_prefers_the_message_of_the_case(render: Render) -> None:
    text = render("{% include 'errors/409.html' %}", message="Table 4 is taken at 10:20.")

    assert "Table 4 is taken at 10:20." in text
