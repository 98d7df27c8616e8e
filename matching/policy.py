"""What an event decides about its lists, as data: written to and read from a dictionary, strictly.

What the decisions mean is in `eligibility`, `quotas`, `competition` and `congestion`. Facts of the day (who met whom,
who said what) travel with the policy but are not decisions: they are not part of the dictionary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from matching.calibration import Calibration
from matching.congestion import VISIBLE_PLACES
from matching.eligibility import ON, RULES
from matching.errors import InvalidPolicy, Mistake
from matching.feedback import Opinion
from matching.scoring import Weights

PairsOfIds = frozenset[tuple[str, str]]
_NUMBERS = ("minimum_incoming", "protected", "neighbours", "from_other_regions", "per_group")
_FACTS = ("forbidden", "met_here", "met_before", "calibration", "opinions")


@dataclass(frozen=True)
class Policy:
    """What an event decides about its lists.

    `top`: places per list. `rules`: names out of eligibility.RULES. `groups_apart`: pairs of groups that are not shown
    to each other (rule groups_apart). `hide_competitors`: leave out who offers the same in the same sector and has
    nothing to give or get.

    `minimum_incoming`: in so many lists everybody stands among the first ten, where the rules allow; `protected`: so
    many first places of a list are never touched for that. `from_other_regions`, `per_group`: so many of the first ten
    come from other regions, and from every group, where there are any. `neighbours`: how many best partners measure
    popularity; 0 switches the correction off.

    Facts: `forbidden`, `met_here`, `met_before` are pairs of ids, in either order. `opinions`: what participants said
    about others, which moves their own lists. `calibration`: constants of the event's own, instead of the model's.
    """

    top: int = 20
    weights: Weights = field(default_factory=Weights)
    minimum_incoming: int = 5
    protected: int = 5
    rules: tuple[str, ...] = ON
    groups_apart: PairsOfIds = frozenset()
    hide_competitors: bool = True
    from_other_regions: int = 0
    per_group: int = 0
    neighbours: int = 10
    forbidden: PairsOfIds = frozenset()
    met_here: PairsOfIds = frozenset()
    met_before: PairsOfIds = frozenset()
    calibration: Calibration | None = None
    opinions: tuple[Opinion, ...] = ()

    def __post_init__(self) -> None:
        """Refuse impossible numbers and unknown rules."""
        mistakes = [Mistake("rules", f'unknown rule "{name}"') for name in self.rules if name not in RULES]
        if self.top < 1:
            mistakes.append(Mistake("top", "must be at least 1"))
        mistakes += [Mistake(name, "must not be negative") for name in _NUMBERS if getattr(self, name) < 0]
        mistakes += [
            Mistake(name, f"must not be more than {VISIBLE_PLACES}, the places that people read")
            for name in ("from_other_regions", "per_group")
            if getattr(self, name) > VISIBLE_PLACES
        ]
        if mistakes:
            raise InvalidPolicy(mistakes)

    @property
    def measures(self) -> tuple[str, ...]:
        """Name everything that is on and changes lists: the rules, competitors, quotas, guarantee and correction."""
        others = ("hide_competitors", "from_other_regions", "per_group", "minimum_incoming", "neighbours")
        return (*self.rules, *(name for name in others if getattr(self, name)))

    def without(self, measure: str) -> Policy:
        """Return the same policy with one of its measures switched off."""
        if measure in self.rules:
            return replace(self, rules=tuple(name for name in self.rules if name != measure))
        off: dict[str, Any] = {measure: type(getattr(self, measure))()}
        return replace(self, **off)

    def to_dict(self) -> dict[str, Any]:
        """Return all decisions as data that JSON can hold; facts are left out."""
        values = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in _FACTS}
        apart = sorted({tuple(sorted(pair)) for pair in self.groups_apart})
        lists = {"rules": list(self.rules), "groups_apart": [list(pair) for pair in apart]}
        return {**values, **lists, "weights": self.weights.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """Read decisions; what is missing keeps its default. Raises InvalidPolicy with every mistake at once."""
        mistakes: list[Mistake] = []
        values: dict[str, Any] = {}
        for key, value in data.items():
            reader = _READERS.get(key)
            try:
                if reader is None:
                    mistakes.append(Mistake(str(key), "unknown key"))
                else:
                    values[key] = reader(value)
            except ValueError as error:
                mistakes.append(Mistake(key, str(error)))
        try:
            policy = cls(**values)
        except InvalidPolicy as error:
            raise InvalidPolicy([*mistakes, *error.mistakes]) from None
        if mistakes:
            raise InvalidPolicy(mistakes)
        return policy


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")  # noqa: TRY004 - a mistake in the data, like the others
    return value


def _flag(value: object) -> bool:
    if value is not True and value is not False:
        raise ValueError("must be true or false")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ValueError("must be a list of texts")
    return tuple(value)


def _pairs(value: object) -> PairsOfIds:
    pairs = [tuple(pair) if isinstance(pair, list) else () for pair in value] if isinstance(value, list) else [()]
    if not all(len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], str) for pair in pairs):
        raise ValueError("must be a list of pairs of texts")
    return frozenset((one, other) for one, other in pairs)


def _weights(value: object) -> Weights:
    known = {item.name for item in fields(Weights)}
    if not isinstance(value, Mapping):
        raise ValueError("must be an object of numbers")  # noqa: TRY004 - a mistake in the data, like the others
    for name, number in value.items():
        if name not in known:
            raise ValueError(f'unknown weight "{name}"')
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ValueError(f'the weight "{name}" must be a number')  # noqa: TRY004 - likewise
    return Weights(**{name: float(number) for name, number in value.items()})


_READERS: dict[str, Callable[[object], Any]] = {
    **dict.fromkeys(("top", *_NUMBERS), _number),
    "weights": _weights,
    "rules": _texts,
    "groups_apart": _pairs,
    "hide_competitors": _flag,
}
