"""The scheduler next to what it replaces: published events with known optima, seeded synthetic events with baselines.

Every row is measured in the same run. `value` and `bound` are of the weight placed (synthetic) or the breaks
(published, where everything is placed); `gap` is in per cent. The published events are given as a folder, not committed.
"""

from __future__ import annotations

import json
import random
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from matching.scheduling import Participant, Problem, Solution, Wish, explain, replan, solve, value, violations
from matching.scheduling.construct import Table
from matching.scheduling.figures import Plan, figures
from matching.scheduling.grid import Grid
from matching.scheduling.improve import constructed, prepare
from matching.scheduling.seating import seat
from tests.benchmarks.events import REGIMES, SIZES, Regime, event
from tests.benchmarks.maxsat import breaks_by_rc2

Row = dict[str, Any]

# The ten original events; `scheduling.published` takes all forty.
ORIGINAL = ".original"
PUBLISHED_SECONDS = 60
SMALL, LARGE, LARGEST = SIZES[:2], SIZES[2:4], SIZES[4:]
SEED = 1


def run(data: Path | None = None) -> Iterator[Row]:
    """The usual selection: the original published events, small events next to the baselines, re-planning, explaining."""
    prepare()
    yield from published(data, only=ORIGINAL)
    for people, wishes, slots, seconds in SMALL:
        yield from compared(f"{people}/{wishes}/{slots}", event(people, wishes, slots), seconds)
    yield from regimes(SMALL)


def every_published(data: Path | None = None) -> Iterator[Row]:
    """All forty published events, next to RC2."""
    prepare()
    yield from published(data)


def large(_: Path | None = None) -> Iterator[Row]:
    """Events of 1,000 and 3,000 participants in every regime."""
    prepare()
    yield from regimes(LARGE)


def largest(_: Path | None = None) -> Iterator[Row]:
    """The event of 10,000 participants and 200,000 wishes."""
    prepare()
    yield from regimes(LARGEST, REGIMES[:1])


def planning_again(_: Path | None = None) -> Iterator[Row]:
    """Re-planning at 300 and at 3,000 participants."""
    prepare()
    for people, wishes, slots, seconds in (SIZES[1], SIZES[3]):
        problem = event(people, wishes, slots)
        limit = 5 if people < 1_000 else 30
        yield from planned_again(f"{people}/{wishes}/{slots}", problem, solve(problem, seconds=seconds), limit)


PARTS: dict[str, Callable[[Path | None], Iterator[Row]]] = {
    "": run,
    ".published": every_published,
    ".large": large,
    ".largest": largest,
    ".replan": planning_again,
}


def regimes(sizes: Sequence[tuple[int, int, int, int]], kinds: Sequence[Regime] = REGIMES) -> Iterator[Row]:
    """Ours in every regime: `placed` alone within its goal, then with breaks and waiting in twice the time."""
    for people, wishes, slots, seconds in sizes:
        for kind in kinds:
            problem = event(people, wishes, slots, kind)
            placed = _timed(replace(problem, objective=("placed",)), seconds)
            both = _timed(replace(problem, objective=("placed", "fair", "breaks", "waiting")), 2 * seconds)
            first = Grid(replace(problem, objective=("placed", "breaks", "waiting")))
            _, breaks, waiting = figures(first, constructed(first))
            yield {
                "event": f"{people}/{wishes}/{slots}",
                "regime": kind.name,
                "gap %": placed["gap"],
                "seconds": placed["seconds"],
                "gap % all": both["gap"],
                "left out": both["left_out"],
                "fewest": f"{both['fair']:.0f} of {both['fair bound']:.0f}",
                **_idle("breaks", both, breaks),
                **_idle("waiting", both, waiting),
                "seconds all": both["seconds"],
                "violations": placed["violations"] + both["violations"],
                "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }


def _idle(name: str, found: Row, first: int) -> Row:
    """A figure, its bound, that of the constructive plan, and what is left of that."""
    share = f"{100 * found[name] / max(1, first):.0f} %"
    return {name: f"{found[name]} / {found[f'{name} bound']} / {first}", f"{name} left": share}


def _timed(problem: Problem, seconds: float) -> Row:
    began = time.perf_counter()
    solution = solve(problem, seconds=seconds, seed=SEED)
    spent = time.perf_counter() - began
    bound = solution.bound["placed"]
    row: Row = {name: solution.value[name] for name in ("left_out", "fair", "breaks", "waiting")}
    bounds = {f"{name} bound": solution.bound.get(name, 0) for name in ("fair", "breaks", "waiting")}
    return (
        row
        | bounds
        | {
            "gap": round(100 * (bound - solution.value["placed"]) / bound, 4),
            "seconds": round(spent, 2),
            "violations": len(violations(problem, solution)),
        }
    )


def published(folder: Path | None, only: str = "") -> Iterator[Row]:
    """Prove the published events next to RC2 on the same problem; `known` is the published optimum of the breaks."""
    if folder is None:
        return
    known = json.loads((folder / "known.json").read_text())
    for name in sorted(known):
        if only and not name.endswith(only):
            continue
        problem = Problem.from_dict(json.loads((folder / f"{name}.json").read_text()))
        began = time.perf_counter()
        solution = solve(problem, seconds=PUBLISHED_SECONDS)
        spent = time.perf_counter() - began
        rival, rival_seconds = _rival(problem)
        yield {
            "event": name,
            "known": known[name],
            "ours": solution.value.get("breaks", str(solution.status)),
            "status": str(solution.status),
            "violations": len(violations(problem, solution)),
            "seconds": round(spent, 2),
            "RC2": rival,
            "RC2 seconds": round(rival_seconds, 2),
        }


def _rival(problem: Problem) -> tuple[float | str, float]:
    try:
        return breaks_by_rc2(problem, PUBLISHED_SECONDS)
    except ImportError:
        return "python-sat is not installed", 0.0


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
    """One in twenty cancels, one in fifty arrives with five wishes: how many meetings move, next to solving anew."""
    chance = random.Random(SEED)
    gone = {person.id for number, person in enumerate(problem.participants) if number % 20 == 0}
    stay = [person.id for person in problem.participants if person.id not in gone]
    new = [Participant(f"new{number}") for number in range(len(problem.participants) // 50)]
    late = [Wish(f"late {who.id} {name}", (who.id, name)) for who in new for name in chance.sample(stay, 5)]
    kept = {wish.id for wish in problem.wishes if not gone & set(wish.participants)}
    wishes = [
        replace(wish, after=tuple(name for name in wish.after if name in kept))
        for wish in problem.wishes
        if wish.id in kept
    ]
    changed = replace(
        problem, participants=(*problem.participants, *new), wishes=(*wishes, *late), objective=("placed", "changes")
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
            "bound": after.bound["placed"],
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
