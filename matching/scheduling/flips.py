"""Changing times only: one participant's meeting moves, along the path of meetings that have to make room.

In a path between two slots only the two participants at its ends become busy at another time; whoever is in between is
busy in both slots before and after. So a flip is judged from the bits of a few participants before it is made. Whoever
begins it would have to accept their own end at half of what it may cost: one of the two ends always does.
"""
# ruff: noqa: PLR0913, PLR0917 - compiled code: see `moves`
# mypy: disable-error-code="untyped-decorator,no-any-return,call-arg"

from __future__ import annotations

from typing import Any

import numpy as np

from matching.scheduling.chains import LONGEST, exchange, walk
from matching.scheduling.layout import BREAKS, HOURS, MINUTES, NONE, WAITING, bit, compiled, idle, inlined, pick, share

# How many are asked to leave a slot that is full.
ASKED = 100


@inlined
def worth(d: Any, o: Any, price: Any, person: Any, here: Any, there: Any) -> Any:
    """What it costs at these prices that a participant, busy in one of two slots, is busy in the other one."""
    breaks, waiting = idle(d, o, person, here, there)
    cost = price[BREAKS] * (breaks - d[o.breaks + person]) + price[WAITING] * (waiting - d[o.waiting + person])
    if o.late > 0:
        more = d[o.hours + person * o.slots + there] - d[o.hours + person * o.slots + here]
        if bit(d, o, o.busy, person, there):
            more = -more
        after = d[o.minutes + person] + more
        cost += price[MINUTES] * more + price[HOURS] * (after * after - d[o.minutes + person] * d[o.minutes + person])
    return cost


@compiled
def seated(d: Any, o: Any, length: Any, here: Any, there: Any) -> Any:
    """The meetings that a slot would have too many, were those of the path exchanged: in `here`, in `there`."""
    more = 0
    fewer = 0
    for index in range(length):
        wish = d[o.path + index]
        slot = d[o.at + wish]
        if slot == here:
            fewer += bit(d, o, o.table, wish, here)
            more += bit(d, o, o.table, wish, there)
        else:
            fewer -= bit(d, o, o.table, wish, here)
            more -= bit(d, o, o.table, wish, there)
    return d[o.load + here] - fewer - d[o.capacity + here], d[o.load + there] + more - d[o.capacity + there]


@inlined
def busy_in_one(d: Any, o: Any, person: Any, here: Any, there: Any) -> Any:
    """Whether a participant is busy in the first of two slots and not in the second."""
    return bit(d, o, o.busy, person, here) and not bit(d, o, o.busy, person, there)


@inlined
def ends(d: Any, o: Any, price: Any, room: Any, person: Any, here: Any, there: Any, length: Any) -> Any:
    """Add the path from a participant busy in `here` only; its new length and cost, length NONE when it can't be."""
    cost = worth(d, o, price, person, here, there)
    if 2.0 * cost > room:
        return NONE, cost
    length = walk(d, o, person, here, there, NONE, length, length + LONGEST)
    if length == NONE:
        return NONE, cost
    cost += worth(d, o, price, d[o.size + 2], here, there)
    return (length if cost <= room else NONE), cost


@inlined
def flip(d: Any, o: Any, price: Any, heat: Any) -> Any:
    """Move a random participant from one slot to another; what the whole move may cost, or less than 0 when it was not made."""
    person = pick(d, o, o.people)
    here = pick(d, o, o.slots)
    if not bit(d, o, o.busy, person, here):
        return -1.0
    there = pick(d, o, o.slots)
    if bit(d, o, o.busy, person, there):
        return -1.0
    room = -heat * np.log(share(d, o))
    length, cost = ends(d, o, price, room, person, here, there, 0)
    if length == NONE:
        return -1.0
    end = d[o.size + 2]
    over, above = seated(d, o, length, here, there)
    if over > 0 or (above > 0 and not swapped(d, o, price, room - cost, person, end, here, there, length)):
        return -1.0
    if above <= 0:
        exchange(d, o, length, here, there)
    return room


@compiled
def swapped(d: Any, o: Any, price: Any, room: Any, person: Any, end: Any, here: Any, there: Any, length: Any) -> Any:
    """Exchange the path together with another one that leaves `there` for `here`; whether one was found."""
    for _ in range(ASKED):
        rival = pick(d, o, o.people)
        if rival in (person, end) or not busy_in_one(d, o, rival, there, here):
            continue
        both, _cost = ends(d, o, price, room, rival, there, here, length)
        if both == NONE:
            continue
        over, above = seated(d, o, both, here, there)
        if over <= 0 and above <= 0:
            exchange(d, o, both, here, there)
            return True
    return False
