"""What limits the number of meetings: a bound that adds up from places, maxima and times, for anybody to follow.

Prices on the limits give it: no plan holds more meetings than the sum of each limit times its price, and one for each wish
that its prices do not pay for (weak duality). It holds for any prices, however they were found; good ones come from the
linear relaxation. Pins narrow the slots of their wishes; precedence and required wishes are left aside.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matching.scheduling.bounds import groups
from matching.scheduling.grid import Grid

if TYPE_CHECKING:
    from matching.scheduling.problem import Problem

WORTHLESS = 1e-7  # a price below is none


@dataclass(frozen=True, slots=True)
class Limit:
    """A part of the bound: its kind, whom or what it is about, and how many meetings it allows.

    `kind`: "places" (in `slots`), "maximum" (own maxima of `participants`), "times" (slots in which `participants` can
    meet at all), "wishes" (`wishes` that none of the others limits).
    """

    kind: str
    meetings: float
    participants: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    wishes: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """No plan has more than `most` meetings: the sum of `parts`; `impossible` wishes have no slot at all."""

    most: int
    parts: tuple[Limit, ...]
    impossible: int


def limits(problem: Problem) -> Limits:
    """Return the most meetings that any plan of a problem can have, and the limits that this number is the sum of."""
    import numpy as np

    grid = Grid(problem)
    usable = np.flatnonzero(grid.open.any(axis=1)) if len(grid.wishes) else np.zeros(0, np.int64)
    if not usable.size:
        return Limits(0, (), len(grid.wishes))
    rows, most, kinds = _rows(grid, usable)
    prices = _prices(rows, most)
    unpaid = np.maximum(0.0, 1.0 - rows.T @ prices)
    total = float(prices @ most + unpaid.sum())
    bound = min(math.floor(total + 1e-6), len(usable))
    return Limits(bound, _parts(grid, prices, most, kinds, unpaid), len(grid.wishes) - len(usable))


def _rows(grid: Grid, usable: Any) -> tuple[Any, Any, list[tuple[str, Any]]]:
    """Return which limit (row) each usable wish takes of, how much there is of it, and (kind, about what)."""
    import numpy as np
    from scipy import sparse

    count, pairs = len(usable), np.array(grid.pairs, np.int64)[usable]
    open_, table = grid.open[usable], grid.table[usable]
    who = sparse.csr_array(
        (np.ones(2 * count), (pairs.ravel(), np.repeat(np.arange(count), 2))), shape=(len(grid.people), count)
    )
    free = np.ones((len(grid.people), len(grid.slots)), bool)
    for person, slots in enumerate(grid.away):
        free[person, list(slots)] = False
    blocks, most = [who], [np.array(grid.limit, float)]
    kinds: list[tuple[str, Any]] = [(_kind(grid, person), person) for person in grid.people]
    for slots in groups(grid, open_):
        inside = ~(open_ & ~slots).any(axis=1)
        seated = inside & ~(open_ & ~table).any(axis=1)
        blocks.append(sparse.csr_array(seated[None, :].astype(float)))
        most.append(np.array([np.array(grid.capacity, float)[slots].sum()]))
        kinds.append(("places", slots))
        if not slots.all():
            blocks.append(who @ sparse.diags_array(inside.astype(float)))
            most.append((free & slots).sum(axis=1).astype(float))
            kinds += [("times", person) for person in grid.people]
    return sparse.vstack(blocks, format="csr"), np.concatenate(most), kinds


def _kind(grid: Grid, person: int) -> str:
    """What the most meetings of a participant come from."""
    own = grid.problem.participants[person].max_meetings
    if own is not None and grid.limit[person] == own:
        return "maximum"
    return "times" if grid.limit[person] < len(grid.wishes_of[person]) else "wishes"


def _prices(rows: Any, most: Any) -> Any:
    """Return good prices on the limits, none below 0."""
    import numpy as np

    from matching.scheduling.linear import Linear

    count = rows.shape[1]
    found = Linear(-np.ones(count), rows, most, np.zeros(count)).solved()
    if found is None:
        return np.zeros(rows.shape[0])
    prices = found.prices
    halves = np.round(prices * 2) / 2
    prices = np.where(np.abs(prices - halves) < 1e-6, halves, prices)
    return np.where(prices < WORTHLESS, 0.0, prices)


def _parts(grid: Grid, prices: Any, most: Any, kinds: list[tuple[str, Any]], unpaid: Any) -> tuple[Limit, ...]:
    worth: dict[str, float] = defaultdict(float)
    people: dict[str, set[int]] = defaultdict(set)
    places = []
    for row in prices.nonzero()[0].tolist():
        kind, about = kinds[row]
        if kind == "places":
            names = tuple(slot.id for slot, inside in zip(grid.problem.slots, about.tolist(), strict=True) if inside)
            places.append(Limit("places", float(prices[row] * most[row]), slots=names))
        else:
            worth[kind] += float(prices[row] * most[row])
            people[kind].add(about)
    alone = int((unpaid > WORTHLESS).sum())
    worth["wishes"] += float(unpaid.sum())
    found = [
        Limit(kind, round(worth[kind], 6), tuple(grid.problem.participants[each].id for each in sorted(people[kind])))
        for kind in ("maximum", "times")
        if worth[kind]
    ]
    rest = [Limit("wishes", round(worth["wishes"], 6), wishes=alone)] if worth["wishes"] > WORTHLESS else []
    return (*(limit for limit in places if limit.meetings), *found, *rest)
