"""What is proven about a plan, in plain words: for the pages of a run, its exports, and everybody who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from matchmaker.scheduling import figures
from matchmaker.scheduling.aims import AIM_LABELS
from matchmaker.scheduling.models import ScheduleRun
from matchmaker.scheduling.options import Options
from matchmaker.web.times import local_datetime

CLOSE = 1e-6
CHECKS = (
    lazy_gettext("Everybody has one meeting at a time, and only when available."),
    lazy_gettext("Every meeting has a place of its own where places count."),
    lazy_gettext("Nobody has more meetings than the maximum."),
    lazy_gettext("Meetings that had to stay are where they were."),
    lazy_gettext("The figures of every aim were computed again from the plan alone."),
)
Problem = Mapping[str, Any]


def headline(run: ScheduleRun) -> str:
    """Return how many meetings there are and the most there can be: what ends the argument."""
    placed, wished, most = run.figures["placed"], run.figures["wished"], run.figures.get("most")
    if placed == wished:
        return ngettext("The one accepted request is placed.", "All %(num)s accepted requests are placed.", wished)
    text = _("%(placed)s of %(wished)s accepted requests are placed", placed=placed, wished=wished)
    if most is None:
        return _("%(text)s.", text=text)
    room = resources(run)
    if most <= placed:
        return _("%(text)s; %(placed)s is the proven maximum with %(room)s.", text=text, placed=placed, room=room)
    return _("%(text)s; with %(room)s, no plan can place more than %(most)s.", text=text, room=room, most=most)


def resources(run: ScheduleRun) -> str:
    """Return what the maximum comes from: ``13 places in 22 slots and the own maxima of 2 participants``."""
    parts = run.figures.get("limits", [])
    kinds = {part["kind"]: len(part["participants"]) for part in parts}
    said = [_room(run.problem)] if "places" in kinds or not {"maximum", "times"} & kinds.keys() else []
    if "maximum" in kinds:
        said.append(
            ngettext("the own maximum of one participant", "the own maxima of %(num)s participants", kinds["maximum"])
        )
    if "times" in kinds:
        said.append(ngettext("the times of one participant", "the times of %(num)s participants", kinds["times"]))
    return _(" and ").join(said)


def _room(problem: Problem) -> str:
    slots = ngettext("%(num)s slot", "%(num)s slots", len(problem["slots"]))
    places = problem.get("places")
    if places is None:
        return slots
    count = places if isinstance(places, int) else len(places)
    return _("%(places)s in %(slots)s", places=ngettext("%(num)s place", "%(num)s places", count), slots=slots)


def binding(run: ScheduleRun) -> list[str]:
    """Return what the maximum is made of, one sentence for each part; nothing where everything is placed."""
    found = run.figures
    if found["placed"] == found["wished"]:
        return []
    parts = [_part(part, run.problem) for part in found.get("limits", [])]
    impossible = found.get("impossible", 0)
    if impossible:
        parts.append(
            ngettext(
                "One request can't be placed at all: its two people share no slot.",
                "%(num)s requests can't be placed at all: their two people share no slot.",
                impossible,
            )
        )
    return parts


def _part(part: Mapping[str, Any], problem: Problem) -> str:
    meetings, people = amount("placed", part["meetings"]), len(part["participants"])
    if part["kind"] == "places":
        inside = len(part["slots"])
        whole = inside == len(problem["slots"])
        slots = ngettext("%(num)s slot", "%(num)s slots", inside)
        where = _("all %(slots)s", slots=slots) if whole else _("%(slots)s", slots=slots)
        return _(
            "Places: in %(where)s together there is room for %(meetings)s meetings.", where=where, meetings=meetings
        )
    if part["kind"] == "maximum":
        return ngettext(
            "Own maximum of one participant: it allows %(meetings)s meetings.",
            "Own maximum of %(num)s participants: together it allows %(meetings)s meetings.",
            people, meetings=meetings,
        )  # fmt: skip
    if part["kind"] == "times":
        return ngettext(
            "Times of one participant: they allow %(meetings)s meetings.",
            "Times in which %(num)s participants can meet: together they allow %(meetings)s meetings.",
            people, meetings=meetings,
        )  # fmt: skip
    return _("Other requests, which nothing limits: %(meetings)s.", meetings=meetings)


@dataclass(frozen=True)
class Line:
    """One aim of a run: what the plan reaches, what is proven, and what that means."""

    aim: str
    value: str
    bound: str
    verdict: str
    is_proven: bool

    @property
    def state(self) -> str:
        """Whether it is proven that no plan is better, as a word."""
        return _("proven") if self.is_proven else _("open")


def lines(run: ScheduleRun) -> list[Line]:
    """Return a line for each aim in its order. A bound holds for plans that are as good in everything above."""
    found = run.figures
    stars = Options.from_dict(run.options).stars
    rows = []
    for aim in found.get("objective", ()):
        value, bound = found["value"].get(aim), found["bound"].get(aim)
        if value is not None:
            rows.append(_line(aim, float(value), None if bound is None else float(bound), found, stars=stars))
    return rows


def _line(aim: str, value: float, bound: float | None, found: Mapping[str, Any], *, stars: bool) -> Line:
    label, reached = str(AIM_LABELS.get(aim, aim)), amount(aim, value)
    if aim == "placed" and stars:
        reached = _("%(meetings)s meetings, %(weight)s counted by stars", meetings=found["placed"], weight=reached)
    if aim == "fair":
        reached = _("%(meetings)s for whoever has fewest", meetings=reached)
    if bound is None:
        return Line(label, reached, "–", _("Nothing is proven yet."), is_proven=False)
    proven = abs(bound - value) < CLOSE
    verdict = _verdict(aim, value, bound, proven=proven)
    if aim == "fair":
        verdict = f"{_left_out(value, found)} {verdict}"
    return Line(label, reached, amount(aim, bound), verdict, proven)


def _left_out(least: float, found: Mapping[str, Any]) -> str:
    if least >= 1:
        return _("Nobody who could have a meeting is left without one.")
    return ngettext(
        "One person who could have a meeting has none.",
        "%(num)s people who could have a meeting have none.",
        int(found["value"].get("left_out", 0)),
    )


def _verdict(aim: str, value: float, bound: float, *, proven: bool) -> str:
    if proven:
        return _("No plan is better.")
    difference = amount(aim, abs(value - bound))
    if aim == "placed":
        share = (figures.gap(value, bound) or 0.0) * 100
        return _("No plan is more than %(gap)s %% better.", gap=f"{max(share, 0.01):.2f}")
    if aim == "fair":
        return _("Up to %(difference)s more might be possible.", difference=difference)
    return _("Up to %(difference)s fewer might be possible.", difference=difference)


def amount(aim: str, value: float) -> str:
    """Return a figure with its unit: ``12 breaks``."""
    if aim == "placed":
        return f"{value:.2f}".rstrip("0").rstrip(".")
    whole = round(value)
    return {
        "changes": lambda: ngettext("%(num)s meeting", "%(num)s meetings", whole),
        "fair": lambda: ngettext("%(num)s meeting", "%(num)s meetings", whole),
        "breaks": lambda: ngettext("%(num)s break", "%(num)s breaks", whole),
        "waiting": lambda: ngettext("%(num)s slot", "%(num)s slots", whole),
        "hours": lambda: ngettext("%(num)s minute", "%(num)s minutes", whole),
    }[aim]()


def facts(run: ScheduleRun) -> list[tuple[str, str]]:
    """Return how the plan came about, for whoever wants to repeat it."""
    found, solution, memory = run.figures, run.solution, run.figures.get("memory", {})
    made_at = datetime.fromisoformat(found["made_at"]) if "made_at" in found else run.created_at
    limit = run.options.get("seconds", 0)
    return [
        (_("Made from the data of"), local_datetime(made_at, run.event.timezone)),
        (
            _("Time"),
            _("%(seconds)s s, reasons included; the limit was %(limit)s s", seconds=found["seconds"], limit=limit),
        ),
        (_("Memory"), _memory(memory)),
        (_("Solver"), str(solution.get("solver", ""))),
        (_("Seed"), str(solution.get("seed", ""))),
        (_("Processor cores"), str(solution.get("workers", ""))),
        (_("Fingerprint of the problem"), run.fingerprint),
    ]


def _memory(memory: Mapping[str, int]) -> str:
    if not memory.get("peak"):
        return ""
    return _("%(peak)s MB at most, %(before)s MB of it before the run", **memory)


def checked(run: ScheduleRun) -> str:
    """Return what the independent check of the plan as it is found; empty for runs from before this was noted."""
    rules, placed, broken = run.figures.get("rules"), run.figures["placed"], run.figures.get("broken", 0)
    if not rules:
        return ""
    if broken:
        return ngettext(
            "A second program checked the plan as it was changed by hand, and found one broken rule.",
            "A second program checked the plan as it was changed by hand, and found %(num)s broken rules.",
            broken,
        )
    text = ngettext(
        "A second program, which shares nothing with the solver, checked the one meeting against %(rules)s rules and found none broken.",
        "A second program, which shares nothing with the solver, checked all %(num)s meetings against %(rules)s rules and found none broken.",
        placed, rules=rules,
    )  # fmt: skip
    by_hand = run.figures.get("by_hand", 0)
    if not by_hand:
        return text
    changed = ngettext(
        "So it did again after the last change by hand.",
        "So it did again after the last of %(num)s changes by hand.",
        by_hand,
    )
    return f"{text} {changed}"


def rows(run: ScheduleRun) -> list[list[str]]:
    """Return the whole certificate as rows of a table, for exports."""
    parts = binding(run)
    return [
        [_("Certificate of run %(number)s", number=run.id), headline(run)],
        *([_("What limits it"), part] for part in parts),
        *([line.aim, line.value, line.bound, line.state, line.verdict] for line in lines(run)),
        *([label, text] for label, text in facts(run) if text),
        *([_("Check"), text] for text in [checked(run)] if text),
    ]
