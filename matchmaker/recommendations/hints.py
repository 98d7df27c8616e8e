"""Hints to somebody who writes a profile: what is asked about the lines, and the answer for the page's script."""

from typing import Any

from flask import get_template_attribute

from matchmaker.profiles.content import MAX_ITEM_LENGTH, MAX_ITEMS, Content
from matchmaker.recommendations.models import Question


def question_about(content: Content) -> dict[str, Any]:
    """Return the question by meaning about what is written: every line, and which tags are there already."""
    return {
        "offers": _lines(content.offers),
        "needs": _lines(content.needs),
        "tags": {"offers": sorted(content.tags_offered), "needs": sorted(content.tags_needed)},
    }


def _lines(texts: tuple[str, ...]) -> list[str]:
    return [text[:MAX_ITEM_LENGTH] for text in texts[:MAX_ITEMS]]


def as_json(question: Question | None) -> dict[str, Any]:
    """Return what the script shows below the lines and beside the tags; ``finished`` says that this is all."""
    if question is None or not question.is_answered:
        return {"finished": question is None, "lines": [], "tags": {}}
    hint = get_template_attribute("recommendations/_hints.html", "hint")
    lines = [
        {"part": line["part"], "text": line["text"], "html": str(hint(line, question.is_fallback))}
        for line in question.answer.get("lines", [])
    ]
    return {"finished": True, "lines": lines, "tags": question.answer.get("tags", {})}
