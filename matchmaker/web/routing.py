"""Addresses: rules of routes that are quick to make."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule that compiles its two builders of addresses when they are first used.

    Werkzeug writes, parses and compiles a piece of Python for each, when the rule is made. With some hundred routes that
    was a seventh of the start of every command, and most commands and jobs build few addresses.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - Werkzeug's signature
        name = "_build_unknown" if append_unknown else "_build"

        def build(rule: LateRule, **values: Any) -> tuple[str, str]:
            compiled = super()._compile_builder(append_unknown).__get__(rule, None)
            setattr(rule, name, compiled)  # from now on without this detour
            return compiled(**values)

        return build


def init_app(app: Flask) -> None:
    """Make the rules of ``app`` from now on late ones."""
    app.url_rule_class = LateRule
