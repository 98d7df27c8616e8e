"""Signing in with one click as one of the made-up people. Exists only in demo mode."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from matchmaker.accounts import queries, sessions
from matchmaker.accounts.views import start_page
from matchmaker.db import transaction
from matchmaker.web import Access, guard, safe_next

DATA = Path(__file__).resolve().parent / "data" / "accounts.json"
blueprint = Blueprint("demo", __name__)


def only_in_demo() -> None:
    """Answer 404 in any other installation."""
    if not current_app.config["SETTINGS"].is_demo:
        abort(404)


guard(blueprint, Access.PUBLIC, only_in_demo)


@cache
def _offered() -> list[dict[str, Any]]:
    try:
        data = json.loads(DATA.read_text(encoding="utf-8"))
    except FileNotFoundError:  # the data are not installed
        return []
    return [account for account in data["accounts"] if account.get("one_click")]


def accounts() -> list[dict[str, str]]:
    """Return the people of the demo whom anybody may be: ``email``, ``name``, ``label``; only those with an account here."""
    offered = _offered()
    names = queries.active_names([account["email"] for account in offered])
    return [
        {"email": account["email"], "name": names[account["email"]], "label": account["label"]}
        for account in offered
        if account["email"] in names
    ]


@blueprint.post("/account/demo-sign-in")
def sign_in() -> ResponseReturnValue:
    """Sign in as one of the people offered, and nobody else."""
    email = request.form.get("email", "")
    if email not in {account["email"] for account in accounts()}:
        abort(404)
    with transaction():
        user = queries.user_by_email(email) or abort(404)
        sessions.sign_in(user)
    return redirect(safe_next(request.form.get("next"), start_page()), 303)


def init_app(app: Flask) -> None:
    """Register the page; the sign-in page finds the list as ``demo_accounts``."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["demo_accounts"] = accounts
