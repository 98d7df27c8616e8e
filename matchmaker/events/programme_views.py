"""Pages of cooperation projects: the list and the programme of one. Here because a programme is made of events."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from matchmaker.accounts.access import optional_user
from matchmaker.clock import now
from matchmaker.events.programme import programme
from matchmaker.projects import queries
from matchmaker.web import Access, guard

blueprint = Blueprint("projects", __name__, url_prefix="/projects")
guard(blueprint, Access.PUBLIC)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Every cooperation project."""
    return render_template("events/projects.html", projects=queries.projects())


@blueprint.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """The programme of one project."""
    project = queries.project_by_slug(slug) or abort(404)
    return render_template("events/programme.html", programme=programme(project, optional_user()), today=now().date())
