"""Starting, stopping, publishing and discarding scheduling runs."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from matchmaker import audit, jobs
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events.models import Event
from matchmaker.meetings import services as meetings
from matchmaker.scheduling import assumptions, changes, queries
from matchmaker.scheduling.errors import NotADraft, NothingToSchedule, NotTrueYet, PlanOutdated, RunInProgress
from matchmaker.scheduling.models import ScheduleRun, ScheduleState, WhatIf, WhatIfState
from matchmaker.scheduling.options import Options


def start_run(event: Event, options: Options, actor: User) -> ScheduleRun:
    """Store a queued run; ``runs.start`` hands it to a job. Raises ``RunInProgress`` or ``NothingToSchedule``."""
    queries.hold_event(event.id)
    if queries.busy_run(event.id):
        raise RunInProgress(_("A run is in progress. Wait for it, or stop it first."))
    _check_ready(event)
    run = ScheduleRun(event_id=event.id, options=options.to_dict(), started_by_id=actor.id)
    db.session.add(run)
    db.session.flush()
    audit.record(actor, "schedule.started", f"run {run.id}", event.id, options.summary())
    return run


def _check_ready(event: Event) -> None:
    situation = queries.situation_of(event.id)
    if not situation.slots:
        raise NothingToSchedule(_("There are no slots yet. Set up the meeting days first."))
    if not situation.requests:
        raise NothingToSchedule(_("No request has been accepted yet, so there is nothing to schedule."))


def stop(run: ScheduleRun) -> None:
    """Ask a running solver to stop early; the best plan so far becomes the draft."""
    _hold(run)
    if run.state not in queries.BUSY_STATES:
        raise NotADraft(_("This run has ended already."))
    jobs.request_stop(run.job_id)


def discard(run: ScheduleRun, actor: User) -> None:
    """Set a draft aside; nothing of it is published."""
    _hold(run)
    if run.state != ScheduleState.DRAFT:
        raise NotADraft(_("Only a draft can be discarded."))
    run.state = ScheduleState.DISCARDED
    audit.record(actor, "schedule.discarded", f"run {run.id}", run.event_id)


def publish(run: ScheduleRun, actor: User) -> meetings.PlanResult:
    """Make the draft the plan of the event: create, move and cancel meetings; tell only those affected.

    Raises ``NotADraft``, ``PlanOutdated`` with a list when what the plan was made from has changed since, ``NotTrueYet``
    when it assumes what the event does not have, or ``meetings.PlanRefused`` with a list when somebody was quicker.
    """
    _hold(run)
    if run.state != ScheduleState.DRAFT:
        raise NotADraft(_("Only a finished draft can be published, and only once."))
    situation = queries.situation_of(run.event_id)
    changed = changes.since(run, situation)
    if changed:
        raise PlanOutdated(_("The plan was made before these changes. Start a new run."), changed)
    draft = queries.draft_of(run)
    missing = [item.missing for item in assumptions.of(run, draft, situation) if item.missing]
    if missing:
        raise NotTrueYet(
            _("This draft assumes what the event does not have yet. %(missing)s", missing=" ".join(missing))
        )
    for row, place_id in assumptions.places_for(draft, situation):
        row.place_id, row.assumed_place = place_id, ""
    placements = [(row.request_id, row.slot_id, row.place_id) for row in draft]
    locked = {row.request_id for row in draft if row.is_locked}
    result = meetings.publish_plan(run.event, placements, actor)
    for meeting in queries.live_meetings(run.event_id):
        if meeting.request_id in locked:
            meetings.set_locked(meeting, locked=True, actor=actor)
    db.session.execute(
        update(ScheduleRun)
        .where(ScheduleRun.event_id == run.event_id, ScheduleRun.state == ScheduleState.PUBLISHED)
        .values(state=ScheduleState.REPLACED)
    )
    run.state, run.published_at = ScheduleState.PUBLISHED, now()
    return result


def _hold(run: ScheduleRun) -> None:
    queries.hold_event(run.event_id)
    db.session.refresh(run)


def interrupted(run_id: int) -> None:
    """Mark a run whose worker died; called by the job queue, inside its transaction. No half plan is kept."""
    run = db.session.get(ScheduleRun, run_id)
    if run is not None and run.state in queries.BUSY_STATES:
        run.state, run.finished_at = ScheduleState.INTERRUPTED, now()


def start_what_if(event: Event, scenarios: list[list[dict[str, Any]]], seconds: int, actor: User) -> WhatIf:
    """Store a comparison of scenarios; one at a time. Raises ``RunInProgress`` or ``NothingToSchedule``."""
    queries.hold_event(event.id)
    if queries.busy_what_if(event.id):
        raise RunInProgress(_("A comparison is in progress. Wait for it, or stop it first."))
    _check_ready(event)
    what_if = WhatIf(event_id=event.id, scenarios=scenarios, seconds=seconds, started_by_id=actor.id)
    db.session.add(what_if)
    db.session.flush()
    audit.record(actor, "schedule.compared", f"what-if {what_if.id}", event.id, {"scenarios": len(scenarios)})
    return what_if


def stop_what_if(what_if: WhatIf) -> None:
    """Ask a comparison to stop early: each scenario keeps its best plan so far."""
    if what_if.state not in (WhatIfState.QUEUED, WhatIfState.RUNNING):
        raise NotADraft(_("This comparison has ended already."))
    jobs.request_stop(what_if.job_id)


def what_if_interrupted(what_if_id: int) -> None:
    """Mark a comparison whose worker died; called by the job queue, inside its transaction."""
    what_if = db.session.get(WhatIf, what_if_id)
    if what_if is not None and what_if.state in (WhatIfState.QUEUED, WhatIfState.RUNNING):
        what_if.state, what_if.finished_at = WhatIfState.INTERRUPTED, now()
