"""The cast of scheduling tests: small problems in one line, random ones from a seed, and a solver that tries everything."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from matching.scheduling import Assignment, Participant, Pin, Place, Problem, Slot, Solution, Wish, value, violations
from matching.scheduling.values import levels

START = datetime(2027, 3, 2, 9, tzinfo=UTC)


def build(pairs, slots=3, people=None, **kwargs):
    """A problem from pairs such as "ab": participants are letters, slots s1, s2 ..., wishes m1, m2 ..."""
    wish_options = kwargs.pop("wishes", {})
    person_options = kwargs.pop("participants", {})
    names = people or sorted(set("".join(pairs)))
    return Problem(
        slots=[Slot(f"s{number + 1}", START + timedelta(minutes=30 * number), 20) for number in range(slots)],
        participants=[Participant(name, **person_options.get(name, {})) for name in names],
        wishes=[
            Wish(f"m{number + 1}", tuple(pair), **wish_options.get(f"m{number + 1}", {}))
            for number, pair in enumerate(pairs)
        ],
        **kwargs,
    )


def plan(**slots):
    """A hand-made plan: plan(m1="s1", m2=("s2", 1))."""
    items = [Assignment(wish, *((where,) if isinstance(where, str) else where)) for wish, where in slots.items()]
    return Solution(status="feasible", assignments=tuple(items))


def random_problem(seed, objective=None, people=4, wishes=4, slots=4):
    """A small problem with some of everything."""
    chance = random.Random(seed)
    names = "abcdefgh"[:people]
    slot_ids = [f"s{number + 1}" for number in range(slots)]
    pairs = ["".join(chance.sample(names, 2)) for _ in range(wishes)]
    options = {}
    for number in range(wishes):
        options[f"m{number + 1}"] = {
            "weight": chance.choice([1.0, 1.0, 0.5, 2.25]),
            "required": chance.random() < 0.1,
            "slots": chance.sample(slot_ids, 2) if chance.random() < 0.2 else None,
            "after": [f"m{chance.randint(1, number)}"] if number and chance.random() < 0.2 else (),
        }
    persons = {
        name: {
            "unavailable": chance.sample(slot_ids, chance.choice([0, 0, 1])),
            "max_meetings": chance.choice([None, None, 1, 2]),
            "timezone": "Europe/Athens",
            "working_hours": chance.choice([None, ("11:20", "17:00"), ("12:00", "11:10")]),
        }
        for name in names
    }
    everything = ["placed", "fair", "breaks", "waiting", "changes", "hours"]
    places = chance.choice([None, 1, 2, [Place("T1"), Place("T2", slot_ids[:2])]])
    return build(
        pairs,
        slots,
        people=names,
        wishes=options,
        participants=persons,
        places=places,
        pins=[Pin("m1", chance.choice(slot_ids))] if wishes and chance.random() < 0.3 else (),
        objective=objective or chance.sample(everything, chance.randint(1, 4)),
        max_break_difference=chance.choice([None, None, 1, 0]),
    )


def worth(problem, solution, previous=None):
    """The objective as a tuple to minimise, by the independent check only."""
    figures = value(problem, solution, previous)
    parts = []
    for name in problem.objective:
        if name == "placed":
            parts.append(-round(figures["placed"], 6))
        elif name == "fair":
            parts.extend(levels(problem, solution))
        elif name == "hours":
            parts.extend([figures["hours"], figures["hours_total"]])
        else:
            parts.append(figures[name])
    return tuple(parts)


def _seated(problem, slots):
    """Give places in a way that uses none twice, or None when they don't suffice."""
    free = {}
    items = []
    pins = {pin.wish: pin.place for pin in problem.pins if pin.place is not None}
    for wish, slot in slots.items():
        if problem.places is None:
            items.append(Assignment(wish, slot))
            continue
        named = isinstance(problem.places, tuple)
        if slot not in free:
            free[slot] = (
                [place.id for place in problem.places if place.slots is None or slot in place.slots]
                if named
                else list(range(1, problem.places + 1))
            )
        wanted = pins.get(wish)
        if not free[slot] or (wanted is not None and wanted not in free[slot]):
            return None
        place = wanted if wanted is not None else free[slot][0]
        free[slot].remove(place)
        items.append(Assignment(wish, slot, place))
    return Solution(status="feasible", assignments=tuple(items))


def brute_force(problem, previous=None):
    """The best plan of all plans there are, or None: tries every slot for every wish."""
    best = None
    ids = [wish.id for wish in problem.wishes]
    choices = [None, *(slot.id for slot in problem.slots)]
    for slots in itertools.product(choices, repeat=len(ids)):
        solution = _seated(problem, {wish: slot for wish, slot in zip(ids, slots, strict=True) if slot})
        if solution is None or violations(problem, solution):
            continue
        if best is None or worth(problem, solution, previous) < best:
            best = worth(problem, solution, previous)
    return best


@pytest.fixture(name="build")
def _build():
    return build


@pytest.fixture(name="plan")
def _plan():
    return plan


@pytest.fixture(name="random_problem")
def _random_problem():
    return random_problem


@pytest.fixture(name="brute_force")
def _brute_force():
    return brute_force


@pytest.fixture(name="worth")
def _worth():
    return worth
