"""What the pages for changing a draft by hand show. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from matchmaker.clock import now
from matchmaker.registrations.models import Participant
from matchmaker.scheduling import queries, reasons
from matchmaker.scheduling.board import Board, Choice
from matchmaker.scheduling.models import ActKind, DraftAct, DraftMeeting
from matchmaker.scheduling.names import Names, matches, named
from matchmaker.scheduling.rows import row_id
from matchmaker.web import Page, page_of

PER_PAGE = 40
ACTS_SHOWN = 10


@dataclass(frozen=True)
class LeftOut:
    """A request without a meeting in the draft."""

    request_id: int
    people: tuple[Participant, ...]
    reason: str


@dataclass(frozen=True)
class ActLine:
    """One act in words; ``can_undo`` marks the newest that stands."""

    number: int
    text: str
    who: str
    act: DraftAct
    is_undone: bool
    can_undo: bool


@dataclass(frozen=True)
class HandPage:
    """The draft as a list to choose from."""

    meetings: Page
    left_out: list[LeftOut]
    more_left_out: int
    acts: list[ActLine]
    fixed: set[int]
    locked: int


def overview(board: Board, search: str) -> HandPage:
    """Return a page of the draft, what can't be changed last; ``search``: words in names or organisations."""
    fixed = {row_id(wish) for wish in board.table.fixed}
    rows = [row for row in board.draft if _has(search, (row.request.sender, row.request.receiver))]
    rows.sort(key=lambda row: row.request_id in fixed)
    left_out = [each for each in _left_out(board) if _has(search, each.people)]
    return HandPage(
        meetings=page_of(rows, PER_PAGE),
        left_out=left_out[:PER_PAGE],
        more_left_out=max(0, len(left_out) - PER_PAGE),
        acts=act_lines(board, ACTS_SHOWN),
        fixed=fixed,
        locked=sum(row.is_locked for row in board.draft),
    )


def _has(search: str, people: Sequence[Participant]) -> bool:
    return matches(search, " ".join(map(named, people)))


def _left_out(board: Board) -> list[LeftOut]:
    found = []
    for item in board.run.solution.get("unplaced", []):
        request_id = row_id(item["wish"])
        if people := board.names.pair(request_id):
            found.append(LeftOut(request_id, people, reasons.whole(item, board.names)))
    return found


def act_lines(board: Board, most: int) -> list[ActLine]:
    """Return the newest acts in words."""
    acts = queries.acts_of(board.run.id)
    undone = {act.undoes for act in acts}
    standing = [act.number for act in acts if act.undoes is None and act.number not in undone]
    return [
        ActLine(
            act.number,
            _words(act, board.names),
            act.actor_name,
            act,
            act.number in undone,
            act.number == max(standing, default=0),
        )
        for act in acts[:most]
    ]


def _words(act: DraftAct, names: Names) -> str:
    facts = {
        "meeting": names.of(f"r{act.request_id}"),
        "before": _spot(act.before, names),
        "after": _spot(act.after, names),
    }
    sentences = {
        ActKind.MOVED: _("Moved %(meeting)s from %(before)s to %(after)s", **facts),
        ActKind.PLACED: _("Placed %(meeting)s on %(after)s", **facts),
        ActKind.TAKEN_OUT: _("Took out %(meeting)s, which was on %(before)s", **facts),
        ActKind.LOCKED: _("Locked %(meeting)s on %(after)s", **facts),
        ActKind.UNLOCKED: _("Unlocked %(meeting)s on %(after)s", **facts),
        ActKind.UNDONE: _("Undid number %(number)s: %(meeting)s is back to %(after)s", number=act.undoes, **facts),
    }
    return sentences[ActKind(act.kind)]


def _spot(state: Mapping[str, Any], names: Names) -> str:
    if "slot" not in state:
        return _("not placed")
    moment = names.of(f"s{state['slot']}")
    if state["assumed"]:
        return _("%(moment)s, an assumed place", moment=moment)
    if not state["place"]:
        return moment
    place = names.of(f"t{state['place']}")
    return f"{moment}, {place}"


@dataclass(frozen=True)
class MeetingPage:
    """One meeting, or request left out, with everywhere it could go."""

    people: tuple[Participant, ...]
    row: DraftMeeting | None
    reason: str
    is_fixed: bool
    possible: list[Choice]
    impossible: list[Choice]


def meeting(board: Board, request_id: int) -> MeetingPage:
    """Return the page of one meeting. Raises NotFound when the draft knows no such request."""
    state = board.state_of(request_id)
    choices = board.choices(request_id)
    item = state.get("unplaced")
    return MeetingPage(
        people=board.names.pair(request_id),
        row=board.rows.get(request_id),
        reason=reasons.whole(item, board.names) if item else "",
        is_fixed=f"r{request_id}" in board.table.fixed,
        possible=[choice for choice in choices if not choice.conflicts],
        impossible=[choice for choice in choices if choice.conflicts and choice.slot.starts_at > now()],
    )
