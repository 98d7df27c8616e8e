"""The steps of the compiled search: take a meeting out, put it in, undo, and the figures of all that.

Works on one block of whole numbers, filled by `memory`, and keeps every rule of the problem in each step. Nothing
here knows the problem's types, and nothing decides whether a step is worth it: that is `anneal`.
"""
# ruff: noqa: D103 - compiled code: names say it, plain loops are fast, the compiler knows this generator
# mypy: disable-error-code="untyped-decorator,no-any-return,call-arg"

from __future__ import annotations

from typing import Any

from matching.scheduling.layout import (
    BREAKS,
    CHANGES,
    FIGURES,
    HOURS,
    LEFT,
    MINUTES,
    MISSED,
    NONE,
    UNFAIR,
    WAITING,
    bit,
    compiled,
    idle,
    toggle,
)


@compiled
def person_changed(d: Any, o: Any, person: Any) -> Any:
    """Bring the figures of one participant up to date."""
    breaks, waiting = idle(d, o, person, 0, 0)
    minutes = 0
    if o.late > 0:
        for slot in range(o.slots):
            if bit(d, o, o.busy, person, slot):
                minutes += d[o.hours + person * o.slots + slot]
    d[o.figures + BREAKS] += breaks - d[o.breaks + person]
    d[o.figures + WAITING] += waiting - d[o.waiting + person]
    d[o.figures + HOURS] += minutes * minutes - d[o.minutes + person] * d[o.minutes + person]
    d[o.figures + MINUTES] += minutes - d[o.minutes + person]
    if breaks != d[o.breaks + person]:
        d[o.histogram + d[o.breaks + person]] -= 1
        d[o.histogram + breaks] += 1
    d[o.breaks + person] = breaks
    d[o.waiting + person] = waiting
    d[o.minutes + person] = minutes


@compiled
def uneven(d: Any, o: Any) -> Any:
    """How far the numbers of breaks differ more than they may."""
    if d[o.difference] < 0:
        return 0
    least = 0
    while least <= o.slots and d[o.histogram + least] == 0:
        least += 1
    most = o.slots
    while most > 0 and d[o.histogram + most] == 0:
        most -= 1
    return max(0, most - least - d[o.difference])


@compiled
def mark(d: Any, o: Any, person: Any) -> Any:
    if d[o.marked + person] == 0:
        d[o.marked + person] = 1
        d[o.touched + d[o.size + 1]] = person
        d[o.size + 1] += 1


@compiled
def note(d: Any, o: Any, wish: Any) -> Any:
    d[o.log + d[o.size]] = wish
    d[o.old + d[o.size]] = d[o.at + wish]
    d[o.size] += 1


@compiled
def take(d: Any, o: Any, wish: Any) -> Any:
    """Take a placed wish out of its slot."""
    note(d, o, wish)
    slot = d[o.at + wish]
    one = d[o.one + wish]
    other = d[o.other + wish]
    d[o.seat + one * o.slots + slot] = NONE
    d[o.seat + other * o.slots + slot] = NONE
    toggle(d, o, o.busy, one, slot)
    toggle(d, o, o.busy, other, slot)
    d[o.load + slot] -= bit(d, o, o.table, wish, slot)
    d[o.at + wish] = NONE
    d[o.figures + UNFAIR] += (
        d[o.unfair + one * o.depth + d[o.count + one] - 1] - d[o.unfair + one * o.depth + d[o.count + one]]
    )
    d[o.figures + UNFAIR] += (
        d[o.unfair + other * o.depth + d[o.count + other] - 1] - d[o.unfair + other * o.depth + d[o.count + other]]
    )
    d[o.count + one] -= 1
    d[o.count + other] -= 1
    d[o.figures + FIGURES + d[o.count + one]] += 1
    d[o.figures + FIGURES + d[o.count + other]] += 1
    d[o.figures + LEFT] += d[o.weight + wish]
    d[o.figures + MISSED] += d[o.required + wish]
    if d[o.before + wish] == slot:
        d[o.figures + CHANGES] += 1
    mark(d, o, one)
    mark(d, o, other)


@compiled
def put(d: Any, o: Any, wish: Any, slot: Any) -> Any:
    """Place a wish that is out."""
    note(d, o, wish)
    one = d[o.one + wish]
    other = d[o.other + wish]
    d[o.seat + one * o.slots + slot] = wish
    d[o.seat + other * o.slots + slot] = wish
    toggle(d, o, o.busy, one, slot)
    toggle(d, o, o.busy, other, slot)
    d[o.load + slot] += bit(d, o, o.table, wish, slot)
    d[o.at + wish] = slot
    d[o.figures + UNFAIR] += (
        d[o.unfair + one * o.depth + d[o.count + one] + 1] - d[o.unfair + one * o.depth + d[o.count + one]]
    )
    d[o.figures + UNFAIR] += (
        d[o.unfair + other * o.depth + d[o.count + other] + 1] - d[o.unfair + other * o.depth + d[o.count + other]]
    )
    d[o.figures + FIGURES + d[o.count + one]] -= 1
    d[o.figures + FIGURES + d[o.count + other]] -= 1
    d[o.count + one] += 1
    d[o.count + other] += 1
    d[o.figures + LEFT] -= d[o.weight + wish]
    d[o.figures + MISSED] -= d[o.required + wish]
    if d[o.before + wish] == slot:
        d[o.figures + CHANGES] -= 1
    mark(d, o, one)
    mark(d, o, other)


@compiled
def settle(d: Any, o: Any) -> Any:
    """Finish a move: figures of the touched participants."""
    before = uneven(d, o)
    for index in range(d[o.size + 1]):
        person_changed(d, o, d[o.touched + index])
        d[o.marked + d[o.touched + index]] = 0
    d[o.size + 1] = 0
    d[o.figures + MISSED] += uneven(d, o) - before


@compiled
def undo(d: Any, o: Any) -> Any:
    """Take the move back, newest step first."""
    for index in range(d[o.size] - 1, -1, -1):
        wish = d[o.log + index]
        old = d[o.old + index]
        if old == NONE:
            take(d, o, wish)
        else:
            put(d, o, wish, old)
        d[o.size] -= 1
    d[o.size] = 0
    settle(d, o)


@compiled
def in_order(d: Any, o: Any, wish: Any) -> Any:
    """Whether a wish stands right among those it waits for and those waiting for it."""
    slot = d[o.at + wish]
    if slot >= 0:
        for index in range(d[o.after_at + wish], d[o.after_at + wish + 1]):
            earlier = d[o.at + d[o.after + index]]
            if earlier < 0 or earlier >= slot:
                return False
    for index in range(d[o.later_at + wish], d[o.later_at + wish + 1]):
        later = d[o.at + d[o.later + index]]
        if later >= 0 and (slot < 0 or slot >= later):
            return False
    return True


@compiled
def full(d: Any, o: Any, person: Any) -> Any:
    """Whether a participant has as many meetings as possible."""
    return d[o.count + person] >= d[o.limit + person]


@compiled
def fits(d: Any, o: Any, wish: Any, slot: Any) -> Any:
    """Whether a wish that is out can simply be placed in a slot."""
    one = d[o.one + wish]
    other = d[o.other + wish]
    return (
        bit(d, o, o.allowed, wish, slot)
        and d[o.seat + one * o.slots + slot] < 0
        and d[o.seat + other * o.slots + slot] < 0
        and (d[o.load + slot] < d[o.capacity + slot] or not bit(d, o, o.table, wish, slot))
        and not full(d, o, one)
        and not full(d, o, other)
    )
