"""Rules of the house that hold for every part of it."""

import ast
import dataclasses
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from matchmaker.settings import PREFIX, Settings
from matchmaker.web import ACCESS, Access

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("matchmaker", "matching")
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
SOURCES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEPENDENCIES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
# Loaded when they are used; each would make every command and every test wait.
LATE = (
    *(
        "torch",
        "sentence_transformers",
        "ortools",
        "numpy",
        "scipy",
        "numba",
        "matching.scheduling",
        "matching.profiles",
    ),
    *("alembic", "sqlalchemy.dialects.postgresql", "psycopg", "redis", "rq", "limits", "rich"),
    *("openpyxl", "icalendar", "segno", "markdown_it", "nh3", "argon2", "smtplib", "email.policy"),
)
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_VIEW = 300, 40, 20


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions_of(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]


def test_every_module_has_at_most_300_lines() -> None:
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}

    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_every_function_has_at_most_40_lines_and_every_view_far_fewer() -> None:
    found = []
    for path in SOURCES:
        for function in functions_of(path):
            is_view = path.name.endswith("views.py") and any(_is_route(node) for node in function.decorator_list)
            size = (function.end_lineno or 0) - function.lineno + 1
            if size > (LONGEST_VIEW if is_view else LONGEST_FUNCTION):
                found.append(f"{name_of(path)}:{function.lineno} {function.name}: {size}")

    assert found == []


def _is_route(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("get", "post", "route")
    )


def test_every_setting_is_in_the_readme_with_its_sentence() -> None:
    missing = [
        setting.name
        for setting in dataclasses.fields(Settings)
        if f"`{PREFIX}{setting.name.upper()}`" not in README or setting.metadata["sentence"] not in README
    ]

    assert missing == []


def test_every_access_rule_is_used() -> None:
    assert set(ACCESS.values()) <= set(Access)


def test_starting_the_application_imports_nothing_slow() -> None:
    code = f"import sys, wsgi; print([name for name in {LATE!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_no_extension_brings_a_command_line_of_its_own_to_each_command() -> None:
    ours = {re.split(r"[\[<>=]", requirement)[0] for requirement in DEPENDENCIES}
    plugins = {each.dist.name.lower() for each in entry_points(group="flask.commands") if each.dist}

    assert ours & plugins == set()


def test_imports_go_down_only() -> None:
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_every_template_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [*SOURCES, *TEMPLATES]]
    everything = "\n".join(texts)
    unused = []
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT / "templates"))
        stem = path.stem
        parent = str(path.parent.relative_to(ROOT / "templates"))
        by_name = name in everything
        by_part = (parent.endswith("mail") and f'"{stem}"' in everything) or f"{parent}/{stem}" in everything
        if not (by_name or by_part or parent == "errors"):
            unused.append(name)

    assert unused == []


def words_outside_gettext(path: Path) -> list[str]:
    """Words that a person would read and that no translator would ever see."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(path.read_text(encoding="utf-8"))
    text = " ".join(
        node.data
        for output in tree.find_all(nodes.Output)
        for node in output.nodes
        if isinstance(node, nodes.TemplateData)
    )
    without_tags = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]*>?|^[^<>]*>|&\w+;", " ", text, flags=re.DOTALL)
    return re.findall(r"[A-Za-z]{4,}", without_tags)


PROPER_NAMES = {"Matchmaker", "Google", "Outlook", "Microsoft", "webcal"}
PARTS_OF_IDS = {"count", "error", "help"}


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.suffix in (".html", ".txt")], ids=lambda path: path.stem
)
def test_a_template_says_nothing_that_can_not_be_translated(path: Path) -> None:
    assert set(words_outside_gettext(path)) <= PROPER_NAMES | PARTS_OF_IDS
