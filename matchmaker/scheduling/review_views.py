"""The sections of a finished run: the plan as a grid, what is not placed, load, checking; and the page before publishing."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from matchmaker.scheduling import changes, figures, review, sheets
from matchmaker.scheduling import maps as seen
from matchmaker.scheduling.grid import Grid, Sight
from matchmaker.scheduling.organiser_views import blueprint, run_here, section
from matchmaker.scheduling.review import Plan
from matchmaker.web import page_of

PER_PAGE = 40


def plan_here(run_id: int) -> Plan:
    """Return the plan of a run of the present event, or lead to the page that says why there is none."""
    run = run_here(run_id)
    plan = review.plan_of(run)
    if plan is None:
        abort(redirect(url_for("scheduling.show", slug=run.event.slug, run_id=run_id), 303))
    return plan


@blueprint.get("/<int:run_id>/grid")
def grid(slug: str, run_id: int) -> ResponseReturnValue:
    """Show the plan as a grid of participants, or places, and slots; narrowed by name, place and day."""
    plan = plan_here(run_id)
    found = Grid(plan, Sight.of(request.args))
    page = page_of(found.subjects, PER_PAGE)
    return section(
        "scheduling/grid.html", plan.run, grid=found, page=page, rows=[found.row(each) for each in page.items]
    )


@blueprint.get("/<int:run_id>/grid.<form>")
def export_grid(slug: str, run_id: int, form: str) -> ResponseReturnValue:
    """Download what is seen of the grid, on all its pages."""
    return sheets.grid(Grid(plan_here(run_id), Sight.of(request.args)), form)


@blueprint.get("/<int:run_id>/unplaced")
def unplaced(slug: str, run_id: int) -> ResponseReturnValue:
    """Show the requests left out, by reason, with what would help."""
    plan = plan_here(run_id)
    return section("scheduling/unplaced.html", plan.run, groups=plan.unplaced)


@blueprint.get("/<int:run_id>/load")
def load(slug: str, run_id: int) -> ResponseReturnValue:
    """Show how many meetings people have, the worst served first."""
    plan = plan_here(run_id)
    return section("scheduling/load.html", plan.run, spread=plan.spread, page=page_of(plan.load))


@blueprint.get("/<int:run_id>/map")
def maps(slug: str, run_id: int) -> ResponseReturnValue:
    """Show meetings between regions, and at which hours of their own day people meet."""
    plan = plan_here(run_id)
    kinds, asked = seen.kinds(plan), request.args.get("by", "")
    found = seen.matrix(plan, asked if asked in kinds else kinds[0]) if kinds else None
    hours = seen.hours(plan)
    return section(
        "scheduling/maps.html", plan.run, matrix=found, kinds=kinds, labels=seen.KINDS, hours=hours,
        is_normal=seen.is_normal, page=page_of(hours.rows if hours else [], PER_PAGE),
    )  # fmt: skip


@blueprint.get("/<int:run_id>/map-<any(country,region,helix):by>.<form>")
def export_matrix(slug: str, run_id: int, by: str, form: str) -> ResponseReturnValue:
    """Download the meetings between groups against the accepted requests."""
    plan = plan_here(run_id)
    return sheets.matrix(plan.run, seen.matrix(plan, by), form)


@blueprint.get("/<int:run_id>/hours.<form>")
def export_hours(slug: str, run_id: int, form: str) -> ResponseReturnValue:
    """Download at which hours of their own day people meet."""
    plan = plan_here(run_id)
    return sheets.hours(plan.run, seen.hours(plan), form)


@blueprint.get("/<int:run_id>/checking")
def checking(slug: str, run_id: int) -> ResponseReturnValue:
    """Show how the plan can be checked by others."""
    return section("scheduling/checking.html", plan_here(run_id).run)


@blueprint.get("/<int:run_id>/certificate")
def certificate(slug: str, run_id: int) -> ResponseReturnValue:
    """Show everything that is proven about the plan on a page to be printed."""
    return section("scheduling/certificate.html", plan_here(run_id).run)


@blueprint.get("/<int:run_id>/publish")
def publishing(slug: str, run_id: int) -> ResponseReturnValue:
    """Show who would be told what, before anybody is."""
    plan = plan_here(run_id)
    if plan.difference is None:
        return redirect(url_for("scheduling.show", slug=slug, run_id=run_id), 303)
    told = figures.told(plan.difference)
    return section(
        "scheduling/publish.html", plan.run, difference=plan.difference, told=told, page=page_of(told),
        mails=sum(len(row.new) + len(row.moved) + len(row.cancelled) for row in told), outdated=changes.since(plan.run, plan.situation),
    )  # fmt: skip
