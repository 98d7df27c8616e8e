"""The agenda editor of organisers."""

from itertools import pairwise

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.exc import StaleDataError

from matchmaker.accounts.access import signed_in_user
from matchmaker.agenda import exports, queries, services, usual
from matchmaker.agenda.conflicts import Clash, clashes
from matchmaker.agenda.errors import ChangedMeanwhile
from matchmaker.agenda.forms import PublishForm, RoomForm, SessionForm
from matchmaker.agenda.grid import days
from matchmaker.agenda.models import AgendaSession
from matchmaker.db import transaction
from matchmaker.errors import DomainError
from matchmaker.events.access import current_event, need_organiser
from matchmaker.web import Access, guard

blueprint = Blueprint("agenda_editor", __name__, url_prefix="/events/<slug>/manage/agenda")
guard(blueprint, Access.ORGANISER, need_organiser)
STALE = _l("Somebody else changed this session meanwhile. Your input is still here: compare, then save again.")


def _session(session_id: int) -> AgendaSession:
    session = queries.session_of(current_event().id, session_id)
    if session is None:
        abort(404)
    return session


def _back() -> ResponseReturnValue:
    return redirect(url_for("agenda_editor.index", slug=current_event().slug), 303)


def _index(room_form: RoomForm, publish_form: PublishForm, status: int = 200) -> ResponseReturnValue:
    event = current_event()
    sessions, rooms = queries.sessions_of(event.id), queries.rooms_of(event.id)
    version, items = queries.newest_version(event.id), [queries.item_of(session) for session in sessions]
    content = [queries.as_data(item) for item in items]
    page = render_template(
        "agenda/editor.html", days=days(items, event.timezone, [room.name for room in rooms]), items=items, rooms=rooms,
        clashes=clashes(event, sessions), version=version, room_form=room_form, publish_form=publish_form,
        differences=services.differences(version.content, content) if version else None,
        is_published=bool(version and version.content == content), counts=queries.sign_up_counts(event.id),
        usual=usual.sessions(event),
    )  # fmt: skip
    return page, status


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """The draft as a grid by day and room, with its clashes."""
    return _index(RoomForm(formdata=None), PublishForm(formdata=None))


@blueprint.get("/versions")
def versions(slug: str) -> ResponseReturnValue:
    """Every published version and what it changed."""
    found = list(queries.versions_of(current_event().id))
    changes = [services.differences(older.content, newer.content) for newer, older in pairwise(found)] + [None]
    return render_template("agenda/versions.html", versions=list(zip(found, changes, strict=False)))


@blueprint.get("/draft.<form>")
def export(slug: str, form: str) -> ResponseReturnValue:
    """Download the draft as a table."""
    event = current_event()
    return exports.agenda(event, [queries.item_of(session) for session in queries.sessions_of(event.id)], form)


@blueprint.route("/sessions/new", methods=["GET", "POST"])
def new(slug: str) -> ResponseReturnValue:
    """Add a session."""
    event = current_event()
    form = SessionForm.for_event(event, list(queries.rooms_of(event.id)))
    if not form.validate_on_submit():
        return render_template("agenda/session.html", form=form, session=None), 422 if form.is_submitted() else 200
    with transaction():
        session = services.add_session(event, form.values(), signed_in_user())
    flash(_("“%(title)s” is on the draft agenda.", title=session.title), "success")
    return _back()


@blueprint.route("/sessions/<int:session_id>", methods=["GET", "POST"])
def edit(slug: str, session_id: int) -> ResponseReturnValue:
    """Change a session."""
    event = current_event()
    form = SessionForm.for_event(event, list(queries.rooms_of(event.id)), _session(session_id))
    if not form.validate_on_submit():
        return _edit_page(form, session_id), 422 if form.is_submitted() else 200
    try:
        with transaction():
            session = _session(session_id)
            if form.version.data != str(session.version):
                raise ChangedMeanwhile(STALE)
            services.change_session(session, form.values(), signed_in_user())
    except (DomainError, StaleDataError) as error:
        form.form_errors.append(getattr(error, "message", STALE))
        form.version.data = str(_session(session_id).version)
        return _edit_page(form, session_id), getattr(error, "status", 409)
    flash(_("“%(title)s” is changed in the draft.", title=session.title), "success")
    return _back()


def _edit_page(form: SessionForm, session_id: int) -> str:
    session = _session(session_id)
    return render_template(
        "agenda/session.html", form=form, session=session, clashes=_clashes_of(session),
        sign_ups=queries.sign_ups_of(session.id),
    )  # fmt: skip


@blueprint.get("/sessions/<int:session_id>/sign-ups.<form>")
def sign_ups(slug: str, session_id: int, form: str) -> ResponseReturnValue:
    """Download who has signed up for a session."""
    session = _session(session_id)
    return exports.sign_ups(current_event(), session, queries.sign_ups_of(session.id), form)


def _clashes_of(session: AgendaSession) -> list[Clash]:
    event = current_event()
    return [clash for clash in clashes(event, queries.sessions_of(event.id)) if session.id in clash.sessions]


@blueprint.post("/sessions/<int:session_id>/remove")
def remove(slug: str, session_id: int) -> ResponseReturnValue:
    """Remove a session from the draft."""
    with transaction():
        session = _session(session_id)
        title = session.title
        services.remove_session(session, signed_in_user())
    flash(_("“%(title)s” is removed from the draft.", title=title), "success")
    return _back()


@blueprint.post("/rooms")
def add_room(slug: str) -> ResponseReturnValue:
    """Add a room."""
    form = RoomForm()
    if not form.validate_on_submit():
        return _index(form, PublishForm(formdata=None), 422)
    try:
        with transaction():
            services.add_room(current_event(), (form.name.data or "").strip(), form.capacity.data, signed_in_user())
    except DomainError as error:
        form.name.errors = [error.message]
        return _index(form, PublishForm(formdata=None), error.status)
    return _back()


@blueprint.post("/rooms/<int:room_id>/remove")
def remove_room(slug: str, room_id: int) -> ResponseReturnValue:
    """Remove a room; its sessions stay."""
    with transaction():
        room = queries.room_of(current_event().id, room_id) or abort(404)
        services.remove_room(room, signed_in_user())
    flash(_("The room is removed; its sessions have no room now."), "success")
    return _back()


@blueprint.post("/usual")
def start_from_usual(slug: str) -> ResponseReturnValue:
    """Fill an empty draft with the usual sessions of this kind of event."""
    event = current_event()
    with transaction():
        count = services.start_from_usual(event, usual.sessions(event), signed_in_user())
    flash(_("%(count)s sessions are on the draft agenda. Change them as you like.", count=count), "success")
    return _back()


@blueprint.post("/publish")
def publish(slug: str) -> ResponseReturnValue:
    """Show the draft to participants as the next version."""
    form = PublishForm()
    if not form.validate_on_submit():
        return _index(RoomForm(formdata=None), form, 422)
    try:
        with transaction():
            number = services.publish(current_event(), form.note.data or "", signed_in_user()).number
    except DomainError as error:
        form.form_errors.append(error.message)
        return _index(RoomForm(formdata=None), form, error.status)
    flash(_("Version %(number)s of the agenda is published.", number=number), "success")
    return _back()
