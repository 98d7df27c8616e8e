"""Pages of participants: why a meeting did not come about, and why one has fewer than others."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from matchmaker.meetings.models import RequestState
from matchmaker.meetings.queries import request_for
from matchmaker.registrations.access import current_participant, need_participant
from matchmaker.scheduling import why
from matchmaker.web import Access, guard

blueprint = Blueprint("why", __name__, url_prefix="/events/<slug>/me/why")


def need_open() -> None:
    """Without a published plan, or where the organiser gives no reasons, there are none of these pages."""
    if not why.is_open(current_participant().event):
        abort(404)


guard(blueprint, Access.PARTICIPANT, need_participant, need_open)


@blueprint.get("")
def compare(slug: str) -> ResponseReturnValue:
    """Own meetings beside those of everybody, without names."""
    return render_template("scheduling/why_fewer.html", comparison=why.compare(current_participant()))


@blueprint.get("/<int:request_id>")
def show(slug: str, request_id: int) -> ResponseReturnValue:
    """Why one accepted request has no meeting."""
    me = current_participant()
    asked = request_for(me, request_id)
    if asked is None or asked.state != RequestState.ACCEPTED:
        abort(404)
    answer = why.answer(me, asked) or abort(404)
    return render_template("scheduling/why.html", answer=answer)
