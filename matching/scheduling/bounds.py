"""Bounds that hold without the solver, per stage of the objective. All of them are for minimisation.

`placed` is bounded by the linear relaxation of the b-matching: whom could be placed if only the numbers of meetings
per participant and of places counted. Integer vertices are common, so that the bound is often the optimum.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from matching.scheduling.figures import fair_depth

if TYPE_CHECKING:
    from collections.abc import Callable

    from matching.scheduling.figures import Key
    from matching.scheduling.grid import Grid
    from matching.scheduling.watch import Watch

# Sets of slots to count in: at most so many, and where there are more, only those of so many wishes.
GROUPS, CROWD = 40, 20
# Wishes beyond which the simplex method, which begins with all of them chosen, takes seconds for its first steps.
CROWDED = 50_000
# What rounding may lose in a linear program.
EPS = 1e-6


def cheap_bounds(
    grid: Grid, watch: Watch, workers: int = 1, meanwhile: Callable[[], bool] = lambda: True
) -> dict[Key, int]:
    """Return a lower bound for each stage of the problem's objective, by (name, level).

    For `meanwhile` see `Linear.solved`. Of a run that is stopped first they are rougher.
    """
    if grid.relaxed is None:
        _remember(grid, _relaxation(grid, watch, workers, meanwhile))
    bounds: dict[Key, int] = {}
    for name in grid.problem.objective:
        if name == "placed":
            bounds[name, 0] = sum(grid.weights) - most_weight(grid)
        elif name == "changes":
            bounds[name, 0] = sum(slot not in grid.allowed[wish] for wish, slot in grid.before.items())
    return bounds


class Decided(NamedTuple):
    """Which wishes no plan of some weight has, and which all of them have."""

    out: list[int]
    sure: list[int]


def decided(grid: Grid, weight: int) -> Decided:
    """Return what every plan of at least this weight has in common (reduced cost fixing)."""
    most, _, worth, _ = relaxation(grid)
    spare = most - weight + EPS
    out = [wish for wish in grid.wishes if worth[wish] < -spare and not grid.required[wish]]
    return Decided(out, [wish for wish in grid.wishes if worth[wish] > spare])


def fair_bounds(grid: Grid, weight: int) -> dict[Key, int]:
    """Return how many have at most 0, 1, 2 ... meetings in every plan of at least this weight, though they could have more.

    Whoever has so few wishes that such a plan can have.
    """
    out = set(decided(grid, weight).out)
    most = [sum(wish not in out for wish in wishes) for wishes in grid.wishes_of]
    pairs = list(zip(most, grid.limit, strict=True))
    levels = range(fair_depth(grid))
    return {("fair", level): sum(count <= level < limit for count, limit in pairs) for level in levels}


def most_weight(grid: Grid) -> int:
    """Return the most whole weight that can be placed, by the relaxation that counts meetings and places."""
    return math.floor(relaxation(grid).weight + EPS)


class Relaxed(NamedTuple):
    """The optimum of the b-matching relaxation, how far each wish is chosen (0..1), and what the other decision costs.

    `worth`: by at least so much is the weight smaller when a wish is left out, or, below 0, when it is placed; `price`: for
    each meeting that a participant has less than they may. All these losses together are no more than the relaxation's weight
    less a plan's.
    """

    weight: float
    shares: list[float]
    worth: list[float]
    price: list[float]


def relaxation(grid: Grid) -> Relaxed:
    """Return the b-matching relaxation of a problem; computed once, or what `cheap_bounds` knows instead."""
    return grid.relaxed or _remember(grid, _relaxation(grid))


def _remember(grid: Grid, relaxed: Relaxed) -> Relaxed:
    object.__setattr__(grid, "relaxed", relaxed)
    return relaxed


def _rough(grid: Grid) -> Relaxed:
    """What counting everybody's heaviest wishes says: half of their weight, since a meeting is of two."""
    weight = 0
    for limit, wishes in zip(grid.limit, grid.wishes_of, strict=True):
        weight += sum(sorted((grid.weights[wish] for wish in wishes), reverse=True)[:limit])
    nothing = [0.0] * len(grid.wishes)
    return Relaxed(weight / 2, nothing, nothing, [0.0] * len(grid.people))


def _relaxation(grid: Grid, *how: Any) -> Relaxed:
    import numpy as np

    from matching.scheduling.linear import Linear

    usable = np.flatnonzero(grid.open.any(axis=1))
    chosen, worth, price = np.zeros(len(grid.wishes)), np.zeros(len(grid.wishes)), np.zeros(len(grid.people))
    if not usable.size:
        return Relaxed(0.0, chosen.tolist(), worth.tolist(), price.tolist())
    matrix, limits, people = counting_rows(grid, usable)
    weights = np.array(grid.weights, float)[usable]
    program = Linear(-weights, matrix, limits, np.zeros(len(usable)), interior=len(usable) > CROWDED)
    found = program.solved(*how)
    if found is None:
        return _rough(grid)
    chosen[usable], prices = found.values, found.prices
    worth[usable] = weights - matrix.T @ prices
    price[people] = prices[: len(people)]
    most = float(prices @ limits + np.maximum(0.0, worth).sum())  # holds for any prices, however exact they are
    return Relaxed(most, chosen.tolist(), worth.tolist(), price.tolist())


class Counting(NamedTuple):
    """Rows of at most `limits`; the first ones are of these `people`."""

    rows: Any
    limits: Any
    people: Any


def counting_rows(grid: Grid, usable: Any) -> Counting:
    """Rows over the usable wishes: each participant's limit, all places together, and both inside groups of slots."""
    import numpy as np
    from scipy import sparse

    count = len(usable)
    pairs = np.array(grid.pairs, np.int64)[usable]
    ones, columns = np.ones(2 * count), np.repeat(np.arange(count), 2)
    who = sparse.csr_array((ones, (pairs.ravel(), columns)), shape=(len(grid.people), count))
    open_, table = grid.open[usable], grid.table[usable]
    away = np.zeros((len(grid.people), len(grid.slots)), bool)
    for person, slots in enumerate(grid.away):
        away[person, list(slots)] = True
    capacity = np.array(grid.capacity, float)
    blocks, limits = [who], [np.array(grid.limit, float)]
    for slots in groups(grid, open_):
        inside = ~(open_ & ~slots).any(axis=1)
        seated = inside & ~(open_ & ~table).any(axis=1)  # at a table wherever they are
        blocks.append(sparse.csr_array(seated[None, :].astype(float)))
        limits.append(np.array([capacity[slots].sum()]))
        if not slots.all():
            blocks.append(who @ sparse.diags_array(inside.astype(float)))
            limits.append((~away & slots).sum(axis=1).astype(float))
    matrix, limit = sparse.vstack(blocks, format="csr"), np.concatenate(limits)
    binding = matrix.sum(axis=1) > limit
    binding[0] = True  # never no row at all
    order = _order_rows(grid, usable)
    rows = sparse.vstack([matrix[binding], order], format="csr")
    everything = np.concatenate([limit[binding], np.zeros(order.shape[0])])
    return Counting(rows, everything, np.flatnonzero(binding[: len(grid.people)]))


def _order_rows(grid: Grid, usable: Any) -> Any:
    """Rows that say: no wish is chosen more than one that it comes after."""
    import numpy as np
    from scipy import sparse

    column = np.full(len(grid.wishes), -1)
    column[usable] = np.arange(len(usable))
    pairs = [(wish, other) for wish, earlier in enumerate(grid.after) for other in earlier if column[wish] >= 0]
    known = [(row, column[other]) for row, (_, other) in enumerate(pairs) if column[other] >= 0]
    rows = [*range(len(pairs)), *(row for row, _ in known)]
    columns = [*(column[wish] for wish, _ in pairs), *(place for _, place in known)]
    signs = [1.0] * len(pairs) + [-1.0] * len(known)
    return sparse.csr_array((signs, (rows, columns)), shape=(len(pairs), len(usable)))


def groups(grid: Grid, open_: Any) -> list[Any]:
    """All slots, the blocks, and the sets of slots that most wishes are confined to, as rows of truth values."""
    import numpy as np

    found = [np.ones(len(grid.slots), bool)]
    labels = [slot.block for slot in grid.problem.slots]
    if len(set(labels)) > 1:
        found += [np.array([own == label for own in labels]) for label in dict.fromkeys(labels)]
    sets, often = np.unique(open_, axis=0, return_counts=True)
    order = np.argsort(-often, kind="stable")[:GROUPS]
    found += [sets[index] for index in order if often[index] >= CROWD or len(sets) <= GROUPS]
    return found
