"""A draft as it stands, for changing it by hand: where each meeting could go and what is in the way. Decides by the checker.

Keys of places: the library's ids (``t3``, ``extra 1``), or "" where a meeting needs none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from matchmaker.clock import now
from matchmaker.errors import Conflict, NotFound
from matchmaker.meetings.models import Slot
from matchmaker.scheduling import queries
from matchmaker.scheduling.models import DraftMeeting, ScheduleRun
from matchmaker.scheduling.names import Names
from matchmaker.scheduling.options import Options
from matchmaker.scheduling.rows import row_id

if TYPE_CHECKING:
    from matchmaker.scheduling import checking

State = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """One slot for one meeting: the place it would get, all that are free, and what is in the way."""

    slot: Slot
    place: str
    free: tuple[tuple[str, str], ...]
    conflicts: tuple[str, ...]
    is_present: bool


class Board:
    """The draft of one run with its problem; read anew for every act."""

    def __init__(self, run: ScheduleRun) -> None:
        from matchmaker.scheduling import checking  # loads the library

        self.run = run
        self.options = Options.from_dict(run.options)
        self.situation = queries.situation_of(run.event_id)
        self.draft = queries.draft_of(run)
        self.rows: dict[int, DraftMeeting] = {row.request_id: row for row in self.draft}
        self.table = checking.Draft(run.problem, self.draft, {pin[0] for pin in self.options.pins})
        self.slots = {slot.id: slot for slot in self.situation.slots}

    @cached_property
    def names(self) -> Names:
        """Names for everything in the draft, also for requests that are not accepted any more."""
        gone = self.table.request_ids - {request.id for request in self.situation.requests}
        return Names(self.situation, queries.requests_by_id(self.run.event_id, gone) if gone else ())

    def choices(self, request_id: int) -> list[Choice]:
        """Return every slot of the event for one meeting, the possible ones first, each group in order of time."""
        found = [self.choice(request_id, slot_id) for slot_id in self.slots]
        return sorted(found, key=lambda choice: (bool(choice.conflicts), choice.slot.starts_at))

    def choice(self, request_id: int, slot_id: int, place: str = "") -> Choice:
        """Return what stands in the way of a meeting in a slot; without ``place`` the present or the first free one."""
        wish, slot = f"r{request_id}", self.slots.get(slot_id)
        if request_id not in self.table.request_ids or slot is None or f"s{slot_id}" not in self.table.slot_ids:
            raise NotFound(_("This slot or request is not part of the draft."))
        free = self.table.free_places(wish, f"s{slot_id}")
        row = self.rows.get(request_id)
        present = row is not None and row.slot_id == slot_id
        wanted = place or (self.table.place_of(wish) if present else "") or (free[0] if free else "")
        found = [self._sentence(rule, wish) for rule in self.table.conflicts(wish, f"s{slot_id}", wanted)]
        if slot.starts_at <= now():
            found.insert(0, _("The slot has begun."))
        free_names = tuple((key, self._place_name(key)) for key in free)
        return Choice(slot, wanted, free_names, tuple(dict.fromkeys(found)), present)

    def refuse_fixed(self, request_id: int) -> None:
        """Refuse to touch what no plan may touch: meetings that are locked in the published plan, or have begun."""
        if f"r{request_id}" in self.table.fixed:
            raise Conflict(_("This meeting is locked in the published plan, or has begun. It stays where it is."))

    def state_of(self, request_id: int) -> State:
        """Return where a meeting is, as the acts store it: placed, or left out with its reason."""
        row = self.rows.get(request_id)
        if row is not None:
            return _state(row.slot_id, row.place_id, row.assumed_place, locked=row.is_locked)
        wish = f"r{request_id}"
        for item in self.run.solution.get("unplaced", []):
            if item["wish"] == wish:
                return {"unplaced": item}
        raise NotFound(_("This request is not part of the draft."))

    def store_figures(self) -> None:
        """Write what the draft is worth now to its run: value recomputed, checked again, and the bounds that still hold."""
        from matchmaker.scheduling import bridge  # loads the library

        run, standing = self.run, len(queries.standing_acts(self.run.id))
        solver = run.figures.get("solver") or {key: run.figures[key] for key in ("status", "bound")}
        value = self.table.value(bridge.published_plan(self.situation))
        first = run.figures["objective"][0]
        # The bound of a later aim holds only for plans with the solver's values of those before it.
        bound = {name: solver["bound"][name] for name in solver["bound"] if name == first or not standing}
        status = "feasible" if standing else solver["status"]
        kept = {name: number for name, number in value.items() if name in run.figures["value"]}
        run.figures = {
            **run.figures, "placed": len(self.draft), "value": kept, "bound": bound, "status": status,
            "by_hand": standing, "solver": solver, "broken": len(self.table.broken()),
        }  # fmt: skip
        assignments = self.table.to_list()
        run.solution = {**run.solution, "assignments": assignments, "value": kept, "bound": bound, "status": status}

    def _place_name(self, key: str) -> str:
        return self.names.of(key) if key in self._real_places else _("an assumed place")

    @cached_property
    def _real_places(self) -> set[str]:
        return {f"t{place.id}" for place in self.situation.places}

    def _sentence(self, rule: checking.Broken, wish: str) -> str:
        details, names = rule.details, self.names
        who = names.of(str(details["participant"])) if "participant" in details else ""
        if rule.rule == "one_at_a_time":
            other = next(each for each in details["wishes"] if each != wish)
            return _("%(name)s is in the meeting %(meeting)s.", name=who, meeting=names.of(other))
        if rule.rule == "places":
            return self._about_place(details)
        sentences = {
            "availability": _("%(name)s is not available.", name=who),
            "modes": _("%(name)s takes part online then, and this meeting is for a table.", name=who),
            "max_meetings": _("%(name)s has the most meetings allowed.", name=who),
            "allowed_slots": _("This request can't be placed in this slot."),
            "pins": _("The meeting is locked in the published plan, or has begun."),
        }
        return sentences.get(rule.rule, _("It would break a rule of the event."))

    def _about_place(self, details: Mapping[str, Any]) -> str:
        place = str(details.get("place") or "")
        if not place:
            return _("Every place is taken.")
        holder = self.table.holder_of(str(details["slot"]), place)
        if holder is None:
            return _("This place can't be used then.")
        return _("%(place)s is taken by %(meeting)s.", place=self._place_name(place), meeting=self.names.of(holder))


def placed_at(slot_id: int, place: str) -> State:
    """Return the state of a meeting in a slot, not locked, at a place of the board."""
    real = place.startswith("t") and place[1:].isdigit()
    return _state(slot_id, row_id(place) if real else None, "" if real else place, locked=False)


def left_out(row: DraftMeeting) -> State:
    """Return the state of a meeting that is taken out."""
    people = [f"p{row.request.sender_id}", f"p{row.request.receiver_id}"]
    item = {"wish": f"r{row.request_id}", "reason": "taken_out", "text": "Taken out by hand.", "fix": ""}
    return {"unplaced": {**item, "details": {"participants": people}}}


def _state(slot_id: int, place_id: int | None, assumed: str, *, locked: bool) -> State:
    return {"slot": slot_id, "place": place_id, "assumed": assumed, "locked": locked}


def pins_of(draft: Sequence[DraftMeeting]) -> tuple[tuple[str, str, str], ...]:
    """Return the locked meetings of a draft as ``Options.pins`` has them; an assumed place is not held."""
    return tuple(
        (f"r{row.request_id}", f"s{row.slot_id}", f"t{row.place_id}" if row.place_id else "")
        for row in draft
        if row.is_locked
    )
