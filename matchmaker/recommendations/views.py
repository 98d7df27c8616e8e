"""What participants see of matching: their partners, who looks for what they offer, the directory, one other in full."""

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.db import transaction
from matchmaker.profiles import queries as profiles
from matchmaker.profiles.forms import ProfileForm
from matchmaker.recommendations import bridge, meaning, queries, services
from matchmaker.recommendations import directory as listing
from matchmaker.recommendations.exports import seeker_columns
from matchmaker.recommendations.forms import FeedbackForm, UndoForm
from matchmaker.recommendations.hints import as_json, question_about
from matchmaker.recommendations.models import FeedbackKind, Question, QuestionKind
from matchmaker.recommendations.selection import Selection
from matchmaker.registrations.access import current_participant, need_participant
from matchmaker.registrations.models import Participant
from matchmaker.web import Access, export_table, guard, paginate, safe_next

blueprint = Blueprint("recommendations", __name__, url_prefix="/events/<slug>/me")
guard(blueprint, Access.PARTICIPANT, need_participant)
PER_PAGE = 24


@blueprint.get("/partners")
def index(slug: str) -> ResponseReturnValue:
    """Show the recommended partners, or what is missing for there to be some."""
    me = current_participant()
    selection, all_partners = Selection.read(request.args), queries.suggestions(me)
    aside = {kind: sum(p.set_aside == kind for p in all_partners) for kind in FeedbackKind}
    return render_template(
        "recommendations/index.html",
        partners=selection.of(all_partners),
        all_partners=all_partners,
        selection=selection,
        aside=aside,
        just_set_aside=_just_set_aside(all_partners),
        mine=profiles.content_of(me),
        profile=profiles.profile_of(me),
        run=queries.newest_finished_run(me.event_id),
    )


def _just_set_aside(partners: list[queries.Partner]) -> queries.Partner | None:
    """The partner named in the address by the redirect after setting it aside: the page offers to undo that."""
    chosen = request.args.get("aside", type=int)
    return next((p for p in partners if p.person.id == chosen and p.set_aside), None)


@blueprint.get("/partners/seekers")
def seekers(slug: str) -> ResponseReturnValue:
    """Show who looks for what the participant offers, offer by offer."""
    me = current_participant()
    mine = profiles.content_of(me)
    return render_template(
        "recommendations/seekers.html",
        seekers=queries.seekers(me, mine.offers),
        mine=mine,
        profile=profiles.profile_of(me),
        run=queries.newest_finished_run(me.event_id),
    )


@blueprint.get("/partners/seekers.<form>")
def export_seekers(slug: str, form: str) -> ResponseReturnValue:
    """Download who looks for what the participant offers."""
    me = current_participant()
    found = queries.seekers(me, profiles.content_of(me).offers)
    rows = [(offer, seeker) for offer, seekers in found.items() for seeker in seekers]
    return export_table(seeker_columns(), rows, form, _("who-looks-for-what-i-offer") + f"-{slug}")


@blueprint.get("/partners/<int:participant_id>")
def participant(slug: str, participant_id: int) -> ResponseReturnValue:
    """Show another participant in full with why the two fit; one's own page as others see it."""
    me = current_participant()
    is_me = participant_id == me.id
    person = me if is_me else _other(participant_id)
    partner = queries.as_partners(me, [person])[0]
    mine = profiles.content_of(me)
    run = queries.newest_finished_run(me.event_id)
    return render_template(
        "recommendations/participant.html",
        partner=partner,
        mine=mine,
        is_me=is_me,
        run=run,
        similar=_similar(me, person),
        why_not=bridge.why_not(me, person, run) if run and not is_me and not partner.fit else (),
        places=run.places if run else 0,
    )


def _similar(me: Participant, person: Participant) -> queries.Similar:
    """Who offers the same as ``person``; the question is asked when the page is first opened."""
    question = _asked(me, QuestionKind.SIMILAR, {"of": person.id})
    hits = queries.hits_of(question)
    people = queries.listed_people(me.event_id, hits)
    return queries.Similar(
        question, [(each, hits[each.id]) for each in sorted(people, key=lambda p: -hits[p.id].chance)]
    )


@blueprint.post("/partners/<int:participant_id>/feedback")
def set_aside(slug: str, participant_id: int) -> ResponseReturnValue:
    """Set a recommendation aside: not relevant, or later."""
    form, other = FeedbackForm(), _other(participant_id)
    if not form.validate():
        abort(422)
    with transaction():
        services.set_aside(current_participant(), other, form.kind.data)
    return redirect(url_for("recommendations.index", slug=slug, aside=other.id), 303)


@blueprint.post("/partners/<int:participant_id>/undo")
def take_back(slug: str, participant_id: int) -> ResponseReturnValue:
    """Put a recommendation back into the list."""
    form, other = UndoForm(), _other(participant_id)
    with transaction():
        services.take_back(current_participant(), other)
    flash(_("%(name)s is back in your list.", name=other.display_name), "success")
    return redirect(safe_next(form.next.data, url_for("recommendations.index", slug=slug)), 303)


@blueprint.post("/partners/<int:participant_id>/never")
def never_meet(slug: str, participant_id: int) -> ResponseReturnValue:
    """Never meet another participant, nor anybody of the same organisation; nobody else learns of it."""
    other = _other(participant_id)
    with transaction():
        services.never_meet(current_participant(), other)
    flash(_("You and %(name)s are kept apart. Nobody else can see this.", name=_side_of(other)), "success")
    return redirect(url_for("recommendations.index", slug=slug), 303)


def _side_of(other: Participant) -> str:
    return other.organisation.name if other.organisation else other.display_name


@blueprint.get("/directory")
def directory(slug: str) -> ResponseReturnValue:
    """Search all visible participants, by words and by meaning."""
    me = current_participant()
    search = listing.Search.read(request.args)
    question = _asked(me, QuestionKind.SEARCH, {"text": search.text, "where": search.within}) if search.text else None
    hits = queries.hits_of(question)
    page = paginate(listing.found(me, search, {key: hit.chance for key, hit in hits.items()}), per_page=PER_PAGE)
    return render_template(
        "recommendations/directory.html",
        page=page,
        partners=queries.as_partners(me, page.items),
        search=search,
        question=question,
        hits=hits,
        countries=listing.countries(me.event_id),
        run=queries.newest_finished_run(me.event_id),
    )


@blueprint.get("/questions/<any(search, hints, similar):kind>")
def answered(slug: str, kind: str) -> ResponseReturnValue:
    """Say whether the newest question by meaning is answered, for the script of the page that asked."""
    question = queries.question_of(current_participant(), QuestionKind(kind))
    return jsonify(finished=question is None or question.is_answered)


@blueprint.route("/hints", methods=["GET", "POST"])
def hints(slug: str) -> ResponseReturnValue:
    """Take what is being written in the profile form (nothing of it is saved there), and tell what it would match."""
    me = current_participant()
    if request.method == "POST":
        with transaction():
            meaning.ask(me, QuestionKind.HINTS, question_about(ProfileForm().content()))
        return "", 202
    return jsonify(as_json(queries.question_of(me, QuestionKind.HINTS)))


def _asked(me: Participant, kind: QuestionKind, content: dict[str, Any]) -> Question:
    with transaction():
        meaning.ask(me, kind, content)
    return queries.question_of(me, kind) or abort(404)


def _other(participant_id: int) -> Participant:
    """Another visible participant of the event, or 404."""
    return queries.listed_person(current_participant().event_id, participant_id) or abort(404)
