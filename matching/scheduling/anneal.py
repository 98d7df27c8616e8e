"""The compiled search over whole plans: simulated annealing in which meetings move, push others out and change in chains.

Works on arrays only (see `improve` for their meaning) and keeps every rule of the problem in each step. Nothing here
knows the problem's types. Chains: the meetings of two slots form paths and circles (each person has at most one per
slot); exchanging the slots along one of them keeps everybody's number of meetings (Kempe 1879; for edge colouring see
Vizing 1964).
"""
# ruff: noqa: PLR0913, C901, PLR0912 - compiled code: plain loops over arrays are what the compiler is good at
# mypy: disable-error-code="no-untyped-call,untyped-decorator"

from __future__ import annotations

from collections import namedtuple

import numpy as np
from numba import njit

# Figures kept up to date: rules missed, weight left out, unfairness, breaks, waiting, changes, squared and total minutes.
FIGURES = 8
MISSED, LEFT, UNFAIR, BREAKS, WAITING, CHANGES, HOURS, MINUTES = range(FIGURES)
NONE = -1
# Longer paths change too many days at once to be accepted.
LONGEST = 12

# One block of whole numbers `d` and where each table begins in it, `o`: passing forty arrays costs more than the moves.
TABLES = (
    "one other weight required fixed before after_at later_at at allowed "  # per wish
    "owned_at limit count breaks waiting minutes marked touched hours seat unfair "  # per participant
    "capacity load histogram owned after later log old path figures size difference"
)
Offsets = namedtuple("Offsets", f"wishes people slots depth precedence room {TABLES}")  # noqa: PYI024 - the compiler's kind


@njit(cache=True, nogil=True)
def person_changed(d, o, person):
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


@njit(cache=True, nogil=True)
def uneven(d, o):
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


@njit(cache=True, nogil=True)
def mark(d, o, person):
    if d[o.marked + person] == 0:
        d[o.marked + person] = 1
        d[o.touched + d[o.size + 1]] = person
        d[o.size + 1] += 1


@njit(cache=True, nogil=True)
def note(d, o, wish):
    d[o.log + d[o.size]] = wish
    d[o.old + d[o.size]] = d[o.at + wish]
    d[o.size] += 1


@njit(cache=True, nogil=True)
def take(d, o, wish):
    """Take a placed wish out of its slot."""
    note(d, o, wish)
    slot = d[o.at + wish]
    one = d[o.one + wish]
    other = d[o.other + wish]
    d[o.seat + one * o.slots + slot] = NONE
    d[o.seat + other * o.slots + slot] = NONE
    d[o.load + slot] -= 1
    d[o.at + wish] = NONE
    d[o.figures + UNFAIR] += d[o.unfair + one * o.depth + d[o.count + one] - 1] - d[o.unfair + one * o.depth + d[o.count + one]]
    d[o.figures + UNFAIR] += d[o.unfair + other * o.depth + d[o.count + other] - 1] - d[o.unfair + other * o.depth + d[o.count + other]]
    d[o.count + one] -= 1
    d[o.count + other] -= 1
    d[o.figures + LEFT] += d[o.weight + wish]
    d[o.figures + MISSED] += d[o.required + wish]
    if d[o.before + wish] == slot:
        d[o.figures + CHANGES] += 1
    mark(d, o, one)
    mark(d, o, other)


@njit(cache=True, nogil=True)
def put(d, o, wish, slot):
    """Place a wish that is out."""
    note(d, o, wish)
    one = d[o.one + wish]
    other = d[o.other + wish]
    d[o.seat + one * o.slots + slot] = wish
    d[o.seat + other * o.slots + slot] = wish
    d[o.load + slot] += 1
    d[o.at + wish] = slot
    d[o.figures + UNFAIR] += d[o.unfair + one * o.depth + d[o.count + one] + 1] - d[o.unfair + one * o.depth + d[o.count + one]]
    d[o.figures + UNFAIR] += d[o.unfair + other * o.depth + d[o.count + other] + 1] - d[o.unfair + other * o.depth + d[o.count + other]]
    d[o.count + one] += 1
    d[o.count + other] += 1
    d[o.figures + LEFT] -= d[o.weight + wish]
    d[o.figures + MISSED] -= d[o.required + wish]
    if d[o.before + wish] == slot:
        d[o.figures + CHANGES] -= 1
    mark(d, o, one)
    mark(d, o, other)


@njit(cache=True, nogil=True)
def settle(d, o):
    """Finish a move: figures of the touched participants."""
    before = uneven(d, o)
    for index in range(d[o.size + 1]):
        person_changed(d, o, d[o.touched + index])
        d[o.marked + d[o.touched + index]] = 0
    d[o.size + 1] = 0
    d[o.figures + MISSED] += uneven(d, o) - before


@njit(cache=True, nogil=True)
def undo(d, o):
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


@njit(cache=True, nogil=True)
def in_order(d, o, wish):
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


@njit(cache=True, nogil=True)
def fits(d, o, wish, slot):
    """Whether a wish that is out can simply be placed in a slot."""
    one = d[o.one + wish]
    other = d[o.other + wish]
    return (
        d[o.allowed + wish * o.slots + slot]
        and d[o.seat + one * o.slots + slot] < 0
        and d[o.seat + other * o.slots + slot] < 0
        and d[o.load + slot] < d[o.capacity + slot]
        and d[o.count + one] < d[o.limit + one]
        and d[o.count + other] < d[o.limit + other]
    )


@njit(cache=True, nogil=True)
def full(d, o, person):
    """Whether a participant has as many meetings as possible."""
    return d[o.count + person] >= d[o.limit + person]


@njit(cache=True, nogil=True)
def place_again(d, o, wish, first):
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


@njit(cache=True, nogil=True)
def push(d, o, wish, slot):
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
    if d[o.load + slot] >= d[o.capacity + slot]:
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


@njit(cache=True, nogil=True)
def walk(d, o, person, here, there, stop, length, longest):
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


@njit(cache=True, nogil=True)
def exchange(d, o, length, here, there):
    """Move the meetings of the path into the other slot each."""
    begin = d[o.size]
    for index in range(length):
        take(d, o, d[o.path + index])
    for index in range(length):
        put(d, o, d[o.path + index], here + there - d[o.old + begin + index])


@njit(cache=True, nogil=True)
def roomy(d, o, slot):
    """Whether a slot has no more meetings than places."""
    return d[o.load + slot] <= d[o.capacity + slot]


@njit(cache=True, nogil=True)
def whole(d, o, wish, there, longest):
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


@njit(cache=True, nogil=True)
def chain(d, o, wish, there, longest):
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


@njit(cache=True, nogil=True)
def somebody(d, o, slot):
    """A random movable meeting of a slot, or NONE."""
    for _ in range(60):
        candidate = d[o.seat + np.random.randint(o.people) * o.slots + slot]
        if candidate >= 0 and not d[o.fixed + candidate]:
            return candidate
    return NONE


@njit(cache=True, nogil=True)
def insert(d, o, wish):
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


@njit(cache=True, nogil=True)
def free_slot(d, o, wish, person):
    """A random slot in which a wish may be and a participant doesn't meet."""
    slots = o.slots
    begin = np.random.randint(slots)
    for step in range(slots):
        slot = begin + step
        if slot >= slots:
            slot -= slots
        if d[o.seat + person * o.slots + slot] < 0 and d[o.allowed + wish * o.slots + slot]:
            return slot
    return NONE


@njit(cache=True, nogil=True)
def propose(d, o, wish, slot):
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


@njit(cache=True, nogil=True)
def ordered(d, o):
    """Whether the wishes of the move keep their order."""
    for index in range(d[o.size]):
        if not in_order(d, o, d[o.log + index]):
            return False
    return True


@njit(cache=True, nogil=True)
def better(d, o, best, order):
    """Whether the figures are lexicographically smaller than the best."""
    for index in order:
        if d[o.figures + index] != best[index]:
            return d[o.figures + index] < best[index]
    return False


@njit(cache=True, nogil=True)
def seed_random(seed):
    """Begin a reproducible sequence in the compiled code's own generator."""
    np.random.seed(seed)


@njit(cache=True, nogil=True)
def anneal(d, o, price, ceiling, order, best_at, best, steps, hot, cold):
    """Run moves while the temperature falls from hot to cold; keep the best plan in `best_at`, its figures in `best`.

    A move is accepted when it is cheaper by `price`, or by chance, and never when a figure exceeds its ceiling.
    """
    wishes = o.wishes
    slots = o.slots
    precedence = o.precedence > 0
    energy = 0.0
    for index in range(FIGURES):
        energy += price[index] * d[o.figures + index]
    cooling = (cold / hot) ** (1.0 / max(steps, 1))
    heat = hot
    for _ in range(steps):
        heat *= cooling
        wish = np.random.randint(wishes)
        if d[o.fixed + wish]:
            continue
        good = propose(d, o, wish, np.random.randint(slots))
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
            for index in range(FIGURES):
                best[index] = d[o.figures + index]
            for index in range(wishes):
                best_at[index] = d[o.at + index]


@njit(cache=True, nogil=True)
def restore(d, o, wanted):
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
