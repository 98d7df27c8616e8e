"""Compiled: what is cheapest for everybody at given prices for being busy, and for every wish at given prices for places.

The two halves of the bound of `idleness`. Nothing here is a whole number: prices and costs are floats.
"""
# mypy: disable-error-code="untyped-decorator,no-any-return,call-arg"

from __future__ import annotations

from typing import Any

import numpy as np

from matching.scheduling.layout import compiled, entry

# More than any pattern costs.
NEVER = 1e18


@entry
def patterns(prices: Any, weight: Any, free: Any, least: Any, most: Any, charge: Any, idle: Any, used: Any) -> Any:
    """Return what everybody's cheapest patterns of meetings cost together, and the weight lost.

    `prices` and `free` (people, slots): what being busy costs, whether one could be; who is busy is added to `used` (people,
    slots). Everybody has from `least` to `most` meetings (people,) and loses `charge` (people,) for each less than the most, at
    the price `weight`. `idle` (2,): the cost of each break and of each slot in it. Numbers of meetings from which nobody gets
    to their least any more are passed over.
    """
    people, slots = free.shape
    deepest = np.max(most) + 1
    busy, resting = np.empty(deepest), np.empty(deepest)  # the cheapest with so many meetings: in one, or between two
    done, last = np.empty(deepest), np.empty(deepest, np.int64)  # the cheapest of all so far, and its last slot
    after_rest, from_rest = np.empty((slots, deepest), np.bool_), np.empty((slots, deepest), np.bool_)
    total, lost = 0.0, 0.0
    for person in range(people):
        busy[:], resting[:], done[:] = NEVER, NEVER, NEVER
        done[0] = 0.0
        to_come = np.sum(free[person])
        for slot in range(slots):
            to_come -= free[person, slot]
            for count in range(min(most[person], slot + 1), max(0, least[person] - to_come - 1), -1):
                before = min(busy[count - 1], resting[count - 1] + idle[0]) if count > 1 else 0.0
                after_rest[slot, count] = resting[count - 1] + idle[0] < busy[count - 1]
                from_rest[slot, count] = resting[count] < busy[count]
                resting[count] = min(busy[count], resting[count]) + idle[1]
                busy[count] = before + prices[person, slot] if free[person, slot] else NEVER
                if busy[count] < done[count]:
                    done[count], last[count] = busy[count], slot
        best, chosen = NEVER, 0
        for count in range(least[person], most[person] + 1):
            cost = done[count] + weight * charge[person] * (most[person] - count)
            if cost < best:
                best, chosen = cost, count
        total += best
        lost += charge[person] * (most[person] - chosen)
        if chosen > 0:
            follow(used[person], last[chosen], chosen, after_rest, from_rest)
    return total, lost


@compiled
def follow(used: Any, slot: Any, left: Any, after_rest: Any, from_rest: Any) -> None:
    """Go back from the last of so many meetings and add each to `used` (slots,)."""
    is_busy = True
    while left > 0:
        if is_busy:
            used[slot] += 1.0
            is_busy = not after_rest[slot, left]
            left -= 1
        else:
            is_busy = not from_rest[slot, left]
        slot -= 1


@entry
def meetings(prices: Any, seats: Any, weight: Any, wishes: Any, spots: Any, losses: Any, used: Any, load: Any) -> Any:
    """Return what the cheapest decision on every wish costs, one of its slots or none, and the weight lost.

    `prices` (people, slots): what a meeting saves each of its two; those chosen are taken from `used` (people, slots), and
    their places added to `load` (slots,). `seats` (slots,): what a place costs. `wishes` (wishes, 3): the two people, and 1
    where a slot must be chosen. `spots` (wishes, slots): 0 where it can't be, 1 where it could be online, 2 where it takes a
    place. `losses` (wishes, 2): the weight lost with none and with one, at the price `weight`.
    """
    total, lost = 0.0, 0.0
    for wish in range(len(wishes)):
        one, other = wishes[wish, 0], wishes[wish, 1]
        best, chosen = NEVER, -1
        for slot in range(len(seats)):
            if spots[wish, slot] > 0:
                cost = -prices[one, slot] - prices[other, slot]
                if spots[wish, slot] > 1:
                    cost += seats[slot]
                if cost < best:
                    best, chosen = cost, slot
        none, one_of_them = losses[wish]
        if chosen >= 0 and (wishes[wish, 2] == 1 or best + weight * one_of_them < weight * none):
            total += best
            lost += one_of_them
            used[one, chosen] -= 1.0
            used[other, chosen] -= 1.0
            load[chosen] += spots[wish, chosen] > 1
        else:
            lost += none
    return total + weight * lost, lost
