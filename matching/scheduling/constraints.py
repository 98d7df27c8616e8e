"""The hard rules of a plan, one function each; the first line of a docstring is the rule. No objective here.

Every rule is written a second time in `check`, and a test takes each one out to see that the check complains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from matching.scheduling.variables import Variables


def allowed_slots(v: Variables) -> None:
    """A wish that names its slots is placed in one of them."""
    for wish, named in enumerate(v.grid.named):
        if named is not None:
            for slot in set(v.grid.slots) - named:
                v.model.add(v.x[wish][slot] == 0)


def availability(v: Variables) -> None:
    """Nobody meets while unavailable."""
    for person, away in enumerate(v.grid.away):
        for slot in away:
            for literal in v.of(person, slot):
                v.model.add(literal == 0)


def modes(v: Variables) -> None:
    """A wish for a table is placed only where both are on site."""
    for wish, who in enumerate(v.grid.problem.wishes):
        if who.mode == "table":
            for slot in {slot for person in v.grid.pairs[wish] for slot in v.grid.remote[person]}:
                v.model.add(v.x[wish][slot] == 0)


def one_at_a_time(v: Variables) -> None:
    """Nobody has two meetings in one slot."""
    for person in v.grid.people:
        for slot in v.grid.slots:
            v.model.add_at_most_one(v.of(person, slot))

    def implied() -> None:  # busy slots are as many as meetings: adds nothing but speed
        for person, row in enumerate(v.busy):
            v.model.add(sum(row) == sum(v.placed[wish] for wish in v.grid.wishes_of[person]))

    v.with_busy(implied)


def places(v: Variables) -> None:
    """Every meeting has a place of its own that exists and can be used in its slot."""
    for slot, capacity in enumerate(v.grid.capacity):
        seated = [v.x[wish][slot] for wish in v.grid.wishes if v.grid.at_table(wish, slot)]
        if capacity < len(seated):
            v.model.add(sum(seated) <= capacity)

    def implied() -> None:  # two people at a place: twenty times faster proofs on the published events
        for slot, capacity in enumerate(v.grid.capacity):
            if 2 * capacity < len(v.grid.people) and v.grid.only_tables:
                v.model.add(sum(row[slot] for row in v.busy) <= 2 * capacity)

    v.with_busy(implied)
    _places_of_pins(v)


def _places_of_pins(v: Variables) -> None:
    named = v.grid.problem.places
    usable = {place.id: place.slots for place in named} if isinstance(named, tuple) else {}
    seats: dict[tuple[str, str | int], list[int]] = {}
    for pin in v.grid.problem.pins:
        wish, slot = v.grid.wish_of[pin.wish], v.grid.slot_of[pin.slot]
        if pin.place is not None:
            seats.setdefault((pin.slot, pin.place), []).append(wish)
            allowed = usable.get(str(pin.place)) if isinstance(named, tuple) else None
            closed = allowed is not None and pin.slot not in allowed
            if closed or not v.grid.at_table(wish, slot):
                v.model.add(v.x[wish][slot] == 0)
    for (name, _), wishes in seats.items():
        v.model.add_at_most_one(v.x[wish][v.grid.slot_of[name]] for wish in wishes)


def max_meetings(v: Variables) -> None:
    """Nobody has more meetings than the own maximum."""
    for person, who in enumerate(v.grid.problem.participants):
        if who.max_meetings is not None and who.max_meetings < len(v.grid.wishes_of[person]):
            v.model.add(sum(v.placed[wish] for wish in v.grid.wishes_of[person]) <= who.max_meetings)


def required(v: Variables) -> None:
    """A required wish is placed."""
    for wish, who in enumerate(v.grid.problem.wishes):
        if who.required:
            v.model.add(v.placed[wish] == 1)


def pins(v: Variables) -> None:
    """A pinned wish stays in its slot, and at its place when the pin names one."""
    for wish, slot in v.grid.pinned.items():
        v.model.add(v.x[wish][slot] == 1)


def after(v: Variables) -> None:
    """A wish is placed only if all wishes in its `after` are, and in earlier slots."""
    for wish, earlier in enumerate(v.grid.after):
        for other in earlier:
            v.model.add_implication(v.placed[wish], v.placed[other])
            for slot in v.grid.slots:  # in `slot` or before only if the other one is before `slot`
                v.model.add(sum(v.x[wish][: slot + 1]) <= sum(v.x[other][:slot]))


def break_difference(v: Variables) -> None:
    """No two participants' numbers of breaks differ by more than the problem allows."""
    most = v.grid.problem.max_break_difference
    if most is None or not v.breaks or not v.breaks[0]:
        return
    least = v.model.new_int_var(0, len(v.grid.slots), "least breaks")
    for row in v.breaks:
        v.model.add(sum(row) >= least)
        v.model.add(sum(row) <= least + most)


CONSTRAINTS: tuple[Callable[[Variables], None], ...] = (
    allowed_slots,
    availability,
    modes,
    one_at_a_time,
    places,
    max_meetings,
    required,
    pins,
    after,
    break_difference,
)
