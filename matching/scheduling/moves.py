"""The moves of the compiled search: take a meeting out, put it in, push others out, undo, and the figures of all that.

Works on one block of whole numbers, laid out by `memory`, and keeps every rule of the problem in each step. Nothing
here knows the problem's types, and nothing decides whether a move is worth it: that is `anneal`.
"""
# ruff: noqa: D103, C901, NPY002 - compiled code: names say it, plain loops are fast, the compiler knows this generator
# mypy: disable-error-code="untyped-decorator,no-any-return,call-arg"

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
from numba import njit

# Figures kept up to date: rules missed, weight left out, unfairness, breaks, waiting, changes, squared and total minutes.
FIGURES = 8
MISSED, LEFT, UNFAIR, BREAKS, WAITING, CHANGES, HOURS, MINUTES = range(FIGURES)
NONE = -1

# One block of whole numbers `d` and where each table begins in it, `o`: passing forty arrays costs more than the moves.
TABLES: str = (
    "one other weight required fixed before after_at later_at at allowed table "  # per wish
    "owned_at limit count breaks waiting minutes marked touched hours seat unfair "  # per participant
    "capacity load histogram owned after later log old path figures size difference"
)
Offsets = namedtuple("Offsets", f"wishes people slots depth precedence room {TABLES}")  # type: ignore[misc]  # noqa: PYI024 - the compiler's kind


def compiled(function: Any) -> Any:
    """Compile when first called, and keep the result on disk where a folder can be written."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder for it, as in a read-only container: compile in every process
        return njit(nogil=True)(function)


@compiled
def person_changed(d: Any, o: Any, person: Any) -> Any:
    """Bring the figures of one participant up to date."""
    last = NONE
    breaks = 0
    waiting = 0
    minutes = 0
    for slot in range(o.slots):
        if d[o.seat + person * o.slots + slot] >= 0:
            if last >= 0 and slot - last > 1:
                breaks += 1
                waiting += slot - last - 1
            last = slot
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
    d[o.load + slot] -= d[o.table + wish * o.slots + slot]
    d[o.at + wish] = NONE
    d[o.figures + UNFAIR] += (
        d[o.unfair + one * o.depth + d[o.count + one] - 1] - d[o.unfair + one * o.depth + d[o.count + one]]
    )
    d[o.figures + UNFAIR] += (
        d[o.unfair + other * o.depth + d[o.count + other] - 1] - d[o.unfair + other * o.depth + d[o.count + other]]
    )
    d[o.count + one] -= 1
    d[o.count + other] -= 1
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
    d[o.load + slot] += d[o.table + wish * o.slots + slot]
    d[o.at + wish] = slot
    d[o.figures + UNFAIR] += (
        d[o.unfair + one * o.depth + d[o.count + one] + 1] - d[o.unfair + one * o.depth + d[o.count + one]]
    )
    d[o.figures + UNFAIR] += (
        d[o.unfair + other * o.depth + d[o.count + other] + 1] - d[o.unfair + other * o.depth + d[o.count + other]]
    )
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
def fits(d: Any, o: Any, wish: Any, slot: Any) -> Any:
    """Whether a wish that is out can simply be placed in a slot."""
    one = d[o.one + wish]
    other = d[o.other + wish]
    return (
        d[o.allowed + wish * o.slots + slot]
        and d[o.seat + one * o.slots + slot] < 0
        and d[o.seat + other * o.slots + slot] < 0
        and (d[o.load + slot] < d[o.capacity + slot] or not d[o.table + wish * o.slots + slot])
        and d[o.count + one] < d[o.limit + one]
        and d[o.count + other] < d[o.limit + other]
    )


@compiled
def full(d: Any, o: Any, person: Any) -> Any:
    """Whether a participant has as many meetings as possible."""
    return d[o.count + person] >= d[o.limit + person]


@compiled
def place_again(d: Any, o: Any, wish: Any, first: Any) -> Any:
    """Find another slot for a wish pushed out: the given one, else the first that fits from a random one on."""
    if first >= 0 and fits(d, o, wish, first):
        put(d, o, wish, first)
        return
    slots = o.slots
    if full(d, o, d[o.one + wish]) or full(d, o, d[o.other + wish]):
        return
    begin = np.random.randint(slots)
    for step in range(slots):
        slot = begin + step
        if slot >= slots:
            slot -= slots
        if fits(d, o, wish, slot):
            put(d, o, wish, slot)
            return


@compiled
def somebody(d: Any, o: Any, slot: Any) -> Any:
    """A random movable meeting of a slot that takes a place, or NONE."""
    for _ in range(60):
        candidate = d[o.seat + np.random.randint(o.people) * o.slots + slot]
        if candidate >= 0 and not d[o.fixed + candidate] and d[o.table + candidate * o.slots + slot]:
            return candidate
    return NONE


@compiled
def push(d: Any, o: Any, wish: Any, slot: Any) -> Any:
    """Put a wish into a slot and push out what is in the way; False when that can't be pushed."""
    home = d[o.at + wish]
    if home >= 0:
        take(d, o, wish)
    pushed = np.empty(5, np.int64)
    number = 0
    for person in (d[o.one + wish], d[o.other + wish]):
        rival = d[o.seat + person * o.slots + slot]
        if rival >= 0:
            if d[o.fixed + rival]:
                return False
            take(d, o, rival)
            pushed[number] = rival
            number += 1
    if d[o.load + slot] >= d[o.capacity + slot] and d[o.table + wish * o.slots + slot]:
        rival = somebody(d, o, slot)
        if rival < 0:
            return False
        take(d, o, rival)
        pushed[number] = rival
        number += 1
    for person in (d[o.one + wish], d[o.other + wish]):
        if d[o.count + person] >= d[o.limit + person]:
            rival = NONE
            size = d[o.owned_at + person + 1] - d[o.owned_at + person]
            for _ in range(20):
                candidate = d[o.owned + d[o.owned_at + person] + np.random.randint(size)]
                if d[o.at + candidate] >= 0 and not d[o.fixed + candidate]:
                    rival = candidate
                    break
            if rival < 0:
                return False
            take(d, o, rival)
            pushed[number] = rival
            number += 1
    put(d, o, wish, slot)
    for index in range(number):
        place_again(d, o, pushed[index], home)
    return True


@compiled
def restore(d: Any, o: Any, wanted: Any) -> Any:
    """Bring the state to a plan."""
    for wish in range(o.wishes):
        d[o.size] = 0
        if d[o.at + wish] != wanted[wish] and d[o.at + wish] >= 0:
            take(d, o, wish)
    for wish in range(o.wishes):
        d[o.size] = 0
        if d[o.at + wish] != wanted[wish] and wanted[wish] >= 0:
            put(d, o, wish, wanted[wish])
    d[o.size] = 0
    settle(d, o)
