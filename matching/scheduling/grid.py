"""The problem as numbers: positions instead of ids, whole weights, capacities. Decides nothing, knows no solver."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from matching.scheduling.problem import MODES
from matching.scheduling.values import minutes_outside, possible_meetings

if TYPE_CHECKING:
    from matching.scheduling.bounds import Relaxed
    from matching.scheduling.problem import Problem
    from matching.scheduling.solution import Solution

# Weights become whole numbers with at most this many decimals; finer differences are rounded away.
DECIMALS = 6
# Whole weights together stay below this, so that no sum overflows or loses its last digit.
LARGEST_TOTAL = 2.0**52
UNPLACED = -1


@dataclass(frozen=True)
class Grid:
    """Positions of slots, participants and wishes in the problem's order. Rows and columns start at 0."""

    problem: Problem
    previous: Solution | None = None
    # What `bounds` found out about this problem, so that it is computed once.
    relaxed: Relaxed | None = field(default=None, init=False, compare=False, repr=False)

    @cached_property
    def slot_of(self) -> dict[str, int]:
        """Position of each slot."""
        return {slot.id: number for number, slot in enumerate(self.problem.slots)}

    @cached_property
    def person_of(self) -> dict[str, int]:
        """Position of each participant."""
        return {person.id: number for number, person in enumerate(self.problem.participants)}

    @cached_property
    def wish_of(self) -> dict[str, int]:
        """Position of each wish."""
        return {wish.id: number for number, wish in enumerate(self.problem.wishes)}

    @property
    def slots(self) -> range:
        """All slots."""
        return range(len(self.problem.slots))

    @property
    def people(self) -> range:
        """All participants."""
        return range(len(self.problem.participants))

    @property
    def wishes(self) -> range:
        """All wishes."""
        return range(len(self.problem.wishes))

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """The two participants of each wish."""
        position = self.person_of
        return [(position[wish.participants[0]], position[wish.participants[1]]) for wish in self.problem.wishes]

    @cached_property
    def wishes_of(self) -> list[list[int]]:
        """The wishes of each participant."""
        found: list[list[int]] = [[] for _ in self.people]
        for wish, pair in enumerate(self.pairs):
            for person in pair:
                found[person].append(wish)
        return found

    @cached_property
    def scale(self) -> int:
        """What turns weights into whole numbers."""
        weights = {wish.weight for wish in self.problem.wishes}
        decimals = (-int(Decimal(str(weight)).normalize().as_tuple().exponent) for weight in weights)
        total = sum(wish.weight for wish in self.problem.wishes)
        room = max(0, math.floor(math.log10(LARGEST_TOTAL / total))) if total else 0
        return int(10 ** max(0, min(DECIMALS, room, max(decimals, default=0))))

    @cached_property
    def weights(self) -> list[int]:
        """Whole weights, at least 1: a wish always counts."""
        return [max(1, round(wish.weight * self.scale)) for wish in self.problem.wishes]

    @cached_property
    def rounding(self) -> float:
        """The most by which a plan's real weight can exceed its whole weight: 0 where whole weights lose nothing."""
        pairs = zip(self.weights, self.problem.wishes, strict=True)
        return math.fsum(max(0.0, wish.weight - weight / self.scale) for weight, wish in pairs)

    @cached_property
    def away(self) -> list[set[int]]:
        """The slots in which each participant can't meet."""
        return [{self.slot_of[name] for name in person.unavailable} for person in self.problem.participants]

    @cached_property
    def remote(self) -> list[set[int]]:
        """The slots in which each participant is online only."""
        return [{self.slot_of[name] for name in person.online} for person in self.problem.participants]

    @cached_property
    def only_tables(self) -> bool:
        """Whether every meeting needs a place."""
        return all(wish.mode == "table" for wish in self.problem.wishes)

    @cached_property
    def table(self) -> Any:
        """Whether each wish (row) would take a place in each slot (column), as an array."""
        import numpy as np

        modes = np.array([MODES.index(wish.mode) for wish in self.problem.wishes], np.int8)[:, None]
        remote = self._either_of(self.remote)
        return (modes == MODES.index("table")) | ((modes == MODES.index("either")) & ~remote)

    def at_table(self, wish: int, slot: int) -> bool:
        """Whether a wish would take a place in a slot."""
        return self.only_tables or bool(self.table[wish, slot])

    @cached_property
    def named(self) -> list[set[int] | None]:
        """The slots each wish names, None when any will do."""
        return [
            None if wish.slots is None else {self.slot_of[name] for name in wish.slots} for wish in self.problem.wishes
        ]

    @cached_property
    def capacity(self) -> list[int]:
        """How many meetings fit into each slot."""
        places = self.problem.places
        if isinstance(places, int):
            return [places] * len(self.slots)
        if places is None:
            return [len(self.wishes)] * len(self.slots)
        return [sum(place.slots is None or slot.id in place.slots for place in places) for slot in self.problem.slots]

    @cached_property
    def pinned(self) -> dict[int, int]:
        """The slot of each pinned wish."""
        return {self.wish_of[pin.wish]: self.slot_of[pin.slot] for pin in self.problem.pins}

    @cached_property
    def open(self) -> Any:
        """Whether each wish (row) could be in each slot (column) by itself, as an array; a pinned wish only at its pin."""
        import numpy as np

        closed = self._either_of(self.away)
        only_on_site = np.array([wish.mode == "table" for wish in self.problem.wishes], bool)[:, None]
        closed |= only_on_site & self._either_of(self.remote)
        closed |= self.table & (np.array(self.capacity, np.int64) == 0)
        found = ~closed
        for wish, named in enumerate(self.named):
            if named is not None:
                found[wish] &= np.isin(np.arange(len(self.slots)), list(named))
        for wish, slot in self.pinned.items():
            found[wish] &= np.arange(len(self.slots)) == slot
        return found

    def _either_of(self, sets: list[set[int]]) -> Any:
        """Whether a slot is in the set of one of the two participants, per wish and slot, as an array."""
        import numpy as np

        rows = np.zeros((len(self.people), len(self.slots)), bool)
        for person, slots in enumerate(sets):
            rows[person, list(slots)] = True
        pairs = np.array(self.pairs, np.int64).reshape(-1, 2)
        return rows[pairs[:, 0]] | rows[pairs[:, 1]]

    @cached_property
    def allowed(self) -> list[tuple[int, ...]]:
        """The slots in which each wish could be by itself, in order."""
        ends = self.open.sum(axis=1).cumsum().tolist()
        slots = tuple(self.open.nonzero()[1].tolist())
        return [slots[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]

    @cached_property
    def free(self) -> Any:
        """Whether each participant (row) could be in a meeting in each slot (column), as an array."""
        import numpy as np

        ends = np.array(self.pairs, np.int64).reshape(-1, 2).ravel()
        order = np.argsort(ends, kind="stable")
        found = np.zeros((len(self.people), len(self.slots)), bool)
        people, begins = np.unique(ends[order], return_index=True)
        if len(people):
            found[people] = np.logical_or.reduceat(self.open[order // 2], begins, axis=0)
        return found

    @cached_property
    def limit(self) -> list[int]:
        """The most meetings each participant can have: own maximum, own wishes, slots in which one could be."""
        most = possible_meetings(self.problem)
        slots = self.free.sum(axis=1).tolist()
        return [min(most[person.id], count) for person, count in zip(self.problem.participants, slots, strict=True)]

    @cached_property
    def after(self) -> list[tuple[int, ...]]:
        """The wishes that must be placed before each wish."""
        return [tuple(self.wish_of[name] for name in wish.after) for wish in self.problem.wishes]

    @cached_property
    def required(self) -> list[bool]:
        """Whether each wish must be placed; pinned wishes are."""
        return [wish.required or number in self.pinned for number, wish in enumerate(self.problem.wishes)]

    @cached_property
    def before(self) -> dict[int, int]:
        """The previous slot of each wish that had one; a slot that is gone is `UNPLACED`."""
        items = self.previous.assignments if self.previous else ()
        return {
            self.wish_of[item.wish]: self.slot_of.get(item.slot, UNPLACED)
            for item in items
            if item.wish in self.wish_of
        }

    @cached_property
    def place_before(self) -> dict[int, str | int | None]:
        """The previous place of each wish that had one."""
        items = self.previous.assignments if self.previous else ()
        return {self.wish_of[item.wish]: item.place for item in items if item.wish in self.wish_of}

    @cached_property
    def hours(self) -> list[list[int]]:
        """Minutes outside working hours of each participant in each slot."""
        return [[minutes_outside(person, slot) for slot in self.problem.slots] for person in self.problem.participants]

    @cached_property
    def later(self) -> list[tuple[int, ...]]:
        """The wishes that wait for each wish."""
        found: dict[int, list[int]] = defaultdict(list)
        for wish, earlier in enumerate(self.after):
            for other in earlier:
                found[other].append(wish)
        return [tuple(found.get(wish, ())) for wish in self.wishes]
