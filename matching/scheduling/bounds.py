"""Bounds that hold without the solver, per stage of the objective. All of them are for minimisation.

`placed` is bounded by the linear relaxation of the b-matching: whom could be placed if only the numbers of meetings
per participant and of places counted. Integer vertices are common, so that the bound is often the optimum.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matching.scheduling.figures import Plan
    from matching.scheduling.grid import Grid

Key = tuple[str, int]
# Sets of slots to count in: at most so many, and where there are more, only those of so many wishes.
GROUPS, CROWD = 40, 20


def cheap_bounds(grid: Grid) -> dict[Key, int]:
    """Return a lower bound for each stage of the problem's objective, by (name, level)."""
    bounds: dict[Key, int] = {}
    for name in grid.problem.objective:
        if name == "placed":
            bounds[name, 0] = sum(grid.weights) - most_weight(grid)
        elif name == "changes":
            bounds[name, 0] = sum(slot not in grid.allowed[wish] for wish, slot in grid.before.items())
    return bounds


def most_weight(grid: Grid) -> int:
    """Return the most whole weight that can be placed, by the relaxation that counts meetings and places."""
    return math.floor(relaxation(grid)[0] + 1e-6)


def fewest_changes(grid: Grid, plan: Plan) -> int:
    """Return how many meetings of the previous plan must move or drop out of any plan that places as much weight.

    A meeting is kept only where it is placed, in its old slot, within the places of that slot; beyond that only numbers
    of meetings count. Where `placed` is not more important than `changes` the weight does not count.
    """
    import numpy as np
    from scipy import optimize, sparse

    stays = [(wish, slot) for wish, slot in grid.before.items() if slot >= 0 and grid.open[wish, slot]]
    lost = len(grid.before) - len(stays)
    usable = np.flatnonzero(grid.open.any(axis=1))
    if not stays:
        return lost
    column = np.full(len(grid.wishes), -1)
    column[usable] = np.arange(len(usable))
    kept = np.arange(len(stays))
    where = column[[wish for wish, _ in stays]]
    slots = np.array([slot for _, slot in stays])
    seated = np.array([grid.at_table(wish, slot) for wish, slot in stays])
    counting, limits = counting_rows(grid, usable)
    only_placed = sparse.csr_array((-np.ones(len(stays)), (kept, where)), shape=(len(stays), len(usable)))
    in_slot = sparse.csr_array((seated.astype(float), (slots, kept)), shape=(len(grid.slots), len(stays)))
    rows = [
        sparse.hstack([counting, sparse.csr_array((counting.shape[0], len(stays)))]),
        sparse.hstack([only_placed, sparse.eye_array(len(stays))]),
        sparse.hstack([sparse.csr_array((len(grid.slots), len(usable))), in_slot]),
    ]
    limit = [limits, np.zeros(len(stays)), np.array(grid.capacity, float)]
    objective = grid.problem.objective
    if "placed" in objective[: objective.index("changes")]:
        weights = np.array(grid.weights, float)[usable]
        rows.append(sparse.csr_array(np.concatenate([-weights, np.zeros(len(stays))])[None, :]))
        limit.append(np.array([-float(sum(grid.weights[wish] for wish in plan))]))
    cost = np.concatenate([np.zeros(len(usable)), -np.ones(len(stays))])
    matrix, most = sparse.vstack(rows, format="csr"), np.concatenate(limit)
    result = optimize.linprog(cost, A_ub=matrix, b_ub=most, bounds=(0, 1), method="highs")
    return lost if result.status else lost + len(stays) - math.floor(-float(result.fun) + 1e-6)


def relaxation(grid: Grid) -> tuple[float, list[float]]:
    """Return the optimum of the b-matching relaxation and how far each wish is chosen (0..1); computed once."""
    if grid.relaxed is None:
        object.__setattr__(grid, "relaxed", _relaxation(grid))
    return grid.relaxed or (0.0, [])


def _relaxation(grid: Grid) -> tuple[float, list[float]]:
    import numpy as np
    from scipy import optimize

    usable = np.flatnonzero(grid.open.any(axis=1))
    if not usable.size:
        return 0.0, [0.0] * len(grid.wishes)
    matrix, limits = counting_rows(grid, usable)
    weights = np.array(grid.weights, float)[usable]
    result = optimize.linprog(-weights, A_ub=matrix, b_ub=limits, bounds=(0, 1), method="highs")
    chosen = np.zeros(len(grid.wishes))
    chosen[usable] = result.x
    return -float(result.fun), chosen.tolist()


def counting_rows(grid: Grid, usable: Any) -> tuple[Any, Any]:
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
    return sparse.vstack([matrix[binding], order], format="csr"), np.concatenate(
        [limit[binding], np.zeros(order.shape[0])]
    )


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
