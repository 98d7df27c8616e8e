"""Drafts side by side."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from matchmaker.events.access import current_event
from matchmaker.scheduling import compare as comparing
from matchmaker.scheduling import queries, review, sheets
from matchmaker.scheduling.compare import MOST, PUBLISHED, Comparison
from matchmaker.scheduling.organiser_views import blueprint, run_here


def _chosen() -> list[str]:
    return list(dict.fromkeys(request.args.getlist("plan")))[:MOST]


def _comparison() -> Comparison | None:
    """Return the comparison that the address asks for; nothing where it names fewer than two plans."""
    chosen = _chosen()
    if len(chosen) < 2:
        return None
    ids = [key for key in chosen if key != PUBLISHED]
    if not all(key.isascii() and key.isdigit() and len(key) < 10 for key in ids):
        abort(404)
    runs = [run_here(run_id) for run_id in sorted(map(int, ids))]
    if not all(map(review.has_plan, runs)):
        abort(404)
    return comparing.of(current_event().id, runs, published=PUBLISHED in chosen)


@blueprint.get("/compare")
def compare(slug: str) -> ResponseReturnValue:
    """Choose plans, and see them side by side."""
    runs = [run for run in queries.runs_of(current_event().id) if review.has_plan(run)]
    return render_template(
        "scheduling/compare.html", runs=runs, chosen=_chosen(), found=_comparison(), most=MOST, published=PUBLISHED
    )


@blueprint.get("/compare.<form>")
def export_comparison(slug: str, form: str) -> ResponseReturnValue:
    """Download how many meetings everybody has in each plan, and the figures of the plans."""
    found = _comparison()
    if found is None:
        abort(404)
    return sheets.comparison(found, current_event().slug, form)
