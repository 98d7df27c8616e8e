"""Moves that make room: by pushing others out, or by exchanging two slots along a chain of meetings.

The meetings of two slots form paths and circles, since nobody has two meetings in a slot; exchanging the slots along
one of them keeps everybody's number of meetings (Kempe 1879; for edge colouring see Vizing 1964).
"""
# ruff: noqa: PLR0911, C901, SIM110 - compiled code: see `moves`
# mypy: disable-error-code="untyped-decorator,no-any-return,call-arg"

from __future__ import annotations

from typing import Any

from matching.scheduling.layout import NONE, bit, compiled, pick
from matching.scheduling.moves import fits, full, in_order, put, take, undo

# Longer paths take longer to walk than they are worth.
LONGEST = 40


@compiled
def walk(d: Any, o: Any, person: Any, here: Any, there: Any, stop: Any, length: Any, longest: Any) -> Any:
    """Add to the path what must change slots when a participant's meeting in `here` does; the new length, or NONE.

    Ends at `stop`, the meeting that closes a circle; otherwise the last participant is noted behind `size`. NONE when a
    meeting on the way can't move (a fixed one has no other slot).
    """
    wish = d[o.seat + person * o.slots + here]
    while wish >= 0 and wish != stop:
        if length >= longest or not bit(d, o, o.allowed, wish, there):
            return NONE
        d[o.path + length] = wish
        length += 1
        person ^= d[o.both + wish]
        here, there = there, here
        wish = d[o.seat + person * o.slots + here]
    d[o.size + 2] = person
    return length


@compiled
def exchange(d: Any, o: Any, length: Any, here: Any, there: Any) -> Any:
    """Move the meetings of the path, or of several, into the other slot each."""
    begin = d[o.size]
    for index in range(length):
        take(d, o, d[o.path + index])
    for index in range(length):
        put(d, o, d[o.path + index], here + there - d[o.old + begin + index])


@compiled
def roomy(d: Any, o: Any, slot: Any) -> Any:
    """Whether a slot has no more meetings than places."""
    return d[o.load + slot] <= d[o.capacity + slot]


@compiled
def whole(d: Any, o: Any, wish: Any, there: Any) -> Any:
    """Put the whole path through a placed wish into `path`; its length, or NONE when it can't change slots."""
    here = d[o.at + wish]
    if not bit(d, o, o.allowed, wish, there):
        return NONE
    d[o.path] = wish
    length = walk(d, o, d[o.one + wish], there, here, wish, 1, LONGEST)
    if length == NONE:
        return NONE
    far = d[o.seat + d[o.other + wish] * o.slots + there]
    if far >= 0 and (length == 1 or d[o.path + length - 1] != far):  # else a circle, complete already
        length = walk(d, o, d[o.other + wish], there, here, wish, length, LONGEST)
    return length


@compiled
def chain(d: Any, o: Any, wish: Any, there: Any) -> Any:
    """Exchange two slots along the path through a placed wish, and back along another when places get short."""
    here = d[o.at + wish]
    length = whole(d, o, wish, there)
    if length == NONE:
        return False
    exchange(d, o, length, here, there)
    if roomy(d, o, there):
        return roomy(d, o, here)
    rival = somebody(d, o, there)
    if rival < 0:
        return False
    length = whole(d, o, rival, here)
    if length == NONE:
        return False
    exchange(d, o, length, there, here)
    return roomy(d, o, here) and roomy(d, o, there)


@compiled
def insert(d: Any, o: Any, wish: Any) -> Any:
    """Place a wish that is out by a chain: one is free in one slot, the other in another; False when it fails."""
    one = d[o.one + wish]
    other = d[o.other + wish]
    if pick(d, o, 2):
        one, other = other, one
    if full(d, o, one) or full(d, o, other):
        return False
    slot = free_slot(d, o, wish, one)
    if slot < 0:
        return False
    if d[o.seat + other * o.slots + slot] >= 0:
        there = free_slot(d, o, wish, other)
        if there < 0 or there == slot:
            return False
        length = walk(d, o, other, slot, there, NONE, 0, o.wishes)
        if length == NONE:
            return False
        exchange(d, o, length, slot, there)
        if not roomy(d, o, there):
            return False
    if not fits(d, o, wish, slot):
        return False
    put(d, o, wish, slot)
    return True


@compiled
def free_slot(d: Any, o: Any, wish: Any, person: Any) -> Any:
    """A random slot in which a wish may be and a participant doesn't meet."""
    begin = pick(d, o, o.slots)
    for step in range(o.slots):
        slot = (begin + step) % o.slots
        if d[o.seat + person * o.slots + slot] < 0 and bit(d, o, o.allowed, wish, slot):
            return slot
    return NONE


@compiled
def place_again(d: Any, o: Any, wish: Any, first: Any) -> Any:
    """Find another slot for a wish pushed out: the given one, else the first that fits from a random one on."""
    if first >= 0 and fits(d, o, wish, first):
        put(d, o, wish, first)
        return
    if full(d, o, d[o.one + wish]) or full(d, o, d[o.other + wish]):
        return
    begin = pick(d, o, o.slots)
    for step in range(o.slots):
        slot = (begin + step) % o.slots
        if fits(d, o, wish, slot):
            put(d, o, wish, slot)
            return


@compiled
def somebody(d: Any, o: Any, slot: Any) -> Any:
    """A random movable meeting of a slot that takes a place, or NONE."""
    for _ in range(60):
        candidate = d[o.seat + pick(d, o, o.people) * o.slots + slot]
        if candidate >= 0 and not d[o.fixed + candidate] and bit(d, o, o.table, candidate, slot):
            return candidate
    return NONE


@compiled
def push(d: Any, o: Any, wish: Any, slot: Any) -> Any:
    """Put a wish into a slot and push out what is in the way; False when that can't be pushed."""
    home = d[o.at + wish]
    if home >= 0:
        take(d, o, wish)
    number = 0
    for person in (d[o.one + wish], d[o.other + wish]):
        rival = d[o.seat + person * o.slots + slot]
        if rival >= 0:
            if d[o.fixed + rival]:
                return False
            take(d, o, rival)
            d[o.pushed + number] = rival
            number += 1
    if d[o.load + slot] >= d[o.capacity + slot] and bit(d, o, o.table, wish, slot):
        rival = somebody(d, o, slot)
        if rival < 0:
            return False
        take(d, o, rival)
        d[o.pushed + number] = rival
        number += 1
    for person in (d[o.one + wish], d[o.other + wish]):
        if full(d, o, person):
            rival = NONE
            size = d[o.owned_at + person + 1] - d[o.owned_at + person]
            for _ in range(20):
                candidate = d[o.owned + d[o.owned_at + person] + pick(d, o, size)]
                if d[o.at + candidate] >= 0 and not d[o.fixed + candidate]:
                    rival = candidate
                    break
            if rival < 0:
                return False
            take(d, o, rival)
            d[o.pushed + number] = rival
            number += 1
    put(d, o, wish, slot)
    for index in range(number):
        place_again(d, o, d[o.pushed + index], home)
    return True


@compiled
def ordered(d: Any, o: Any) -> Any:
    """Whether the wishes of the move keep their order."""
    for index in range(d[o.size]):
        if not in_order(d, o, d[o.log + index]):
            return False
    return True


@compiled
def settle_in(d: Any, o: Any, wish: Any) -> Any:
    """Place a wish that is out where it was before, else in the emptiest slot that takes it; False when none does."""
    best = NONE
    least = 2.0
    for slot in range(o.slots):
        if not fits(d, o, wish, slot):
            continue
        share = d[o.load + slot] / max(1, d[o.capacity + slot])
        if slot == d[o.before + wish]:
            share = -1.0
        if share >= least:
            continue
        if o.precedence > 0:
            put(d, o, wish, slot)
            right = in_order(d, o, wish)
            undo(d, o)
            if not right:
                continue
        best = slot
        least = share
    if best == NONE:
        return False
    put(d, o, wish, best)
    return True
