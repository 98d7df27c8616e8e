"""A draft in the library's terms: which places are free, what the independent checker objects to, what it is worth."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from matching.scheduling import Assignment, Problem, Solution, Status, Violation, Wish, value, violations
from matchmaker.scheduling.models import DraftMeeting

Broken = Violation


class Draft:
    """The plan of a draft with the problem it was made for; ``unpinned``: wishes that the organiser pinned and may move."""

    def __init__(self, problem: dict[str, Any], rows: Sequence[DraftMeeting], unpinned: Collection[str] = ()) -> None:
        stored = Problem.from_dict(problem)
        self.problem = replace(stored, pins=tuple(pin for pin in stored.pins if pin.wish not in unpinned))
        self.fixed = {pin.wish for pin in self.problem.pins}
        self.slot_ids = {slot.id for slot in stored.slots}
        self.request_ids = {int(wish.id[1:]) for wish in stored.wishes}
        self._wishes = {wish.id: wish for wish in stored.wishes}
        self._online = {(person.id, slot) for person in stored.participants for slot in person.online}
        self.plan = {item.wish: item for item in map(self._assignment, rows) if item.wish in self._wishes}

    def _assignment(self, row: DraftMeeting) -> Assignment:
        wish, slot = f"r{row.request_id}", f"s{row.slot_id}"
        if wish not in self._wishes or not self._needs_place(self._wishes[wish], slot):
            return Assignment(wish, slot)
        return Assignment(wish, slot, f"t{row.place_id}" if row.place_id else row.assumed_place or None)

    def _needs_place(self, wish: Wish, slot: str) -> bool:
        away = any((person, slot) in self._online for person in wish.participants)
        online = wish.mode == "online" or (wish.mode == "either" and away)
        return self.problem.places is not None and not online

    def place_of(self, wish: str) -> str:
        """Return the place of a placed wish; empty without one."""
        item = self.plan.get(wish)
        return str(item.place or "") if item else ""

    def holder_of(self, slot: str, place: str) -> str | None:
        """Return the wish that has a place in a slot."""
        return next((item.wish for item in self.plan.values() if (item.slot, item.place) == (slot, place)), None)

    def free_places(self, wish: str, slot: str) -> list[str]:
        """Return the places that a wish could have in a slot; its own one is free, and none where none is needed."""
        places = self.problem.places
        if not isinstance(places, tuple) or not self._needs_place(self._wishes[wish], slot):
            return []
        held = {item.place for item in self.plan.values() if item.slot == slot and item.wish != wish}
        return [place.id for place in places if place.id not in held and (place.slots is None or slot in place.slots)]

    def conflicts(self, wish: str, slot: str, place: str) -> list[Broken]:
        """Return what the checker objects to when a wish is put into a slot, and did not object to without it.

        Only what can matter is checked: the meetings of the two people, and those in the slot.
        """
        pair = set(self._wishes[wish].participants)
        others = [
            item
            for item in self.plan.values()
            if item.wish != wish and (item.slot == slot or pair & set(self._wishes[item.wish].participants))
        ]
        part = self._part({wish, *(item.wish for item in others)})
        before = violations(part, Solution(status=Status.FEASIBLE, assignments=tuple(others)))
        item = Assignment(wish, slot, place or None)
        after = violations(part, Solution(status=Status.FEASIBLE, assignments=(*others, item)))
        return [each for each in after if each not in before or (each.rule == "pins" and each.details["wish"] == wish)]

    def _part(self, names: set[str]) -> Problem:
        """The problem with only these wishes and the people in them."""
        wishes = [
            replace(wish, after=tuple(name for name in wish.after if name in names))
            for wish in self.problem.wishes
            if wish.id in names
        ]
        people = {person for wish in wishes for person in wish.participants}
        return replace(
            self.problem,
            wishes=tuple(wishes),
            participants=tuple(person for person in self.problem.participants if person.id in people),
            pins=tuple(pin for pin in self.problem.pins if pin.wish in names),
        )

    def value(self, previous: Solution) -> dict[str, float]:
        """Return every figure of the draft, recomputed; ``previous``: the plan that stands, for the changes."""
        return value(self.problem, self._solution, previous)

    def broken(self) -> list[Broken]:
        """Return every rule that the whole draft breaks."""
        return violations(self.problem, self._solution)

    @property
    def _solution(self) -> Solution:
        return Solution(status=Status.FEASIBLE, assignments=tuple(self.plan.values()))

    def to_list(self) -> list[dict[str, Any]]:
        """Return the plan as schedule-solution/1 has it."""
        return [{"wish": item.wish, "slot": item.slot, "place": item.place} for item in self.plan.values()]
