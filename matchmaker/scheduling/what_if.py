"""What the page of scenarios shows and a scenario in words. Reads only.

A scenario is a list of parts, stored as plain data: ``{"kind": "places", "to": 15, "more": 2}``, ``{"kind": "maximum", "to": 9, "now": 8}``,
``{"kind": "minutes", "to": 15}``, ``{"kind": "slots", "slots": [[start, end], ...], ...}``. Parts name what the event would have, not
what is added, so that they stay right when the event gets it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.meetings.models import Slot
from matchmaker.meetings.queries import slots_of
from matchmaker.meetings.services import lacking
from matchmaker.scheduling.models import WhatIf, WhatIfState
from matchmaker.scheduling.reasons import begun
from matchmaker.web.times import local_datetime, local_time

Part = Mapping[str, Any]
RECUTS = ("minutes",)


def words(parts: Sequence[Part], zone: str) -> str:
    """Return a scenario in words: "2 more places and 1 more slot at the end of each day"."""
    said = [_WORDS[part["kind"]](part, zone) for part in parts]
    if len(said) < 2:
        return said[0] if said else _("As the event is")
    return _("%(names)s and %(last)s", names=", ".join(said[:-1]), last=said[-1])


def _places(part: Part, _zone: str) -> str:
    return ngettext("%(num)s more place", "%(num)s more places", part["more"])


def _maximum(part: Part, _zone: str) -> str:
    return _("at most %(to)s meetings each instead of %(now)s", to=part["to"], now=part["now"])


def _minutes(part: Part, _zone: str) -> str:
    return _("slots of %(minutes)s minutes", minutes=part["to"])


def _slots(part: Part, zone: str) -> str:
    if part["form"] == "longer":
        return ngettext(
            "%(num)s more slot at the end of each day", "%(num)s more slots at the end of each day", part["more"]
        )
    intervals = intervals_of([part])
    start, end = intervals[0][0], intervals[-1][1]
    span = f"{local_datetime(start, zone)}–{local_time(end, zone)}"
    return ngettext(
        "one more block, %(span)s (%(num)s slot)",
        "one more block, %(span)s (%(num)s slots)",
        len(intervals),
        span=span,
    )


_WORDS: dict[str, Callable[[Part, str], str]] = {
    "places": _places,
    "maximum": _maximum,
    "minutes": _minutes,
    "slots": _slots,
}


def intervals_of(parts: Sequence[Part]) -> list[tuple[datetime, datetime]]:
    """Return the slots that a scenario adds."""
    stored = [interval for part in parts for interval in part.get("slots", ())]
    return [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in stored]


def combined(scenarios: Sequence[Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return all changes together: of each kind the one that changes most, which is the last one asked for."""
    last = {(part["kind"], part.get("form", "")): part for parts in scenarios for part in parts}
    return list(last.values())


@dataclass(frozen=True)
class EffectRow:
    """One scenario in the table; ``number`` 0 is the event as it is. Figures are None where no plan exists.

    ``new_slots``: how many slots the event lacks for it; ``recuts``: the event's slots would have to be made anew.
    """

    number: int
    name: str
    meetings: int | None
    most: int | None
    gain: str
    without: int | None
    fewest: int | None
    breaks: int | None
    least_breaks: int | None
    is_proven: bool
    new_slots: int
    recuts: bool


def table(what_if: WhatIf) -> list[EffectRow]:
    """Return the effect of each scenario, the event as it is first; empty while there is no result."""
    scenarios: list[Sequence[Part]] = [[], *what_if.scenarios]
    zone, slots = what_if.event.timezone, slots_of(what_if.event_id)
    return [
        _row(number, words(parts, zone), parts, effect, slots)
        for number, (parts, effect) in enumerate(zip(scenarios, what_if.effects, strict=False))
    ]


def _row(number: int, name: str, parts: Sequence[Part], effect: Mapping[str, Any], slots: Sequence[Slot]) -> EffectRow:
    value, bound = effect["value"], effect["bound"]

    def figure(key: str) -> int | None:
        return round(value[key]) if key in value else None

    meetings, most = figure("meetings"), round(bound["placed"]) if "placed" in bound else None
    return EffectRow(
        number=number,
        name=begun(name),
        meetings=meetings,
        most=most,
        gain=_gain(effect) if number else "",
        without=figure("left_out"),
        fewest=figure("fair"),
        breaks=figure("breaks"),
        least_breaks=round(bound["breaks"]) if "breaks" in bound else None,
        is_proven=meetings is not None and meetings == most,
        new_slots=len(lacking(slots, intervals_of(parts))),
        recuts=any(part["kind"] in RECUTS for part in parts),
    )


def _gain(effect: Mapping[str, Any]) -> str:
    """The difference in meetings, as surely as it is known."""
    if effect["status"] == "infeasible":
        return _("No plan: what is locked can't all take place.")
    if "placed" not in effect["surely"]:
        return _("Not known: there was no time for a plan.")
    least, most = (round(end) for end in effect["surely"]["placed"])
    if least == most:
        return _exactly(least)
    return _("between %(least)s and %(most)s more meetings", least=_signed(least), most=_signed(most))


def _exactly(gain: int) -> str:
    if gain == 0:
        return _("no more meetings, proven")
    if gain < 0:
        return ngettext("%(num)s meeting fewer, proven", "%(num)s meetings fewer, proven", -gain)
    return ngettext("%(num)s more meeting, proven", "%(num)s more meetings, proven", gain)


def _signed(number: int) -> str:
    return f"−{-number}" if number < 0 else str(number)


def is_busy(what_if: WhatIf) -> bool:
    """Whether it waits or is computed."""
    return what_if.state in (WhatIfState.QUEUED, WhatIfState.RUNNING)
