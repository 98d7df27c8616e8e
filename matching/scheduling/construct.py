"""A plan in a moment: what must be first, then the wishes that the relaxation chooses, each where it blocks least.

It serves as hint, as fallback and as baseline. It keeps every rule but the break difference; a required wish that
finds no slot is left out for the search to place.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from matching.scheduling.bounds import relaxation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matching.scheduling.figures import Plan
    from matching.scheduling.grid import Grid


class Table:
    """Who is busy when, for a plan that grows one wish at a time and always keeps the rules.

    `busy` tells each participant's wish by slot, `held` the wishes of each slot that take a place.
    """

    def __init__(self, grid: Grid, plan: Plan | None = None) -> None:
        self.grid = grid
        self.plan: Plan = {}
        self.busy: list[dict[int, int]] = [{} for _ in grid.people]
        self.held: list[set[int]] = [set() for _ in grid.slots]
        for wish, slot in (plan or {}).items():
            self.put(wish, slot)

    def put(self, wish: int, slot: int) -> None:
        """Place a wish without asking."""
        self.plan[wish] = slot
        if self.grid.at_table(wish, slot):
            self.held[slot].add(wish)
        for person in self.grid.pairs[wish]:
            self.busy[person][slot] = wish

    def full(self, slot: int, wish: int) -> bool:
        """Whether a slot has no place left for a wish that would need one."""
        return len(self.held[slot]) >= self.grid.capacity[slot] and self.grid.at_table(wish, slot)

    def open_slots(self, wish: int, among: Sequence[int] | None = None) -> list[int]:
        """Return the slots into which a wish fits as the plan stands, among some it may be in or all."""
        grid, plan = self.grid, self.plan
        one, other = grid.pairs[wish]
        if any(len(self.busy[person]) >= grid.limit[person] for person in (one, other)):
            return []
        if any(earlier not in plan for earlier in grid.after[wish]):
            return []
        first = max((plan[earlier] + 1 for earlier in grid.after[wish]), default=0)
        last = min((plan[later] for later in grid.later[wish] if later in plan), default=len(grid.slots))
        return [
            slot
            for slot in (grid.allowed[wish] if among is None else among)
            if first <= slot < last
            and not self.full(slot, wish)
            and slot not in self.busy[one]
            and slot not in self.busy[other]
        ]


def construct(grid: Grid, wishes: Sequence[int] | None = None) -> Plan:
    """Return a plan that keeps all rules except, perhaps, required wishes and the break difference.

    `wishes` are those to place, and in which order; all by importance unless given.
    """
    table = Table(grid)
    kept = {wish: slot for wish, slot in grid.before.items() if slot in grid.allowed[wish]}
    for wish in importance(grid) if wishes is None else in_order(grid, wishes):
        slots = table.open_slots(wish)
        if not slots:
            continue
        if kept.get(wish) in slots:
            table.put(wish, kept[wish])
        else:
            table.put(wish, min(slots, key=lambda slot: (len(table.held[slot]) / max(1, grid.capacity[slot]), slot)))
    return table.plan


def importance(grid: Grid, chosen: Sequence[float] | None = None) -> list[int]:
    """Return the wishes in the order in which to place them: pins, previous, required, chosen, heavy; earlier ones first.

    How far each is chosen, 0 to 1, says the relaxation unless given.
    """
    import numpy as np

    objective = grid.problem.objective
    weight_first = "placed" in objective and "placed" in objective[: (*objective, "changes").index("changes")]
    pinned, before = np.ones(len(grid.wishes), bool), np.ones(len(grid.wishes), bool)
    pinned[list(grid.pinned)] = before[list(grid.before)] = False
    pairs = np.array(grid.pairs, np.int64).reshape(-1, 2)
    crowd = np.bincount(pairs.ravel(), minlength=len(grid.people))[pairs].sum(axis=1)
    ranks = (
        pinned,
        ~np.array(grid.required, bool),
        before & (not weight_first),
        -np.round(relaxation(grid).shares if chosen is None else chosen, 3),
        before,
        -np.array(grid.weights, np.int64),
        grid.open.sum(axis=1),
        -crowd,
    )
    return in_order(grid, np.lexsort(ranks[::-1]).tolist())


def in_order(grid: Grid, wishes: Sequence[int]) -> list[int]:
    """Return the wishes in the given order, each moved behind those that must come before it."""
    if not any(grid.after):
        return list(wishes)
    ready: list[int] = []
    done: set[int] = set()

    def visit(wish: int) -> None:
        for earlier in _chain(grid, wish):
            if earlier not in done:
                done.add(earlier)
                ready.append(earlier)

    for wish in wishes:
        visit(wish)
    return ready


def _chain(grid: Grid, wish: int) -> Iterable[int]:
    """Everything that must come before a wish, in order, and the wish itself."""
    graph: dict[int, tuple[int, ...]] = {}
    waiting = [wish]
    while waiting:
        now = waiting.pop()
        if now not in graph:
            graph[now] = grid.after[now]
            waiting.extend(grid.after[now])
    return TopologicalSorter(graph).static_order()
