"""Setting meetings up: rules, blocks, places, and making slots. The lists are in ``organiser_list_views``."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from matchmaker.accounts.access import signed_in_user
from matchmaker.db import transaction
from matchmaker.errors import DomainError
from matchmaker.events.access import current_event, need_organiser
from matchmaker.meetings import grids, queries, services
from matchmaker.meetings.errors import Occupied
from matchmaker.meetings.forms import BlockForm, PlaceForm, PlacesForm, SettingsForm
from matchmaker.meetings.models import MeetingBlock, Place
from matchmaker.meetings.services import grid
from matchmaker.web import Access, guard

blueprint = Blueprint("meeting_setup", __name__, url_prefix="/events/<slug>/manage/meetings")
guard(blueprint, Access.ORGANISER, need_organiser)


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """Everything that meetings need before people can book."""
    return _page()


def _page(error: DomainError | None = None, **forms: FlaskForm) -> str:
    event = current_event()
    rules = queries.rules_of(event.id)
    change = services.difference(event)
    return render_template(
        "meeting_setup/index.html",
        settings=forms.get("settings") or SettingsForm.of(rules, event.zone),
        block=forms.get("block") or BlockForm(event, formdata=None),
        places_form=forms.get("places") or PlacesForm(formdata=None),
        blocks=queries.blocks_of(event.id),
        places=queries.places_of(event.id),
        change=change,
        preview=_layout(change),
        slots=len(change.kept) + len(change.gone),
        occupied=sum(queries.occupancy(event.id).values()),
        error=error,
    )


def _layout(change: grid.Difference) -> grids.Grid:
    spells: list[Any] = sorted([*change.kept, *change.new], key=lambda each: each.starts_at)
    return grids.layout(spells, current_event().timezone)


@blueprint.get("/preview")
def preview(slug: str) -> ResponseReturnValue:
    """The grid that the values typed so far would give, as a fragment of the page."""
    event = current_event()
    rules = queries.rules_of(event.id)
    length = _between(request.args.get("slot_minutes", rules.slot_minutes, type=int), 5, 240)
    gap = _between(request.args.get("gap_minutes", rules.gap_minutes, type=int), 0, 120)
    change = services.difference(
        event, grid.cut([*queries.blocks_of(event.id), *_typed_block()], event.zone, length, gap)
    )
    return render_template("meeting_setup/_preview.html", change=change, preview=_layout(change), draft=True)


def _between(number: int, low: int, high: int) -> int:
    return max(low, min(high, number))


def _typed_block() -> list[MeetingBlock]:
    """The block that is being typed, if it is complete and on a day of the event."""
    event = current_event()
    form = BlockForm(event, formdata=request.args, meta={"csrf": False})
    if not form.validate():
        return []
    wanted = form.block()
    return [MeetingBlock(event_id=event.id, day=wanted.day, starts=wanted.starts, ends=wanted.ends)]


@blueprint.post("/settings")
def save_settings(slug: str) -> ResponseReturnValue:
    """Store the rules."""
    form = SettingsForm()
    if not form.validate():
        return _page(settings=form), 422
    try:
        with transaction():
            event = current_event()
            services.save_settings(event, form.settings(event), int(form.version.data or 0), signed_in_user())
    except DomainError as error:
        _put_back(form, error)
        form.version.data = str(queries.rules_of(current_event().id).version)
        return _page(settings=form), error.status
    return _done(_("The settings are saved. Make the slots anew if lengths changed."))


@blueprint.post("/blocks")
def add_block(slug: str) -> ResponseReturnValue:
    """Add a block."""
    form = BlockForm(current_event())
    if not form.validate():
        return _page(block=form), 422
    try:
        with transaction():
            services.add_block(current_event(), form.block(), signed_in_user())
    except DomainError as error:
        _put_back(form, error)
        return _page(block=form), error.status
    return _done(_("The block is added. Make the slots to use it."))


def _block(block_id: int) -> MeetingBlock:
    return queries.block_in_event(current_event().id, block_id) or abort(404)


@blueprint.route("/blocks/<int:block_id>", methods=["GET", "POST"])
def edit_block(slug: str, block_id: int) -> ResponseReturnValue:
    """Change day or hours of a block."""
    block = _block(block_id)
    form = BlockForm(current_event(), data={"day": block.day.isoformat(), "starts": block.starts, "ends": block.ends})
    if request.method == "GET":
        return render_template("meeting_setup/block.html", form=form, block=block)
    if not form.validate():
        return render_template("meeting_setup/block.html", form=form, block=block), 422
    try:
        with transaction():
            services.edit_block(_block(block_id), form.block(), signed_in_user())
    except DomainError as error:
        _put_back(form, error)
        return render_template("meeting_setup/block.html", form=form, block=_block(block_id)), error.status
    return _done(_("The block is changed. Make the slots to use it."))


@blueprint.post("/blocks/<int:block_id>/remove")
def remove_block(slug: str, block_id: int) -> ResponseReturnValue:
    """Remove a block; its slots stay until they are made anew."""
    with transaction():
        services.remove_block(_block(block_id), signed_in_user())
    return _done(_("The block is removed. Make the slots anew to remove its slots."))


@blueprint.post("/slots")
def make_slots(slug: str) -> ResponseReturnValue:
    """Make the slots anew from blocks and lengths."""
    try:
        with transaction():
            change = services.make_slots(current_event(), signed_in_user())
    except Occupied as error:
        return _page(error), error.status
    facts = {"new": len(change.new), "gone": len(change.gone), "kept": len(change.kept)}
    return _done(_("Slots made: %(new)s new, %(kept)s kept, %(gone)s removed.", **facts))


@blueprint.post("/places")
def add_places(slug: str) -> ResponseReturnValue:
    """Add several tables or online rooms."""
    form = PlacesForm()
    if not form.validate():
        return _page(places=form), 422
    try:
        with transaction():
            services.add_places(current_event(), form.kind.data, form.count.data, form.prefix.data, signed_in_user())
    except DomainError as error:
        _put_back(form, error)
        return _page(places=form), error.status
    return _done(_("The places are added."))


def _place(place_id: int) -> Place:
    return queries.place_in_event(current_event().id, place_id) or abort(404)


@blueprint.route("/places/<int:place_id>", methods=["GET", "POST"])
def edit_place(slug: str, place_id: int) -> ResponseReturnValue:
    """Give a place another name or link."""
    form = PlaceForm(obj=_place(place_id))
    if request.method == "GET":
        return render_template("meeting_setup/place.html", form=form, place=_place(place_id))
    if not form.validate():
        return render_template("meeting_setup/place.html", form=form, place=_place(place_id)), 422
    try:
        with transaction():
            services.rename_place(_place(place_id), form.name.data, form.join_link.data or "", signed_in_user())
    except DomainError as error:
        _put_back(form, error)
        return render_template("meeting_setup/place.html", form=form, place=_place(place_id)), error.status
    return _done(_("The place is saved."))


@blueprint.post("/places/<int:place_id>/remove")
def remove_place(slug: str, place_id: int) -> ResponseReturnValue:
    """Remove a place that no coming meeting uses."""
    try:
        with transaction():
            services.remove_place(_place(place_id), signed_in_user())
    except Occupied as error:
        return _page(error), error.status
    return _done(_("The place is removed."))


def _put_back(form: FlaskForm, error: DomainError) -> None:
    """Show a refusal where it belongs: at its field, else above the form."""
    field = form._fields.get(error.field or "")
    if field is None:
        form.form_errors.append(error.message)
    else:
        field.errors = [*field.errors, error.message]


def _done(message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("meeting_setup.index", slug=current_event().slug), 303)
