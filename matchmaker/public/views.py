"""Landing page and health."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from matchmaker.clock import now
from matchmaker.public import queries
from matchmaker.web import Access, guard

blueprint = Blueprint("public", __name__)
guard(blueprint, Access.PUBLIC)


@blueprint.get("/")
def landing() -> ResponseReturnValue:
    """Explain the product and lead to events."""
    return render_template("landing.html", events=queries.upcoming_events(), now=now())


@blueprint.get("/health/live")
def live() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return jsonify(status="ok")


@blueprint.get("/health/ready")
def ready() -> ResponseReturnValue:
    """The database answers and its schema is the newest; how long jobs and mails have waited."""
    figures = queries.readiness()
    return jsonify(figures), 200 if figures["status"] == "ok" else 503
