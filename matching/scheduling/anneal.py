"""The compiled search over whole plans: simulated annealing with chains, on the block of numbers that `moves` knows.

The meetings of two slots form paths and circles, since nobody has two meetings in a slot; exchanging the slots along
one of them keeps everybody's number of meetings (Kempe 1879; for edge colouring see Vizing 1964).
"""
# ruff: noqa: PLR0917, PLR0913, PLR0911, C901, NPY002, SIM110 - compiled code: see `moves`
# mypy: disable-error-code="untyped-decorator,no-any-return,call-arg"

from __future__ import annotations

from typing import Any

import numpy as np

from matching.scheduling.moves import (
    FIGURES,
    NONE,
    compiled,
    fits,
    full,
    in_order,
    push,
    put,
    settle,
    somebody,
    take,
    undo,
)

# The compiler keeps its work per file and does not look into `moves`: this line changes with it (a test says so).
MOVES = "83fe573ea40466b0"
# Longer paths change too many days at once to be accepted.
LONGEST = 12
# How often a meeting tries its slot of the previous plan rather than any.
HOMESICK = 0.3


@compiled
def walk(d: Any, o: Any, person: Any, here: Any, there: Any, stop: Any, length: Any, longest: Any) -> Any:
    """Add to the path what must change slots when a participant's meeting in `here` does; the new length, or NONE.

    Ends at `stop`, the meeting that closes a circle. NONE when a meeting on the way can't move.
    """
    wish = d[o.seat + person * o.slots + here]
    while wish >= 0 and wish != stop:
        if length >= longest or d[o.fixed + wish] or not d[o.allowed + wish * o.slots + there]:
            return NONE
        d[o.path + length] = wish
        length += 1
        person = d[o.other + wish] if d[o.one + wish] == person else d[o.one + wish]
        here, there = there, here
        wish = d[o.seat + person * o.slots + here]
    return length


@compiled
def exchange(d: Any, o: Any, length: Any, here: Any, there: Any) -> Any:
    """Move the meetings of the path into the other slot each."""
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
def whole(d: Any, o: Any, wish: Any, there: Any, longest: Any) -> Any:
    """Put the whole path through a placed wish into `path`; its length, or NONE when it can't change slots."""
    here = d[o.at + wish]
    if d[o.fixed + wish] or not d[o.allowed + wish * o.slots + there]:
        return NONE
    d[o.path] = wish
    length = walk(d, o, d[o.one + wish], there, here, wish, 1, longest)
    if length == NONE:
        return NONE
    far = d[o.seat + d[o.other + wish] * o.slots + there]
    if far >= 0 and (length == 1 or d[o.path + length - 1] != far):  # else a circle, complete already
        length = walk(d, o, d[o.other + wish], there, here, wish, length, longest)
    return length


@compiled
def chain(d: Any, o: Any, wish: Any, there: Any, longest: Any) -> Any:
    """Exchange two slots along the path through a placed wish, and back along another when places get short."""
    here = d[o.at + wish]
    length = whole(d, o, wish, there, longest)
    if length == NONE:
        return False
    exchange(d, o, length, here, there)
    if roomy(d, o, there):
        return roomy(d, o, here)
    rival = somebody(d, o, there)
    if rival < 0:
        return False
    length = whole(d, o, rival, here, longest)
    if length == NONE:
        return False
    exchange(d, o, length, there, here)
    return roomy(d, o, here) and roomy(d, o, there)


@compiled
def insert(d: Any, o: Any, wish: Any) -> Any:
    """Place a wish that is out by a chain: one is free in one slot, the other in another; False when it fails."""
    one = d[o.one + wish]
    other = d[o.other + wish]
    if np.random.randint(2):
        one, other = other, one
    if d[o.count + one] >= d[o.limit + one] or d[o.count + other] >= d[o.limit + other]:
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
    slots = o.slots
    begin = np.random.randint(o.slots)
    for step in range(slots):
        slot = begin + step
        if slot >= slots:
            slot -= slots
        if d[o.seat + person * o.slots + slot] < 0 and d[o.allowed + wish * o.slots + slot]:
            return slot
    return NONE


@compiled
def propose(d: Any, o: Any, wish: Any, slot: Any) -> Any:
    """Make one random move; False when it turned out to break a rule."""
    if d[o.at + wish] < 0:
        if np.random.random() < 0.5:
            return insert(d, o, wish)
        return d[o.allowed + wish * o.slots + slot] and push(d, o, wish, slot)
    if d[o.at + wish] == slot or not d[o.allowed + wish * o.slots + slot]:
        return False
    if np.random.random() < 0.8:
        return chain(d, o, wish, slot, LONGEST)
    return push(d, o, wish, slot)


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


@compiled
def fill(d: Any, o: Any, order: Any, tries: Any) -> Any:
    """Place the wishes one after the other, each directly or by one of some chains; what fits nowhere stays out."""
    for wish in order:
        if d[o.at + wish] >= 0 or full(d, o, d[o.one + wish]) or full(d, o, d[o.other + wish]):
            continue
        placed = settle_in(d, o, wish)
        chances = tries
        while not placed and chances > 0:
            chances -= 1
            placed = insert(d, o, wish) and ordered(d, o)
            if not placed:
                undo(d, o)
        settle(d, o)
        d[o.size] = 0


@compiled
def better(d: Any, o: Any, best: Any, order: Any) -> Any:
    """Whether the figures are lexicographically smaller than the best."""
    for index in order:
        if d[o.figures + index] != best[index]:
            return d[o.figures + index] < best[index]
    return False


@compiled
def keep(d: Any, o: Any, best_at: Any, best: Any) -> None:
    """Copy the present plan and its figures to where the best plan is kept."""
    for index in range(FIGURES):
        best[index] = d[o.figures + index]
    for index in range(o.wishes):
        best_at[index] = d[o.at + index]


@compiled
def seed_random(seed: Any) -> Any:
    """Begin a reproducible sequence in the compiled code's own generator."""
    np.random.seed(seed)


@compiled
def anneal(
    d: Any, o: Any, price: Any, ceiling: Any, order: Any, best_at: Any, best: Any, steps: Any, hot: Any, cold: Any
) -> Any:
    """Run moves while the temperature falls from hot to cold; keep the best plan in `best_at`, its figures in `best`.

    A move is accepted when it is cheaper by `price`, or by chance, and never when a figure exceeds its ceiling.
    """
    precedence = o.precedence > 0
    energy = 0.0
    for index in range(FIGURES):
        energy += price[index] * d[o.figures + index]
    cooling = (cold / hot) ** (1.0 / max(steps, 1))
    heat = hot
    for _ in range(steps):
        heat *= cooling
        wish = np.random.randint(o.wishes)
        if d[o.fixed + wish]:
            continue
        slot = np.random.randint(o.slots)
        if d[o.before + wish] >= 0 and np.random.random() < HOMESICK:
            slot = d[o.before + wish]
        good = propose(d, o, wish, slot)
        if d[o.size] == 0:
            continue
        if good and precedence:
            good = ordered(d, o)
        settle(d, o)
        after = 0.0
        for index in range(FIGURES):
            after += price[index] * d[o.figures + index]
            if d[o.figures + index] > ceiling[index]:
                good = False
        if not good or (after > energy and np.random.random() >= np.exp((energy - after) / heat)):
            undo(d, o)
            continue
        d[o.size] = 0
        energy = after
        if better(d, o, best, order):
            keep(d, o, best_at, best)
