"""The scheduler next to what it replaces: published events with known optima, seeded synthetic events with baselines.

Every row is measured in the same run. `value` and `bound` are of the weight placed (synthetic) or the breaks
(published, where everything is placed); `gap` is in per cent. The published events are given as a folder, not committed.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from matching.scheduling import Participant, Problem, Slot, Solution, Wish, explain, replan, solve, value, violations
from matching.scheduling.construct import Table
from matching.scheduling.figures import Plan
from matching.scheduling.grid import Grid
from matching.scheduling.improve import prepare
from matching.scheduling.seating import seat

Row = dict[str, Any]

PUBLISHED = (
    *("tic-12.original", "tic-13.original", "tic-14crafa.original", "forumt-14.original", "forumt-14crafe.original"),
    *("tic-12.forb0003", "forum-13.original", "forum-14.original", "forum-13crafb.original", "ticf-13crafa.original"),
)
PUBLISHED_SECONDS = 60
# Participants, wishes, slots, seconds for each method.
EVENTS = ((100, 500, 16, 10), (300, 2_500, 20, 20))


def run(data: Path | None = None) -> list[dict[str, Any]]:
    """Return one row per measurement; `data` is the folder with the published events, if there is one."""
    prepare()
    rows = list(published(data)) if data else []
    for people, wishes, slots, seconds in EVENTS:
        problem = event(people, wishes, slots)
        rows += list(compared(f"{people}/{wishes}/{slots}", problem, seconds))
    return rows


def published(folder: Path) -> Iterator[Row]:
    """Prove the published events; `known` is the published optimum of the breaks."""
    known = json.loads((folder / "known.json").read_text())
    for name in PUBLISHED:
        problem = Problem.from_dict(json.loads((folder / f"{name}.json").read_text()))
        began = time.perf_counter()
        solution = solve(problem, seconds=PUBLISHED_SECONDS)
        yield {
            "event": name,
            "known": known[name],
            "ours": solution.value.get("breaks", str(solution.status)),
            "status": str(solution.status),
            "violations": len(violations(problem, solution)),
            "seconds": round(time.perf_counter() - began, 2),
        }


def event(people: int, wishes: int, slots: int, *, seed: int = 1, places: float = 0.8, away: float = 0.15) -> Problem:
    """A brokerage event: some are popular, own maxima bind, places suffice for `places` of what could be held."""
    chance = random.Random(seed)
    names = [f"p{number}" for number in range(people)]
    ids = [f"s{number}" for number in range(slots)]
    popularity = [chance.paretovariate(1.5) for _ in names]
    pairs: set[tuple[str, str]] = set()
    while len(pairs) < wishes:
        one, other = chance.choice(names), chance.choices(names, popularity)[0]
        if one != other:
            pairs.add((min(one, other), max(one, other)))
    return Problem(
        slots=tuple(
            Slot(name, block="morning" if 2 * number < slots else "afternoon") for number, name in enumerate(ids)
        ),
        participants=tuple(
            Participant(
                name,
                unavailable=tuple(slot for slot in ids if chance.random() < away),
                max_meetings=chance.randint(max(3, slots // 3), slots),
            )
            for name in names
        ),
        wishes=tuple(
            Wish(f"m{number}", pair, weight=round(chance.uniform(0.3, 1), 2))
            for number, pair in enumerate(sorted(pairs))
        ),
        places=int(min(wishes, people * slots * (1 - away) / 2 * 0.9) * places / slots),
    )


def compared(name: str, problem: Problem, seconds: float) -> Iterator[Row]:
    """Ours next to three baselines on one event, then re-planning and explaining."""
    ours: list[Solution] = []

    def solved(asked: Problem) -> Solution:
        ours.append(solve(asked, seconds=seconds))
        return ours[0]

    methods: dict[str, Callable[[Problem], Solution]] = {
        "ours": solved,
        "first come, first served": lambda asked: booked(asked, list(range(len(asked.wishes)))),
        "greedy by weight": lambda asked: booked(
            asked, sorted(range(len(asked.wishes)), key=lambda n: -asked.wishes[n].weight)
        ),
        "one plain CP-SAT model": lambda asked: plain_model(asked, seconds),
    }
    for method, function in methods.items():
        began = time.perf_counter()
        solution = function(problem)
        spent = time.perf_counter() - began
        figures, bound = value(problem, solution), ours[0].bound["placed"]
        yield {
            "event": name,
            "method": method,
            "value": figures["placed"],
            "bound": bound,
            "gap %": round(100 * (bound - figures["placed"]) / bound, 3),
            "breaks": figures["breaks"],
            "left out": figures["left_out"],
            "violations": len(violations(problem, solution)),
            "seconds": round(spent, 2),
        }
    yield from planned_again(name, problem, ours[0], seconds)


def planned_again(name: str, problem: Problem, before: Solution, seconds: float) -> Iterator[Row]:
    """One participant in twenty cancels: how many meetings of the others move, next to solving anew; and explaining."""
    gone = {person.id for number, person in enumerate(problem.participants) if number % 20 == 0}
    wishes = tuple(wish for wish in problem.wishes if not gone & set(wish.participants))
    changed = Problem(
        slots=problem.slots,
        participants=problem.participants,
        wishes=wishes,
        places=problem.places,
        objective=problem.objective,
    )
    for method, function in {
        "re-plan": lambda: replan(changed, before, seconds=seconds),
        "solve anew": lambda: solve(changed, seconds=seconds, previous=before),
    }.items():
        began = time.perf_counter()
        after = function()
        yield {
            "event": name,
            "method": method,
            "placed": after.value["placed"],
            "changes": after.value["changes"],
            "bound of changes": after.bound.get("changes", "-"),
            "seconds": round(time.perf_counter() - began, 2),
        }
    began = time.perf_counter()
    reasons = explain(problem, before, seconds=10)
    yield {
        "event": name,
        "what": "explain",
        "wishes left out": len(reasons),
        "seconds": round(time.perf_counter() - began, 2),
    }


def booked(problem: Problem, order: list[int]) -> Solution:
    """Place each wish in its first open slot, in the given order: what people do when they book themselves."""
    table = Table(Grid(problem))
    for wish in order:
        slots = table.open_slots(wish)
        if slots:
            table.put(wish, slots[0])
    return _solution(table.grid, table.plan)


def plain_model(problem: Problem, seconds: float) -> Solution:
    """The model everybody writes first: one boolean per wish and slot, maximise the weight, two default workers."""
    from ortools.sat.python import cp_model

    grid, model = Grid(problem), cp_model.CpModel()
    x = {(wish, slot): model.new_bool_var("") for wish in grid.wishes for slot in grid.allowed[wish]}
    for wish in grid.wishes:
        model.add_at_most_one(x[wish, slot] for slot in grid.allowed[wish])
    for person in grid.people:
        mine = [key for key in x if person in grid.pairs[key[0]]]
        model.add(sum(x[key] for key in mine) <= grid.limit[person])
        for slot in grid.slots:
            model.add_at_most_one(x[key] for key in mine if key[1] == slot)
    for slot in grid.slots:
        model.add(sum(x[wish, slot] for wish in grid.wishes if (wish, slot) in x) <= grid.capacity[slot])
    model.maximize(sum(grid.weights[wish] * literal for (wish, _), literal in x.items()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return _solution(
        grid, {wish: slot for (wish, slot), literal in x.items() if found and solver.boolean_value(literal)}
    )


def _solution(grid: Grid, plan: Plan) -> Solution:
    return Solution(status="feasible", assignments=seat(grid, plan))
