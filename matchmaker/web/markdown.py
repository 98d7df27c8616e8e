"""Markdown of organisers and participants, shown safely: markdown-it-py without HTML, then nh3. Nothing else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import Flask
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Built once: the page around it has h1 and h2, so that headings of a text start at h3.
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    return parser.disable("image")


def render_markdown(text: str | None) -> Markup:
    """Return Markdown as safe HTML: no HTML of its own, no images, links only to http, https and mailto."""
    import nh3

    tokens = _parser().parse(text or "")
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html = _parser().renderer.render(tokens, _parser().options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"},
                      link_rel="nofollow noopener noreferrer")  # fmt: skip
    return Markup(clean)  # noqa: S704 - nh3 has just cleaned it


def init_app(app: Flask) -> None:
    """Register the filter ``markdown``."""
    app.add_template_filter(render_markdown, "markdown")
