"""Why a wish is not placed, and what would place it. Reasons are keys with ids; the sentences are for the command line.

A reason is named only when it is verified: it holds for every plan, or with that rule relaxed the wish is placed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from matching.scheduling.construct import Table
from matching.scheduling.fixes import Fix, Relaxation, at_maximum, direct_fixes, swap
from matching.scheduling.grid import Grid
from matching.scheduling.rearrange import Rearranger
from matching.scheduling.solution import Status, Unplaced
from matching.scheduling.watch import Watch

if TYPE_CHECKING:
    from matching.scheduling.figures import Plan
    from matching.scheduling.problem import Problem
    from matching.scheduling.solution import Solution

# Seconds that it takes to lay out a problem for moving meetings about, per wish; with less time it is not worth it.
_LAYING = 3e-6
# What a single relaxed rule says about the cause.
_CAUSE = {
    "max_meetings": "own_maximum",
    "places": "places_full",
    "availability": "other_full",
    "allowed_slots": "forbidden",
    "mode": "not_on_site",
}
REASONS = (
    *(
        "no_common_slot",
        "forbidden",
        "not_on_site",
        "no_places",
        "precedence",
        "own_maximum",
        "other_full",
        "places_full",
    ),
    *("outweighed", "objective", "required_elsewhere", "unexamined"),
)


def explain(
    problem: Problem, solution: Solution, *, seconds: float = 10, patience: float = math.inf
) -> tuple[Unplaced, ...]:
    """Return for each wish left out a reason, its ids in `details`, and the smallest fix found, verified.

    Without a plan there are no reasons: see `conflict`. A fix that also rearranges other meetings is searched while `seconds`
    last, and by the quick way for half of `patience`. After `patience` seconds the wishes not yet looked at are
    "unexamined": only large events come to that.
    """
    return explained(Grid(problem), solution, seconds=seconds, limit=Watch(patience))


def explained(grid: Grid, solution: Solution, *, seconds: float, limit: Watch) -> tuple[Unplaced, ...]:
    """Return what `explain` does, of a problem that is numbers already."""
    if solution.status in (Status.INFEASIBLE, Status.UNKNOWN):
        return ()
    plan = {grid.wish_of[item.wish]: grid.slot_of[item.slot] for item in solution.assignments}
    if not limit.limit:
        return tuple(_unexamined(grid, plan, 0))
    table = Table(grid, plan)
    quick = max(seconds, limit.left / 2 if math.isfinite(limit.limit) else 0)
    moved = Rearranger(table, Watch(quick if quick > _LAYING * len(grid.wishes) else 0), Watch(seconds))
    found = []
    for wish in grid.wishes:
        if wish not in plan:
            if limit.over:
                break
            found.append(_explain(table, wish, moved))
    return (*found, *_unexamined(grid, plan, len(found)))


def _unexamined(grid: Grid, plan: Plan, done: int) -> list[Unplaced]:
    """Return the answer for all wishes left out but the first ones, which are done; a stopped run waits for it."""
    wishes = grid.problem.wishes
    left = [wishes[wish] for wish in grid.wishes if wish not in plan][done:]
    text = _TEXTS["unexamined"]
    return [Unplaced(wish.id, "unexamined", text, "", {"participants": list(wish.participants)}) for wish in left]


def _explain(table: Table, wish: int, moved: Rearranger) -> Unplaced:
    fixes = direct_fixes(table, wish)
    smallest = fixes[0] if fixes else None
    held = _always(table, wish)
    if held is not None:
        return _answer(table, wish, held, smallest)
    if smallest is None or len(smallest.relaxations) > 1:
        smallest = _with_moves(table, wish, moved) or smallest
    cause = _cause(smallest)
    if cause is not None:
        return _answer(table, wish, cause, smallest)
    exchange = swap(table, wish)
    return _answer(table, wish, "outweighed" if exchange else "required_elsewhere", exchange or smallest)


def _cause(fix: Fix | None) -> str | None:
    """Return what the rules in a fix have in common, None when it takes different ones or there is no fix."""
    if fix is None:
        return None
    rules = {item.rule for item in fix.relaxations}
    if len(rules) > 1 or (len(fix.relaxations) > 1 and rules != {"max_meetings"}):
        return None
    return _CAUSE[rules.pop()] if rules else "objective"


def _always(table: Table, wish: int) -> str | None:
    """Return the reason that holds in every plan, whatever else is placed."""
    grid = table.grid
    one, other = grid.pairs[wish]
    common = [slot for slot in grid.slots if slot not in grid.away[one] and slot not in grid.away[other]]
    if not common:
        return "no_common_slot"
    if not grid.allowed[wish]:
        return _why_nowhere(grid, wish, set(common))
    if any(grid.problem.participants[person].max_meetings == 0 for person in (one, other)):
        return "own_maximum"
    if any(earlier not in table.plan for earlier in grid.after[wish]):
        return "precedence"
    return None


def _why_nowhere(grid: Grid, wish: int, common: set[int]) -> str:
    """Return why a wish fits into none of the slots in which both are available."""
    one, other = grid.pairs[wish]
    named = grid.named[wish]
    left = common if named is None else common & named
    if not left:
        return "forbidden"
    if grid.problem.wishes[wish].mode == "table" and not left - grid.remote[one] - grid.remote[other]:
        return "not_on_site"
    return "no_places"


def _with_moves(table: Table, wish: int, moved: Rearranger) -> Fix | None:
    """Return one relaxation with which all meetings and the wish fit after moving some, as far as time allows."""
    grid = table.grid
    people, slots = grid.problem.participants, grid.problem.slots
    candidates = [
        Relaxation("max_meetings", participant=people[person].id)
        for person in grid.pairs[wish]
        if at_maximum(table, person)
    ]
    full = [slot for slot in grid.allowed[wish] if table.full(slot, wish)]
    if not candidates:
        candidates = [Relaxation("places", slot=slots[slot].id) for slot in full]
    elif len(candidates) > 1:
        return None
    for candidate in candidates:
        slot = moved.fits_with(wish, candidate)
        if slot is not None:
            return Fix((candidate,), slot)
    return None


def _answer(table: Table, wish: int, reason: str, fix: Fix | None) -> Unplaced:
    grid = table.grid
    problem = grid.problem
    details: dict[str, Any] = {"participants": list(problem.wishes[wish].participants)}
    if reason == "precedence":
        details["wishes"] = [problem.wishes[earlier].id for earlier in grid.after[wish] if earlier not in table.plan]
    if reason == "own_maximum":
        details["full"] = [problem.participants[person].id for person in grid.pairs[wish] if at_maximum(table, person)]
    if reason == "other_full":
        details["full"] = [
            problem.participants[person].id
            for person in grid.pairs[wish]
            if all(slot in table.busy[person] for slot in grid.allowed[wish])
        ] or list(problem.wishes[wish].participants)
    if reason in ("places_full", "other_full", "no_places", "outweighed"):
        details["slots"] = [problem.slots[slot].id for slot in grid.allowed[wish]]
    if fix is not None:
        details["fix"] = [item.to_dict() for item in fix.relaxations]
        details["slot"] = problem.slots[fix.slot].id
    if reason == "outweighed" and fix is not None:
        details["wishes"] = [item.wish for item in fix.relaxations]
    return Unplaced(problem.wishes[wish].id, reason, _text(reason, details), _fix_text(fix, details), details)


def _names(values: list[str]) -> str:
    return " and ".join(f'"{value}"' for value in values)


# What is said of a reason that is the same for all, but for the two whom it is about.
_TEXTS = {
    "no_common_slot": "{both} are never available together.",
    "forbidden": "The slots it allows don't suit both.",
    "not_on_site": "It is for a table, but {both} are never on site together when both are available.",
    "no_places": "No place can be used in the slots that suit both.",
    "places_full": "All places are taken in the slots that would suit both.",
    "outweighed": "Other meetings count more in every slot that suits {both}.",
    "unexamined": "Not examined, for lack of time.",
    "objective": "It would fit, but a more important objective would suffer.",
    "required_elsewhere": "Required meetings take every slot that suits both.",
}


def _text(reason: str, details: dict[str, Any]) -> str:
    if reason == "own_maximum":
        return f"The own maximum of {_names(details['full'])} is reached."
    if reason == "other_full":
        return f"{_names(details['full'])} already meet others in every slot that suits both."
    if reason == "precedence":
        return f"It comes after {_names(details['wishes'])}, not placed."
    return _TEXTS[reason].replace("{both}", _names(details["participants"]))


def _fix_text(fix: Fix | None, details: dict[str, Any]) -> str:
    if fix is None:
        return ""
    parts = [_relaxation_text(item) for item in fix.relaxations]
    text = " and ".join(parts) or "nothing else"
    return f'{text[:1].upper()}{text[1:]} would place it in "{details["slot"]}".'


def _relaxation_text(item: Relaxation) -> str:
    return {
        "max_meetings": f'one more meeting for "{item.participant}"',
        "places": f'one more place in "{item.slot}"',
        "availability": f'"{item.participant}" available in "{item.slot}"',
        "allowed_slots": f'allowing "{item.slot}"',
        "mode": "holding it online",
        "drop": f'giving up "{item.wish}"',
    }[item.rule]
