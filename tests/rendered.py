"""Counts the templates that the tests render. After a whole run on all tests, one that nothing rendered is a failure.

Also with several test processes: each tells the first what it saw. Parts of the suite and failed runs are not judged.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
from flask.templating import Environment
from jinja2.runtime import Context

FOLDER = Path(__file__).resolve().parent.parent / "templates"
SEEN: set[str] = set()


class CountedTemplate(jinja2.Template):
    """A template that notes its name when it is rendered, also when another extends, includes or imports it."""

    @classmethod
    def _from_namespace(cls, environment: Any, namespace: Any, globals: Any) -> jinja2.Template:  # noqa: A002 - Jinja's name
        template = super()._from_namespace(environment, namespace, globals)
        render = template.root_render_func

        def counted(context: Context) -> Iterator[str]:
            SEEN.add(template.name or "")
            yield from render(context)

        template.root_render_func = counted  # type: ignore[method-assign]
        return template


Environment.template_class = CountedTemplate  # of every application that a test makes


def unseen() -> list[str]:
    """Return the templates of ours that nothing rendered."""
    return sorted({str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.*")} - SEEN)


def pytest_testnodedown(node: Any) -> None:
    """Take over what another test process saw."""
    SEEN.update(getattr(node, "workeroutput", {}).get("templates", ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the first process what was seen; there, fail a whole run that left templates out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["templates"] = sorted(SEEN)
    elif is_whole_run(session.config) and session.exitstatus == pytest.ExitCode.OK and unseen():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    """Name the templates that were left out."""
    if is_whole_run(config) and exitstatus == pytest.ExitCode.OK and unseen():
        terminalreporter.section("templates that no test renders")
        for name in unseen():
            terminalreporter.line(name)


def is_whole_run(config: pytest.Config) -> bool:
    """Whether all tests were asked for."""
    narrowing = ("keyword", "markexpr", "ignore", "lf", "deselect", "collectonly")
    asked_for = config.invocation_params.args
    named = [arg for arg in map(str, asked_for) if arg.startswith("tests")]
    return not named and not any(config.getoption(name, None) for name in narrowing)
