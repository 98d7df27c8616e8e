"""What the matching leaves uncovered, for organisers: exposure, people with little, unmet needs, and the map of both."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import vocabulary
from matchmaker.events.access import current_event, need_organiser
from matchmaker.profiles.models import Side
from matchmaker.recommendations import coverage_queries, queries, run_queries
from matchmaker.recommendations.coverage_queries import Choice
from matchmaker.recommendations.exports import little_columns, map_columns, unmet_columns
from matchmaker.recommendations.figures import EXPOSURE_STEPS
from matchmaker.recommendations.models import MatchRun
from matchmaker.recommendations.picture import NARROW, WIDE, drawing
from matchmaker.recommendations.rules import MEASURES
from matchmaker.web import Access, export_table, guard

blueprint = Blueprint("matching_coverage", __name__, url_prefix="/events/<slug>/manage/matching/coverage")
guard(blueprint, Access.ORGANISER, need_organiser)


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """Show who is shown how often, who has little and why, and which needs and offers nobody answers."""
    run = queries.newest_finished_run(current_event().id)
    return render_template(
        "matching_coverage/index.html",
        run=run,
        steps=EXPOSURE_STEPS,
        evenness=coverage_queries.evenness(run.figures.get("gini", 0.0)) if run else "",
        little=coverage_queries.little_of(run) if run else [],
        needs=run_queries.lonely(run, Side.NEED) if run else [],
        offers=run_queries.lonely(run, Side.OFFER) if run else [],
        measure_names=MEASURES,
    )


@blueprint.get("/map")
def picture(slug: str) -> ResponseReturnValue:
    """Draw what the needs and offers of the event are about."""
    run, choice = queries.newest_finished_run(current_event().id), _choice()
    groups = coverage_queries.map_of(run, choice) if run else []
    everything = [item for group in groups for item in group.items]
    number = request.args.get("group", type=int)
    return render_template(
        "matching_coverage/map.html",
        run=run,
        choice=choice,
        groups=groups,
        chosen=next((group for group in groups if group.number == number), None),
        drawings=[drawing(groups, frame) for frame in (WIDE, NARROW)],
        taken=len(everything),
        regions=[(name, name) for name in sorted({item.region for item in everything} - {""})],
        types=vocabulary.choices("helix_types"),
    )


@blueprint.get("/<any(unmet, little, map):name>.<any(csv, xlsx):form>")
def export(slug: str, name: str, form: str) -> ResponseReturnValue:
    """Download unmet needs and offers, people with little, or all sentences of the map with their groups."""
    run = queries.newest_finished_run(current_event().id) or abort(404)
    if name == "little":
        return export_table(
            little_columns(), coverage_queries.little_of(run), form, _("few-recommendations") + f"-{slug}"
        )
    if name == "map":
        rows = [
            (group, item) for group in coverage_queries.map_of(run, _choice()) for item in group.items if item.is_chosen
        ]
        return export_table(map_columns(), rows, form, _("needs-and-offers") + f"-{slug}")
    return export_table(unmet_columns(), _unmet(run), form, _("unmet-needs-and-offers") + f"-{slug}")


def _unmet(run: MatchRun) -> list[tuple[Side, run_queries.Lonely]]:
    found = [(side, entry) for side in (Side.NEED, Side.OFFER) for entry in run_queries.lonely(run, side)]
    return sorted(found, key=lambda row: row[1].chance)


def _choice() -> Choice:
    side = request.args.get("side", "")
    return Choice(
        side if side in set(Side) else "", request.args.get("helix_type", "")[:30], request.args.get("region", "")[:120]
    )
