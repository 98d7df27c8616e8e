"""Pages of organisers about participants: list, bulk decisions, export, one participant."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.accounts.access import signed_in_user
from matchmaker.audit import wording
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.events.access import current_event, need_organiser
from matchmaker.registrations import queries, services
from matchmaker.registrations.exports import COLUMNS
from matchmaker.registrations.facts import facts_about
from matchmaker.registrations.forms import ReasonForm
from matchmaker.registrations.naming import STATES
from matchmaker.vocabulary import terms
from matchmaker.web import Access, export_table, guard, paginate, safe_next, whole_numbers

blueprint = Blueprint("participants", __name__, url_prefix="/events/<slug>/manage/participants")
guard(blueprint, Access.ORGANISER, need_organiser)
MOST_AT_ONCE = 500


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """All registrations, narrowed by filters in the address."""
    return _list(ReasonForm(formdata=None))


def _list(form: ReasonForm, selected: list[int] | None = None) -> str:
    event, chosen = current_event(), _chosen()
    page = paginate(queries.listed(event.id, chosen))
    return render_template(
        "registrations/participants.html", page=page, chosen=chosen, counts=queries.state_counts(event.id),
        countries=queries.countries(event.id), states=STATES, kinds=terms("organisation_kinds"), form=form,
        selected=selected or [],
    )  # fmt: skip


@blueprint.post("")
def decide_many(slug: str) -> ResponseReturnValue:
    """Decide about the selected participants."""
    event_id, form = current_event().id, ReasonForm()
    ids, action = _selected(), request.form.get("action", "")
    if not ids or action not in services.ACTIONS or not form.validate():
        if not ids:
            form.form_errors.append(_("Select at least one participant."))
        return _list(form, ids), 422
    with transaction():
        result = services.decide_many(event_id, ids, action, signed_in_user(), form.reason.data or "")
    _tell(result)
    return redirect(safe_next(request.full_path, url_for("participants.index", slug=slug)), 303)


def _tell(result: services.BulkResult) -> None:
    if result.done:
        flash(ngettext("Done for one participant.", "Done for %(num)s participants.", result.done), "success")
    for name, why in result.refused[:5]:
        flash(f"{name}: {why}", "warning")
    more = len(result.refused) - 5
    if more > 0:
        flash(ngettext("The same goes for one more.", "The same goes for %(num)s more.", more), "warning")


@blueprint.get("/export.<any(csv, xlsx):form>")
def export(slug: str, form: str) -> Response:
    """The list as shown, all pages, as a file."""
    event = current_event()
    rows = db.session.scalars(queries.listed(event.id, _chosen()))
    return export_table(COLUMNS, rows, form, f"{event.slug}-participants")


@blueprint.get("/<int:participant_id>")
def show(slug: str, participant_id: int) -> ResponseReturnValue:
    """One participant: registration, what other capabilities know, history."""
    return _page(participant_id, ReasonForm(formdata=None))


def _page(participant_id: int, form: ReasonForm) -> str:
    participant = queries.participant(current_event().id, participant_id)
    actions = [name for name, (_verb, states) in services.ACTIONS.items() if participant.state in states]
    return render_template(
        "registrations/participant.html", person=participant, facts_known=facts_about(participant), form=form,
        actions=actions, history=queries.history(participant), changes_of=changes_of,
        sentence=wording.sentence,
    )  # fmt: skip


@blueprint.post("/<int:participant_id>/<any(approve, decline, wait, check_in, undo_check_in):action>")
def decide(slug: str, participant_id: int, action: str) -> ResponseReturnValue:
    """Decide about one participant."""
    event_id, form = current_event().id, ReasonForm()
    if not form.validate():
        return _page(participant_id, form), 422
    try:
        with transaction():
            services.decide(event_id, participant_id, action, signed_in_user(), form.reason.data or "")
    except DomainError as error:
        if error.status == 404:
            raise
        db.session.rollback()
        form.form_errors.append(error.message)
        return _page(participant_id, form), error.status
    flash(_("The registration is changed."), "success")
    return redirect(url_for("participants.show", slug=slug, participant_id=participant_id), 303)


def changes_of(entry: Any) -> str:
    """Return the changes of an audit entry in words: ``pending → confirmed``, and the reason."""
    state, reason = entry.changes.get("state"), entry.changes.get("reason", "")
    words = [str(STATES.get(s, s)) for s in state] if isinstance(state, list) else [str(STATES.get(state, state or ""))]
    return ". ".join(text for text in (" → ".join(words), reason) if text)


def _selected() -> list[int]:
    return whole_numbers(request.form.getlist("ids"))[:MOST_AT_ONCE]


def _chosen() -> queries.ParticipantFilter:
    arguments = request.args
    return queries.ParticipantFilter(
        text=arguments.get("q", "").replace("\x00", "").strip()[:200],
        state=arguments.get("state", "") if arguments.get("state", "") in STATES else "",
        organisation_kind=arguments.get("kind", "") if arguments.get("kind", "") in terms("organisation_kinds") else "",
        country=arguments.get("country", "").replace("\x00", "")[:2],
        sort=arguments.get("sort", "name") if arguments.get("sort", "").lstrip("-") in queries.SORTS else "name",
    )
