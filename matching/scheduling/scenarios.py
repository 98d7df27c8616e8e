"""What would be if: named changes of a problem, each solved like the problem itself. Knows no solver.

A scenario says how the event would differ: more places, slots more or fewer, other limits, another length of slots, rules relaxed for
one wish. `apply` gives the changed problem; `what_if` solves them all and tells what each would bring, and how surely.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from matching.scheduling.fixes import relaxed
from matching.scheduling.problem import Place, Problem, Slot
from matching.scheduling.regrid import with_minutes
from matching.scheduling.solution import Solution, Status
from matching.scheduling.solver import solve
from matching.scheduling.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from matching.scheduling.fixes import Relaxation
    from matching.scheduling.solution import Progress

MAXIMISED = ("placed", "fair")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One way in which the event could differ; what is not said stays as it is.

    `more_places` come on top in every slot (or only in `in_slots`, where places are named). `slots` are added in time order,
    `without_slots` taken away with the pins in them. `max_meetings` replaces everybody's maximum, `more_meetings` is added to it. `slot_minutes`
    cuts every block into slots of that length. `relaxations` with their `wish` are a fix that `explain` named.
    """

    name: str
    more_places: int = 0
    in_slots: tuple[str, ...] | None = None
    slots: tuple[Slot, ...] = ()
    without_slots: tuple[str, ...] = ()
    slot_minutes: int | None = None
    max_meetings: int | None = None
    more_meetings: int = 0
    max_break_difference: int | None = None
    relaxations: tuple[Relaxation, ...] = ()
    wish: str | None = None

    def apply(self, problem: Problem) -> Problem:
        """Return the problem as it would be; raises `InvalidProblem` when it makes no sense."""
        for step in (self._slots, self._length, self._places, self._limits):
            problem = step(problem)
        if self.max_break_difference is not None:
            problem = replace(problem, max_break_difference=self.max_break_difference)
        return relaxed(problem, self.relaxations, self.wish or "")

    def _slots(self, problem: Problem) -> Problem:
        if self.without_slots:
            problem = without(problem, set(self.without_slots))
        if not self.slots:
            return problem
        slots = [*problem.slots, *self.slots]
        if all(slot.start is not None for slot in slots):
            slots.sort(key=lambda slot: (slot.start is None, slot.start))
        return replace(problem, slots=tuple(slots))

    def _length(self, problem: Problem) -> Problem:
        return problem if self.slot_minutes is None else with_minutes(problem, self.slot_minutes)

    def _places(self, problem: Problem) -> Problem:
        places = problem.places
        if not self.more_places or places is None:
            return problem
        if isinstance(places, int):
            if self.in_slots is None:
                return replace(problem, places=max(0, places + self.more_places))
            places = tuple(Place(f"place {number + 1}") for number in range(places))
            pins = tuple(pin if pin.place is None else replace(pin, place=f"place {pin.place}") for pin in problem.pins)
            problem = replace(problem, places=places, pins=pins)
        if self.more_places < 0:
            return replace(problem, places=places[: self.more_places])
        names = {place.id for place in places}
        free = (f"extra {number}" for number in range(1, len(names) + self.more_places + 1))
        extra = [name for name in free if name not in names][: self.more_places]
        return replace(problem, places=(*places, *(Place(name, self.in_slots) for name in extra)))

    def _limits(self, problem: Problem) -> Problem:
        if self.max_meetings is None and not self.more_meetings:
            return problem
        people = []
        for person in problem.participants:
            most = person.max_meetings if self.max_meetings is None else self.max_meetings
            most = None if most is None else max(0, most + self.more_meetings)
            least = person.min_meetings if most is None else min(person.min_meetings, most)
            people.append(replace(person, max_meetings=most, min_meetings=least))
        return replace(problem, participants=tuple(people))


def without(problem: Problem, slots: set[str]) -> Problem:
    """Return the problem without some slots: nobody is unavailable in them, no wish or place names them, no pin is there."""

    def left(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in slots)

    places = problem.places
    if isinstance(places, tuple):
        places = tuple(place if place.slots is None else replace(place, slots=left(place.slots)) for place in places)
    return replace(
        problem,
        slots=tuple(slot for slot in problem.slots if slot.id not in slots),
        places=places,
        participants=tuple(replace(who, unavailable=left(who.unavailable)) for who in problem.participants),
        wishes=tuple(wish if wish.slots is None else replace(wish, slots=left(wish.slots)) for wish in problem.wishes),
        pins=tuple(pin for pin in problem.pins if pin.slot not in slots),
    )


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a scenario comes to. `gain` is the difference of each figure to the event as it is.

    `surely` holds for each objective the least and the most by which the *best* plans of both differ, as far as that is
    proven: for the first objective always, for the others once those before it are proven in both.
    """

    scenario: str
    problem: Problem
    solution: Solution
    gain: Mapping[str, float] = field(default_factory=dict)
    surely: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def proven(self) -> bool:
        """Whether the value is the best there is."""
        return self.solution.status == Status.OPTIMAL

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, without the plan."""
        solution = self.solution
        return {
            "scenario": self.scenario,
            "status": str(solution.status),
            "value": dict(solution.value),
            "bound": dict(solution.bound),
            "gain": dict(self.gain),
            "surely": {name: list(pair) for name, pair in self.surely.items()},
        }


def what_if(
    problem: Problem,
    scenarios: Iterable[Scenario],
    *,
    seconds: float = 60,
    workers: int = 2,
    seed: int = 1,
    previous: Solution | None = None,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[Effect, ...]:
    """Return the effect of each scenario, after one for the event as it is (named ""), within `seconds` together.

    Time that one leaves over goes to those after it. Stopping keeps the best plan of each.
    """
    watch = Watch(seconds, None, should_stop)
    todo = [Scenario(name=""), *scenarios]
    problems = [scenario.apply(problem) for scenario in todo]
    effects: list[Effect] = []
    for number, (scenario, changed) in enumerate(zip(todo, problems, strict=True)):
        solution = solve(
            changed,
            seconds=watch.left / (len(todo) - number),
            workers=workers,
            seed=seed,
            previous=previous,
            progress=progress,
            should_stop=should_stop,
        )
        effect = Effect(scenario=scenario.name, problem=changed, solution=solution)
        effects.append(_compared(effects[0] if effects else effect, effect))
    return tuple(effects)


def _compared(base: Effect, effect: Effect) -> Effect:
    one, two = base.solution, effect.solution
    if not one.value or not two.value:
        return effect
    return replace(
        effect, gain={name: two.value[name] - one.value[name] for name in one.value}, surely=_surely(one, two)
    )


def _surely(one: Solution, two: Solution) -> dict[str, tuple[float, float]]:
    """The interval of the true difference per objective, as long as everything more important is proven in both."""
    found: dict[str, tuple[float, float]] = {}
    for name in one.bound:
        if name not in two.bound or name not in one.value:
            break
        ends = (two.value[name] - one.bound[name], two.bound[name] - one.value[name])
        found[name] = (min(ends), max(ends))
        if one.value[name] != one.bound[name] or two.value[name] != two.bound[name]:
            break
    return found
