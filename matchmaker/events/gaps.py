"""What is missing in the programme of a project: numbers of a series, hosts. Plain Python on rows, no database."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.events.models import Event
from matchmaker.events.naming import series_name

STAKEHOLDERS = "stakeholder_meeting"  # its series counts in every region apart


class Gap(NamedTuple):
    """One thing to look at. ``text`` is a sentence; ``where`` the regions or events it concerns, if named apart."""

    kind: str
    text: str
    where: tuple[str, ...] = ()


def gaps(events: Iterable[Event]) -> list[Gap]:
    """Return missing numbers, numbers given twice and events without host, series by series.

    The host of a stakeholder meeting is part of its series: every region has a 1st one.
    """
    series: dict[tuple[str, str], list[Event]] = defaultdict(list)
    live = [event for event in events if event.cancelled_at is None]
    for event in live:
        region = (event.host_partner.region or event.host_partner.name) if event.host_partner else ""
        series[event.kind, region if event.kind == STAKEHOLDERS else ""].append(event)
    missing: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    doubled: dict[tuple[str, int], list[str]] = defaultdict(list)
    for (kind, region), members in series.items():
        numbers = sorted(event.ordinal for event in members if event.ordinal)
        for number in sorted(set(range(1, max(numbers, default=0))) - set(numbers)):
            missing[kind, number, _between(members, number)].append(region)
        for number in {n for n in numbers if numbers.count(n) > 1}:
            doubled[kind, number].append(region)
    found = [_missing(kind, number, where, regions) for (kind, number, where), regions in missing.items()]
    found += [_doubled(kind, number, regions) for (kind, number), regions in doubled.items()]
    lonely = [event for event in live if event.host_partner_id is None]
    return found + ([_without_host(lonely)] if lonely else [])


def _between(members: list[Event], number: int) -> str:
    """Say in which semesters the neighbours of a missing number are, since it belongs between them."""
    before = max((e for e in members if (e.ordinal or 0) < number and e.ordinal), key=_ordinal, default=None)
    after = min((e for e in members if (e.ordinal or 0) > number), key=_ordinal, default=None)
    first, last = (e.semester.number if e and e.semester else None for e in (before, after))
    if last is None:
        return ""
    if first is None:
        return _("the next one is in semester %(last)s", last=last)
    return _("the one before is in semester %(first)s, the next in semester %(last)s", first=first, last=last)


def _ordinal(event: Event) -> int:
    return event.ordinal or 0


def _missing(kind: str, number: int, where: str, regions: list[str]) -> Gap:
    text = _("The %(event)s is missing", event=series_name(kind, number))
    return Gap(kind, f"{text}: {where}." if where else f"{text}.", tuple(sorted(r for r in regions if r)))


def _doubled(kind: str, number: int, regions: list[str]) -> Gap:
    text = _("There is more than one %(event)s.", event=series_name(kind, number))
    return Gap(kind, text, tuple(sorted(r for r in regions if r)))


def _without_host(events: list[Event]) -> Gap:
    text = ngettext("Nobody hosts this event yet:", "Nobody hosts these %(num)s events yet:", len(events))
    return Gap("", text, tuple(event.name for event in events))
