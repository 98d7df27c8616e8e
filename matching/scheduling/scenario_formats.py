"""The formats schedule-scenarios/1 (in) and schedule-effects/1 (out) of the command what-if.

    {"format": "schedule-scenarios/1",
     "scenarios": [{"name": "two tables more", "more_places": 2},
                   {"name": "an hour more", "slots": [{"id": "x1", "start": "2027-03-02T17:00:00+00:00", "minutes": 20}]},
                   {"name": "shorter", "slot_minutes": 15}, {"name": "one more each", "more_meetings": 1}]}

The keys of a scenario are the fields of `Scenario`; only `name` is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matching.scheduling.fixes import RULES, Relaxation
from matching.scheduling.formats import read_slot
from matching.scheduling.problem import InvalidSchedule
from matching.scheduling.reader import Reader
from matching.scheduling.scenarios import Effect, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCENARIOS_FORMAT = "schedule-scenarios/1"
EFFECTS_FORMAT = "schedule-effects/1"
_KEYS = (
    *("name", "more_places", "in_slots", "slots", "without_slots", "slot_minutes", "max_meetings", "more_meetings"),
    *("max_break_difference", "relaxations", "wish"),
)


class InvalidScenarios(InvalidSchedule):
    """No schedule-scenarios/1."""


def scenarios_from_dict(data: Mapping[str, Any]) -> tuple[Scenario, ...]:
    """Read schedule-scenarios/1. Raises `InvalidScenarios` with every mistake at once."""
    reader = Reader()
    top = reader.mapping(data, "", ("format", "scenarios"), ("format", "scenarios"))
    if top is not None and top.get("format", SCENARIOS_FORMAT) != SCENARIOS_FORMAT:
        reader.note("format", f'must be "{SCENARIOS_FORMAT}"')
    found = reader.items(top or {}, "scenarios", _scenario)
    if reader.mistakes:
        raise InvalidScenarios.of(reader.mistakes)
    return tuple(scenario for scenario in found if scenario)


def effects_to_dict(effects: Iterable[Effect]) -> dict[str, Any]:
    """Return schedule-effects/1; the first effect is the event as it is."""
    return {"format": EFFECTS_FORMAT, "effects": [effect.to_dict() for effect in effects]}


def _scenario(reader: Reader, value: object, path: str) -> Scenario | None:
    data = reader.mapping(value, path, _KEYS, ("name",))
    if data is None:
        return None
    slots = reader.typed(data, path, "slots", list, [])
    rules = reader.typed(data, path, "relaxations", list, [])
    return Scenario(
        name=reader.typed(data, path, "name", str, ""),
        more_places=reader.typed(data, path, "more_places", int, 0),
        in_slots=None if data.get("in_slots") is None else reader.texts(data, path, "in_slots"),
        slots=tuple(
            slot for number, item in enumerate(slots) if (slot := read_slot(reader, item, f"{path}.slots[{number}]"))
        ),
        without_slots=reader.texts(data, path, "without_slots"),
        slot_minutes=reader.optional(data, path, "slot_minutes", int),
        max_meetings=reader.optional(data, path, "max_meetings", int),
        more_meetings=reader.typed(data, path, "more_meetings", int, 0),
        max_break_difference=reader.optional(data, path, "max_break_difference", int),
        relaxations=tuple(
            rule
            for number, item in enumerate(rules)
            if (rule := _relaxation(reader, item, f"{path}.relaxations[{number}]"))
        ),
        wish=reader.optional(data, path, "wish", str),
    )


def _relaxation(reader: Reader, value: object, path: str) -> Relaxation | None:
    data = reader.mapping(value, path, ("rule", "participant", "slot", "wish"), ("rule",))
    if data is None:
        return None
    rule = reader.typed(data, path, "rule", str, "")
    if rule not in RULES:
        reader.note(f"{path}.rule", "must be one of " + ", ".join(RULES))
        return None
    return Relaxation(rule, *(reader.optional(data, path, key, str) for key in ("participant", "slot", "wish")))
