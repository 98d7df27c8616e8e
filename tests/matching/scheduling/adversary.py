"""Small problems that use everything the format can say at once, and every plan they allow. `python -m` runs thousands.

Nothing here asks the model: plans are enumerated one by one and judged by the independent check.
"""
# ruff: noqa: T201 - a command that prints what it finds

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta

from matching.scheduling import Assignment, Participant, Pin, Place, Problem, Slot, Solution, Wish, value, violations
from matching.scheduling.values import levels

EVERYTHING = ("placed", "fair", "breaks", "waiting", "changes", "hours")
ZONES = ("Europe/Athens", "Asia/Kathmandu", "America/New_York", "Pacific/Auckland")
HOURS = (None, ("09:00", "17:00"), ("22:30", "06:10"), ("11:10", "11:25"), ("12:00", "11:10"))
WEIGHTS = (1.0, 1.0, 1.0, 0.5, 2.25, 0.1, 1 / 3, 1e-3, 7.123456)


def adversarial_problem(seed, objective=None, people=(2, 5), wishes=(0, 5), slots=(1, 5)):
    """Return a problem with some of everything; the same seed gives the same problem."""
    chance = random.Random(seed)
    names = "abcdefgh"[: chance.randint(*people)]
    ids = [f"s{number}" for number in range(chance.randint(*slots))]
    begin = chance.choice([datetime(2027, 3, 28, 0, 20, tzinfo=UTC), datetime(2027, 3, 2, 9, tzinfo=UTC)])
    number = chance.randint(*wishes)
    places = _places(chance, ids)
    return Problem(
        slots=[
            Slot(
                name,
                begin + timedelta(minutes=30 * position + (300 if 2 * position >= len(ids) else 0)),
                chance.choice([20, 30, None]),
                chance.choice([None, "morning" if 2 * position < len(ids) else "afternoon"]),
            )
            for position, name in enumerate(ids)
        ],
        participants=[_person(chance, name, ids) for name in names],
        wishes=[_wish(chance, position, names, ids) for position in range(number)],
        places=places,
        pins=_pins(chance, number, ids, places),
        objective=objective or chance.sample(EVERYTHING, chance.randint(1, 6)),
        max_break_difference=chance.choice([None, None, None, 0, 1, 2]),
    )


def _some(chance, items, share):
    return [item for item in items if chance.random() < share]


def _person(chance, name, ids):
    hours = chance.choice(HOURS)
    most = chance.choice([None, None, 0, 1, 2, 3]) if chance.random() < 0.7 else None
    return Participant(
        name,
        unavailable=_some(chance, ids, chance.choice([0, 0, 0.2, 0.5])),
        max_meetings=most,
        min_meetings=chance.choice([0, 0, min(1, 9 if most is None else most)]),
        timezone=chance.choice(ZONES) if hours or chance.random() < 0.3 else None,
        working_hours=hours,
        online=_some(chance, ids, chance.choice([0, 0, 0.3, 1])),
    )


def _wish(chance, position, names, ids):
    earlier = [f"m{other}" for other in range(position)]
    return Wish(
        f"m{position}",
        tuple(chance.sample(names, 2)),
        weight=chance.choice(WEIGHTS),
        required=chance.random() < 0.12,
        slots=_some(chance, ids, 0.6) if chance.random() < 0.2 else None,
        after=chance.sample(earlier, min(len(earlier), chance.choice([1, 1, 2]))) if chance.random() < 0.2 else (),
        mode=chance.choice(["table", "table", "online", "either"]),
    )


def _places(chance, ids):
    named = [Place("T1"), Place("T2", _some(chance, ids, 0.5)), Place("T3", _some(chance, ids, 0.3))]
    return chance.choice([None, None, 0, 1, 1, 2, 3, (), named[:2], named[1:], named])


def _pins(chance, number, ids, places):
    tables = [None, *(range(1, places + 1) if isinstance(places, int) else (place.id for place in places or ()))]
    return [
        Pin(f"m{wish}", chance.choice(ids), chance.choice(tables)) for wish in range(number) if chance.random() < 0.1
    ]


def adversarial_previous(seed, problem):
    """Return an older plan for about half of the problems, with wishes and slots that are gone by now."""
    chance = random.Random(-seed)
    if chance.random() < 0.4:
        return None
    slots = [*(slot.id for slot in problem.slots), "gone"]
    wishes = [*(wish.id for wish in problem.wishes), "withdrawn"]
    items = [Assignment(wish, chance.choice(slots)) for wish in wishes if chance.random() < 0.6]
    return Solution(status="feasible", assignments=tuple(items))


def worth(problem, solution, previous=None):
    """Return the stages of the objective as pairs (name, figure to minimise), by the independent check only."""
    figures = value(problem, solution, previous)
    found = []
    for name in problem.objective:
        if name == "placed":
            found.append((name, -round(figures["placed"], 5)))
        elif name == "fair":
            found += [(name, level) for level in levels(problem, solution)]
        elif name == "hours":
            found += [(name, figures["hours"]), ("hours_total", figures["hours_total"])]
        else:
            found.append((name, figures[name]))
    return found


def every_plan(problem):
    """Yield each valid plan as a solution: each wish nowhere or in each slot, with some assignment of places."""
    ids = [slot.id for slot in problem.slots]

    def extend(position, slots):
        if position == len(problem.wishes):
            solution = seated(problem, slots)
            if solution is not None and not violations(problem, solution):
                yield solution
            return
        wish = problem.wishes[position]
        for slot in (None, *ids):
            taken = slot is not None and any(
                there == slot and set(wish.participants) & set(problem.wishes[other].participants)
                for other, there in slots.items()
            )
            if not taken:
                yield from extend(position + 1, slots if slot is None else slots | {position: slot})

    yield from extend(0, {})


def seated(problem, slots):
    """Give places, pinned ones first, or return None when they don't suffice."""
    pins = {pin.wish: pin.place for pin in problem.pins if pin.place is not None}
    free, items = {}, []
    named = {problem.wishes[position].id: slot for position, slot in slots.items()}
    wishes = {wish.id: wish for wish in problem.wishes}
    remote = {(person.id, slot) for person in problem.participants for slot in person.online}
    for wish in sorted(named, key=lambda wish: wish not in pins):
        slot, who = named[wish], wishes[wish]
        apart = any((name, slot) in remote for name in who.participants)
        if problem.places is None or who.mode == "online" or (who.mode == "either" and apart):
            items.append(Assignment(wish, slot))
            continue
        if isinstance(problem.places, int):
            usable = list(range(1, problem.places + 1))
        else:
            usable = [place.id for place in problem.places if place.slots is None or slot in place.slots]
        left = free.setdefault(slot, usable)
        wanted = pins.get(wish, left[0] if left else None)
        if wanted not in left:
            return None
        left.remove(wanted)
        items.append(Assignment(wish, slot, wanted))
    return Solution(status="feasible", assignments=tuple(items))


def faults(problem, solution, previous=None, *, stopped=False):
    """Return what is wrong with an answer, by comparison with every plan there is; empty when all is right."""
    plans = [worth(problem, plan, previous) for plan in every_plan(problem)]
    figures = [tuple(figure for _, figure in plan) for plan in plans]
    if not plans:
        right = solution.status == "infeasible" and not solution.assignments and solution.conflict
        return (
            []
            if right or (solution.status == "unknown" and stopped)
            else [f"no plan exists, answered {solution.status} {solution.conflict}"]
        )
    found = [violation.text for violation in violations(problem, solution, previous)]
    if solution.status == "infeasible":
        return [f"{len(plans)} plans exist, answered infeasible"]
    if solution.status == "unknown":
        return found
    mine = worth(problem, solution, previous)
    ours = tuple(figure for _, figure in mine)
    if solution.status == "optimal" and ours != min(figures):
        found.append(f"claims the optimum with {mine}, best is {min(figures)}")
    if dict(solution.value) != value(problem, solution, previous):
        found.append("states figures that are not those of the plan")
    return [*found, *_wrong_bounds(solution, mine, figures)]


def _wrong_bounds(solution, mine, figures):
    """A bound holds for all plans that are as good in everything more important."""
    ours = tuple(figure for _, figure in mine)
    for position, (name, figure) in enumerate(mine):
        first = name != "fair" or position == 0 or mine[position - 1][0] != "fair"
        if name not in solution.bound or not first:
            continue
        bound = solution.bound[name]
        rivals = [plan[position] for plan in figures if plan[:position] == ours[:position]]
        if name == "fair":
            if solution.value["fair"] > bound:
                yield f"fair is {solution.value['fair']}, above its bound {bound}"
        elif name == "placed" and (bound + min(rivals) < -1e-4 or bound + figure < -1e-4):
            yield f"placed could be {-min(rivals)}, bound {bound}"
        elif name != "placed" and min(rivals) < bound:
            yield f"{name} could be {min(rivals)}, bound {bound}"
        if solution.status == "optimal" and name != "fair" and abs(abs(bound) - abs(figure)) > 1e-4:
            yield f"{name} is proven at {figure}, bound says {bound}"


def main(first, number):
    """Solve `number` problems in several ways, printing what is wrong."""
    from matching.scheduling import solve, strategy

    wrong = 0
    sizes = strategy.TINY_SIZE, strategy.EXACT_SIZE
    for seed in range(first, first + number):
        problem = adversarial_problem(seed)
        previous = adversarial_previous(seed, problem)
        for way, (tiny, exact, options) in {
            "exact": (*sizes, {"workers": 1}),
            "two workers": (*sizes, {"workers": 2}),
            "annealed": (0, 0, {"workers": 1, "seconds": 0.4}),
            "stopped": (*sizes, {"workers": 1, "should_stop": lambda: True}),
        }.items():
            if way != "exact" and seed % 5:
                continue
            strategy.TINY_SIZE, strategy.EXACT_SIZE = tiny, exact
            try:
                solution = solve(problem, previous=previous, **({"seconds": 20} | options))
                found = faults(problem, solution, previous, stopped=way != "exact")
                if way == "exact" and solution.status not in ("optimal", "infeasible"):
                    found.append(f"not decided: {solution.status}")
            except Exception as error:
                found = [f"{type(error).__name__}: {error}"]
            if found:
                wrong += 1
                print(seed, way, problem.objective, *found, sep="\n    ", flush=True)
    print(f"{number} problems, {wrong} wrong answers")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
