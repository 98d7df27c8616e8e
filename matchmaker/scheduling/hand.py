"""Changing a draft by hand: moving, placing and taking out meetings, locking them, and undoing. Never commits.

Each act is checked against the rules by the independent checker, and numbered: two organisers at once would take the same
number, which the database refuses.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.exc import IntegrityError

from matchmaker import audit
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import Conflict, NotFound
from matchmaker.scheduling import board, queries
from matchmaker.scheduling.board import Board
from matchmaker.scheduling.errors import NotADraft
from matchmaker.scheduling.models import ActKind, DraftAct, DraftMeeting, ScheduleRun, ScheduleState

CROSSED = lazy_gettext("Somebody else changed this draft at the same moment. Look again, then repeat it.")
Place = int | str | None


def put(run: ScheduleRun, request_id: int, slot_id: int, place: str, actor: User) -> DraftAct:
    """Move a meeting, or place a request that was left out. ``place``: a key of ``Board.places``; empty for the first free one.

    Raises Conflict with what stands in the way, in the names of the event.
    """
    number = _open(run)
    present = Board(run)
    row = present.rows.get(request_id)
    if row is not None and row.is_locked:
        raise Conflict(_("This meeting is locked. Unlock it first."))
    choice = present.choice(request_id, slot_id, place)
    if choice.conflicts:
        raise Conflict(_("This does not work: %(reasons)s", reasons=" ".join(choice.conflicts)))
    before = present.state_of(request_id)
    after = board.placed_at(slot_id, choice.place)
    if before == after:
        raise Conflict(_("The meeting is there already."))
    kind = ActKind.PLACED if row is None else ActKind.MOVED
    return _act(run, number, kind, request_id, before, after, actor)


def take_out(run: ScheduleRun, request_id: int, actor: User) -> DraftAct:
    """Leave a meeting out of the draft; its request stays accepted."""
    number = _open(run)
    present = Board(run)
    row = _row(present, request_id)
    if row.is_locked:
        raise Conflict(_("This meeting is locked. Unlock it first."))
    present.refuse_fixed(request_id)
    return _act(run, number, ActKind.TAKEN_OUT, request_id, present.state_of(request_id), board.left_out(row), actor)


def set_locked(run: ScheduleRun, request_id: int, actor: User, *, locked: bool) -> DraftAct | None:
    """Lock a meeting of a draft, so that the next run leaves it where it is, or unlock it. Twice is once."""
    number = _open(run)
    present = Board(run)
    row = _row(present, request_id)
    present.refuse_fixed(request_id)
    if row.is_locked == locked:
        return None
    before = present.state_of(request_id)
    kind = ActKind.LOCKED if locked else ActKind.UNLOCKED
    return _act(run, number, kind, request_id, before, {**before, "locked": locked}, actor)


def undo(run: ScheduleRun, number: int, actor: User) -> DraftAct:
    """Take back the newest act that stands, which has to be ``number``: what the organiser saw."""
    next_number = _open(run)
    standing = queries.standing_acts(run.id)
    if not standing or standing[0].number != number:
        raise Conflict(str(CROSSED))
    act = standing[0]
    return _act(run, next_number, ActKind.UNDONE, act.request_id, act.after, act.before, actor, undoes=act.number)


def _open(run: ScheduleRun) -> int:
    """Return the number of the next act. It is read before the draft, so that a draft read too early is refused."""
    queries.hold_event(run.event_id)
    db.session.refresh(run)
    if run.state != ScheduleState.DRAFT:
        raise NotADraft(_("Only a draft can be changed by hand."))
    return queries.last_act_number(run.id) + 1


def _row(present: Board, request_id: int) -> DraftMeeting:
    row = present.rows.get(request_id)
    if row is None:
        raise NotFound(_("This meeting is not in the draft any more."))
    return row


def _act(
    run: ScheduleRun, number: int, kind: ActKind, request_id: int, before: Mapping[str, Any], after: Mapping[str, Any],
    actor: User, undoes: int | None = None,
) -> DraftAct:  # fmt: skip
    act = DraftAct(
        run_id=run.id, number=number, kind=kind, request_id=request_id, before=dict(before), after=dict(after),
        undoes=undoes, actor_id=actor.id, actor_name=actor.full_name, created_at=now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(act)
            db.session.flush()
            _store(run, request_id, after)
    except IntegrityError as error:
        raise Conflict(str(CROSSED)) from error
    Board(run).store_figures()
    facts = {"act": number, "before": _said(before), "after": _said(after)}
    audit.record(actor, f"draft.{kind}", f"run {run.id}, request {request_id}", run.event_id, facts)
    return act


def _store(run: ScheduleRun, request_id: int, state: Mapping[str, Any]) -> None:
    row = db.session.scalar(
        db.select(DraftMeeting).where(DraftMeeting.run_id == run.id, DraftMeeting.request_id == request_id)
    )
    unplaced = [item for item in run.solution.get("unplaced", []) if item["wish"] != f"r{request_id}"]
    if "slot" not in state:
        if row is not None:
            db.session.delete(row)
        run.solution = {**run.solution, "unplaced": [*unplaced, state["unplaced"]]}
        db.session.flush()
        return
    if row is None:
        row = DraftMeeting(run_id=run.id, request_id=request_id)
        db.session.add(row)
    row.slot_id, row.place_id = state["slot"], state["place"]
    row.assumed_place, row.is_locked = state["assumed"], state["locked"]
    run.solution = {**run.solution, "unplaced": unplaced}
    db.session.flush()
    db.session.expire(row, ["slot", "place"])


def _said(state: Mapping[str, Any]) -> str:
    """A state for the audit trail: ids, which stay true when names change."""
    if "slot" not in state:
        return "left out"
    place = state["place"] or state["assumed"] or "no place"
    return f"slot {state['slot']}, place {place}{', locked' if state['locked'] else ''}"
