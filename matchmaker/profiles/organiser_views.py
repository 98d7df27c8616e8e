"""What organisers see of profiles: how complete they are, each one in full, and all of them as a file."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.events.access import current_event, need_organiser
from matchmaker.profiles import queries
from matchmaker.profiles.completeness import USEFUL, hints
from matchmaker.profiles.exports import profile_columns, profile_rows
from matchmaker.web import Access, export_table, guard, paginate
from matchmaker.web.folding import fold

blueprint = Blueprint("event_profiles", __name__, url_prefix="/events/<slug>/manage/profiles")
guard(blueprint, Access.ORGANISER, need_organiser)


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """List the participants by completeness of their profile, the emptiest first."""
    wanted = queries.by_completeness(
        current_event().id, fold(request.args.get("q", "")), below=USEFUL if request.args.get("only") else None
    )
    page = paginate(wanted)
    ids = [participant.id for participant in page.items]
    profiles, contents = queries.profiles_of(ids), queries.contents(ids)
    next_steps = {key: hints(content)[:1] for key, content in contents.items()}
    average = queries.average_completeness(current_event().id)
    return render_template(
        "profiles/index.html", page=page, profiles=profiles, next_steps=next_steps, average=average, useful=USEFUL
    )


@blueprint.get("/<int:participant_id>")
def show(slug: str, participant_id: int) -> ResponseReturnValue:
    """Show the whole profile of a participant of the event, visible or not."""
    other = queries.participant_in_event(current_event().id, participant_id) or abort(404)
    content = queries.content_of(other)
    return render_template("profiles/show.html", other=other, content=content, hints=hints(content))


@blueprint.get("/export.<form>")
def export(slug: str, form: str) -> ResponseReturnValue:
    """Download the profiles of all active participants."""
    event = current_event()
    return export_table(profile_columns(), profile_rows(event.id), form, _("profiles") + f"-{event.slug}")
