"""The page on which participants write their profile."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.profiles import bridge, queries, services
from matchmaker.profiles.completeness import completeness, hints, rules_as_data
from matchmaker.profiles.forms import ProfileForm
from matchmaker.profiles.language import stop_words
from matchmaker.profiles.signals import hints_asked
from matchmaker.registrations.access import current_participant, need_registration
from matchmaker.web import Access, guard, whole_number

blueprint = Blueprint("profiles", __name__, url_prefix="/events/<slug>/me/profile")
MOST_TAGS = 300  # of the event, offered while one types
guard(blueprint, Access.PARTICIPANT, need_registration)


@blueprint.get("")
def edit(slug: str) -> ResponseReturnValue:
    """Show the form; ``?from=<id>`` fills it from an own profile at an earlier event, and stores nothing."""
    participant = current_participant()
    content = queries.content_of(participant)
    copied = request.args.get("from", type=whole_number)
    if copied is not None:
        content = queries.earlier_content(participant, copied) or abort(404)
    profile = queries.profile_of(participant)
    form = ProfileForm.filled(content, profile.version if profile else 0)
    return _page(form, is_copy=copied is not None)


@blueprint.post("")
def save(slug: str) -> ResponseReturnValue:
    """Store the profile."""
    form = ProfileForm()
    if not form.validate():
        return _page(form, 422)
    participant = current_participant()
    try:
        with transaction():
            services.save(participant, form.content(), _version(form))
    except DomainError as error:
        form.form_errors.append(error.message)
        form.version.raw_data, form.version.data = None, _stored_version()
        return _page(form, error.status)
    flash(_("Your profile is saved."), "success")
    return redirect(url_for("profiles.edit", slug=slug), 303)


@blueprint.post("/never/<int:entry_id>/remove")
def meet_again(slug: str, entry_id: int) -> ResponseReturnValue:
    """Take somebody off the own list of whom one never wants to meet."""
    with transaction():
        found = services.meet_again(current_participant(), entry_id)
    if not found:
        abort(404)
    flash(_("The entry is removed. The next matching run may bring you together again."), "success")
    return redirect(url_for("profiles.edit", slug=slug, _anchor="never"), 303)


def _line_hints() -> dict[tuple[str, str], Any]:
    """What is known about the lines of the stored profile, by part and text."""
    answers = hints_asked.send(current_participant())
    return {(line["part"], line["text"]): line for _receiver, lines in answers for line in lines}


def _version(form: ProfileForm) -> int:
    """The version that the form showed; without a profile the empty one made now counts as seen."""
    if queries.profile_of(current_participant()) is None:
        return services.ensure_profile(current_participant()).version
    return form.version.data or 0


def _stored_version() -> int:
    db.session.rollback()
    profile = queries.profile_of(current_participant())
    return profile.version if profile else 0


def _page(form: ProfileForm, status: int = 200, *, is_copy: bool = False) -> ResponseReturnValue:
    content = form.content()
    page = render_template(
        "profiles/edit.html",
        form=form,
        score=completeness(content),
        hints=hints(content),
        foreign=bridge.foreign_texts(content.texts, current_app.config["SETTINGS"].embedding_model),
        rules=rules_as_data(),
        stop_words={code: sorted(words) for code, words in stop_words().items()},
        earlier=queries.earlier_profiles(current_participant()),
        is_copy=is_copy,
        line_hints=_line_hints(),
        never=queries.never_meets(current_participant()),
        known_tags=queries.tags_of_event(current_participant().event_id)[:MOST_TAGS],
    )
    return page, status
