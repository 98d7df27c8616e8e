"""Rendering of single macros inside the real application."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask, render_template_string

Render = Callable[..., str]


class Tags(HTMLParser):
    """Every start tag of a text, with its attributes."""

    def __init__(self, text: str) -> None:
        """Read ``text``."""
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of all tags of that name."""
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def render(app: Flask) -> Iterator[Render]:
    """Render a template text in a request for /list?sort=name&q=laser&page=2."""

    def rendered(text: str, **values: Any) -> str:
        return render_template_string(text, **values)

    with app.test_request_context("/list?sort=name&q=laser&page=2"):
        yield rendered
