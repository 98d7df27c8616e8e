"""What a participant is told about an accepted request without a meeting, and about having fewer meetings than others.

Only what the two may know: own meetings and hours by name; of others, no wish, no meeting and no availability. Reads only.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.events.models import Event
from matchmaker.meetings.models import MeetingRequest
from matchmaker.meetings.queries import live_meeting_of
from matchmaker.meetings.queries.slots import rules_of
from matchmaker.registrations.models import Participant
from matchmaker.scheduling import queries
from matchmaker.scheduling.models import ScheduleRun
from matchmaker.scheduling.names import Names
from matchmaker.scheduling.options import Options
from matchmaker.scheduling.queries import Situation
from matchmaker.scheduling.rows import row_id

FEWEST_PEOPLE = 8  # below that, figures about everybody would be figures about somebody


def is_open(event: Event) -> bool:
    """Whether participants may ask: a plan is published, and the organiser lets them."""
    return rules_of(event.id).explains and queries.published_run(event.id) is not None


@dataclass(frozen=True)
class Answer:
    """Why a request has no meeting, what would have helped, and what is known about the plan as a whole."""

    other: Participant
    reason: str
    fix: str
    proof: str


def answer(me: Participant, request: MeetingRequest) -> Answer | None:
    """Return why an accepted request has no meeting; None where there is nothing to explain."""
    run = queries.published_run(me.event_id)
    if run is None or live_meeting_of(request.id) is not None:
        return None
    other = request.other(me.id)
    wish = f"r{request.id}"
    item = next((each for each in run.solution.get("unplaced", []) if each["wish"] == wish), None)
    if item is None:
        known = any(each["id"] == wish for each in run.problem.get("wishes", []))
        text = (
            _("It was planned, and was cancelled or moved out of the plan afterwards.")
            if known
            else _("You agreed after the plan was made. The next plan can include it.")
        )
        return Answer(other, text, "", "")
    view = _View(me, other, run, queries.situation_of(me.event_id))
    return Answer(
        other, view.reason(item["reason"], item.get("details", {})), view.fix(item.get("details", {})), view.proof()
    )


class _View:
    """One plan in the eyes of one participant."""

    def __init__(self, me: Participant, other: Participant, run: ScheduleRun, situation: Situation) -> None:
        self.key, self.other, self.run, self.situation = f"p{me.id}", other.display_name, run, situation
        self.me = me
        self.names = Names(situation)

    def reason(self, reason: str, details: Mapping[str, Any]) -> str:
        mine = self.key in details.get("full", ())
        sentences = {
            "no_common_slot": _(
                "You and %(name)s have no slot in common. You are available in %(count)s of %(all)s.",
                name=self.other, count=self._available(), all=len(self.situation.slots),
            ),
            "not_on_site": _("The two of you are never on site together, and the meeting is for a table."),
            "forbidden": _("The slots that would have suited both were over when the plan was made."),
            "no_places": _("There was no place that could be used."),
            "own_maximum": self._about_maximum(mine=mine),
            "other_full": _("In every slot that would have suited both, you are in another meeting.")
            if mine
            else _("In every slot that would have suited both, one of you is in another meeting."),
            "places_full": _("Every place was taken in the slots that would have suited both."),
            "outweighed": self._outweighed(details),
            "objective": _("It would have fitted, but something that counts more for everybody would have suffered."),
            "required_elsewhere": _("Meetings that the organiser had fixed take the slots."),
            "taken_out": _("The organiser took it out of the plan by hand."),
        }  # fmt: skip
        return sentences.get(reason, _("The solver had no time to find out why."))

    def _available(self) -> int:
        blocked = {slot for person, slot in self.situation.blocked if person == self.me.id}
        return sum(slot.id not in blocked for slot in self.situation.slots)

    def _about_maximum(self, *, mine: bool) -> str:
        most = self.situation.settings.max_meetings
        if mine and most is not None:
            return _("You have as many meetings as the event allows, which is %(most)s.", most=most)
        return _("One of you has as many meetings as the event allows.")

    def _outweighed(self, details: Mapping[str, Any]) -> str:
        stars = Options.from_dict(self.run.options).stars
        text = _(
            "Other meetings count more in the slots that would have suited both: more meetings for everybody come first"
        )
        text += _(", then the stars that both sides gave.") if stars else "."
        own = [
            wish
            for wish in details.get("wishes", ())
            if self.me.id in {who.id for who in self.names.pair(row_id(wish))}
        ]
        if own:
            partners = [f"p{who.id}" for wish in own for who in self.names.pair(row_id(wish)) if who.id != self.me.id]
            text += " " + _("You meet %(names)s instead.", names=self.names.all_of(partners))
        return text

    def fix(self, details: Mapping[str, Any]) -> str:
        """Say what would have helped, where it is the event's or one's own to change; no time, which would tell on the other."""
        parts = [self._change(rule) for rule in details.get("fix", [])]
        if not parts or not all(parts):
            return ""
        return _("It would have fitted with %(changes)s.", changes=_(" and ").join(parts))

    def _change(self, rule: Mapping[str, str]) -> str:
        mine = rule.get("participant") == self.key
        if rule["rule"] == "places":
            return _("one more place")
        if rule["rule"] == "max_meetings" and mine:
            return _("one more meeting allowed for you")
        if rule["rule"] == "availability" and mine:
            return _("more hours in which you are available")
        return ""

    def proof(self) -> str:
        """Say what is proven about the plan as a whole."""
        figures = self.run.figures
        first = (figures.get("objective") or ["placed"])[0]
        value, bound = figures.get("value", {}).get(first), figures.get("bound", {}).get(first)
        if first == "placed" and value is not None and value == bound:
            return _("The plan places %(placed)s of %(wished)s accepted requests; it is proven that no plan places more.",
                     placed=figures["placed"], wished=figures["wished"])  # fmt: skip
        return _(
            "The plan places %(placed)s of %(wished)s accepted requests.",
            placed=figures["placed"],
            wished=figures["wished"],
        )


@dataclass(frozen=True)
class Comparison:
    """One participant's meetings beside those of everybody, without names; ``spread`` is empty at a small event."""

    meetings: int
    agreed: int
    available: int
    slots: int
    spread: list[tuple[str, int]]
    sentences: list[str]


def compare(me: Participant) -> Comparison:
    """Return why somebody may have fewer meetings than others: agreements, availability, and what was left out."""
    situation = queries.situation_of(me.event_id)
    held = Counter(side for each in situation.meetings for side in (each.first_id, each.second_id))
    agreed = Counter(side for each in situation.requests for side in (each.sender_id, each.receiver_id))
    away = Counter(person for person, _slot in situation.blocked)
    slots, people = len(situation.slots), list(agreed)
    enough = len(people) >= FEWEST_PEOPLE
    most = max((held[person] for person in people), default=0)
    counts = Counter(held[person] for person in people)
    own = held[me.id]
    labels = [_("%(count)s, like you", count=number) if number == own else str(number) for number in range(most + 1)]
    spread = [(label, counts[number]) for number, label in enumerate(labels)] if enough else []
    sentences = _sentences(
        (own, _middle([held[person] for person in people])),
        (agreed[me.id], _middle([agreed[person] for person in people])),
        (slots - away[me.id], _middle([slots - away[person] for person in people])),
        slots,
    )
    return Comparison(own, agreed[me.id], slots - away[me.id], slots, spread, sentences if enough else [])


def _middle(numbers: Sequence[int]) -> int:
    return sorted(numbers)[len(numbers) // 2] if numbers else 0


def _sentences(held: tuple[int, int], agreed: tuple[int, int], free: tuple[int, int], slots: int) -> list[str]:
    """Compare own figures with the middle of everybody's."""
    found = [
        ngettext("You have %(num)s meeting; half of the participants have %(middle)s or more.",
                 "You have %(num)s meetings; half of the participants have %(middle)s or more.", held[0], middle=held[1]),
    ]  # fmt: skip
    if agreed[0] < agreed[1]:
        found.append(
            ngettext(
                "You have %(num)s agreed request; half of the participants have %(middle)s or more.",
                "You have %(num)s agreed requests; half of the participants have %(middle)s or more.",
                agreed[0], middle=agreed[1],
            )
        )  # fmt: skip
    if free[0] < free[1]:
        found.append(
            _("You are available in %(count)s of %(slots)s slots; half of the participants in %(middle)s or more. More hours make more meetings possible.",
              count=free[0], slots=slots, middle=free[1])
        )  # fmt: skip
    if agreed[0] > held[0]:
        missing = agreed[0] - held[0]
        found.append(
            ngettext(
                "%(num)s agreed request has no meeting. Each says why.",
                "%(num)s agreed requests have no meeting. Each says why.",
                missing,
            )
        )
    return found
