"""The compiled search over whole plans: simulated annealing, on the block of numbers that `moves` knows.

Two kinds of steps: any random move, which may also change who meets whom; and a flip, which only changes times, is judged
before it is made, and so costs a tenth. Where times are all that is left to improve, nearly all steps are flips.
"""
# ruff: noqa: SIM110 - compiled code: see `moves`
# mypy: disable-error-code="untyped-decorator,no-any-return,call-arg"

from __future__ import annotations

from typing import Any

import numpy as np

from matching.scheduling.chains import chain, insert, ordered, push, settle_in
from matching.scheduling.flips import flip
from matching.scheduling.layout import FIGURES, UNFAIR, bit, compiled, entry, pick, share
from matching.scheduling.moves import full, put, settle, take, undo

# The compiler keeps its work per file and does not look into the other modules: this line changes with them (a test says so).
MOVES = "816d55d09ff93331"
# How often a meeting tries its slot of the previous plan rather than any.
HOMESICK = 0.3


@entry
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


@compiled
def propose(d: Any, o: Any) -> Any:
    """Make one random move; False when it turned out to break a rule."""
    wish = pick(d, o, o.wishes)
    if d[o.fixed + wish]:
        return False
    slot = pick(d, o, o.slots)
    if d[o.before + wish] >= 0 and share(d, o) < HOMESICK:
        slot = d[o.before + wish]
    if d[o.at + wish] == slot or not bit(d, o, o.allowed, wish, slot):
        return d[o.at + wish] < 0 and insert(d, o, wish)
    if d[o.at + wish] < 0:
        return insert(d, o, wish) if share(d, o) < 0.5 else push(d, o, wish, slot)
    return chain(d, o, wish, slot) if share(d, o) < 0.8 else push(d, o, wish, slot)


@entry
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
def compared(d: Any, o: Any, others: Any, index: Any) -> Any:
    """How a figure compares with another plan's: below 0 when it is better. Fairness is compared number by number."""
    if index != UNFAIR:
        return d[o.figures + index] - others[index]
    for level in range(FIGURES, others.size):
        if d[o.figures + level] != others[level]:
            return d[o.figures + level] - others[level]
    return 0


@compiled
def better(d: Any, o: Any, best: Any, order: Any) -> Any:
    """Whether the figures are lexicographically smaller than the best."""
    for index in order:
        difference = compared(d, o, best, index)
        if difference != 0:
            return difference < 0
    return False


@compiled
def within(d: Any, o: Any, ceiling: Any, order: Any, stages: Any) -> Any:
    """Whether none of the first figures in order is worse than the ceiling, whatever is missed of the rules."""
    for rank in range(1, stages):
        if compared(d, o, ceiling, order[rank]) > 0:
            return False
    return True


@compiled
def keep(d: Any, o: Any, best_at: Any, best: Any) -> None:
    """Copy the present plan and its figures to where the best plan is kept."""
    for index in range(best.size):
        best[index] = d[o.figures + index]
    for index in range(o.wishes):
        best_at[index] = d[o.at + index]


@compiled
def energy_of(d: Any, o: Any, price: Any) -> Any:
    """What the figures come to at these prices."""
    energy = 0.0
    for index in range(FIGURES):
        energy += price[index] * d[o.figures + index]
    return energy


@entry
def anneal(d: Any, o: Any, targets: Any, steps: Any, every: Any, hot: Any, cold: Any) -> Any:
    """Make steps while the temperature falls from hot to cold; keep the best plan in `best_at`, its figures in `best`.

    The targets are price, ceiling, order, stages, `best_at` and `best`: a move is accepted when it is cheaper by `price`, or
    by chance, and never when one of the first `stages` figures in `order` is worse than its ceiling. Every so many steps one
    is a random move, the others are flips.
    """
    price, ceiling, order, stages, best_at, best = targets
    energy = energy_of(d, o, price)
    cooling = (cold / hot) ** (1.0 / max(steps, 1))
    heat = hot
    for step in range(steps):
        heat *= cooling
        if step % every == 0:
            good = propose(d, o)
            room = -heat * np.log(share(d, o))
        else:
            room = flip(d, o, price, heat)
            good = room >= 0.0
        if d[o.size] == 0:
            continue
        if good and o.precedence > 0:
            good = ordered(d, o)
        settle(d, o)
        after = energy_of(d, o, price)
        if good and after - energy <= room and within(d, o, ceiling, order, stages):
            d[o.size] = 0
            energy = after
            if better(d, o, best, order):
                keep(d, o, best_at, best)
        else:
            undo(d, o)
