"""The live B2B event of the demo: who takes part, what they say of themselves, slots, rooms and availability."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from matchmaker.db import db
from matchmaker.demo.content import Shift, organisations, read
from matchmaker.demo.people import People
from matchmaker.events.models import Event
from matchmaker.events.wall_clock import to_utc
from matchmaker.meetings.models import MeetingBlock, MeetingSettings, Place, Seat, SeatKind, Slot
from matchmaker.meetings.services import make_slots
from matchmaker.profiles import services as profiles
from matchmaker.profiles.content import Content
from matchmaker.registrations.models import Participant, ParticipantState
from matchmaker.vocabulary import terms

SLUG = "b2b-1"
OPENING_ROUND = date(2026, 11, 19)  # a first round before the main days, so that there are meetings to look back on
OPENING_BLOCKS = ((time(9, 0), time(12, 0)),)
DESCRIPTION = (
    "**How the event runs**\n\n"
    "1. **Opening round**, one morning online: the first talks, for whoever was quick to answer.\n"
    "2. **Requests** go on between the rounds. Everybody sees whom to meet and why, asks, and answers.\n"
    "3. **Two main days** online, three weeks later: talks, and sessions in between.\n\n"
    "The dates of the event run from the opening round to the last main day. The agenda and your itinerary show the "
    "hours of each day, in the time of Brussels and in your own."
)
ROOMS = 12
MOST_MEETINGS = 10
WAKING_HOURS = range(7, 21)  # on the clock of the participant's own zone
PENDING, DECLINED = 5, 2  # of the last organisations on the list


@dataclass
class Fair:
    """The live event with its participants by organisation id of the files; only those who take part."""

    event: Event
    participants: dict[str, list[Participant]]

    @property
    def everybody(self) -> list[Participant]:
        """All who take part."""
        return [participant for members in self.participants.values() for participant in members]


def load_fair(event: Event, people: People, shift: Shift, random: Random) -> Fair:
    """Store registrations, profiles, slots, rooms and availability of the live event."""
    row = next(each for each in read("events") if each["slug"] == SLUG)
    opening = OPENING_ROUND + shift.days
    event.starts_at = to_utc(opening, OPENING_BLOCKS[0][0], event.timezone)
    event.description = DESCRIPTION
    fair = Fair(event, {})
    for number, (key, users) in enumerate(people.representatives.items()):
        state = _state(len(people.representatives) - number)
        for user in users:
            participant = _participant(event, user.id, people.organisations[key].id, state, opening, random)
            if state == ParticipantState.CONFIRMED:
                fair.participants.setdefault(key, []).append(participant)
    db.session.flush()
    for key, members in fair.participants.items():
        for participant in members:
            profile = profiles.ensure_profile(participant)
            profiles.save(participant, _content(organisations()[key]), profile.version)
    _load_slots(event, row, opening, shift, people)
    _load_availability(fair, random)
    return fair


def register_outsider(event: Event, people: People) -> None:
    """Carl takes part in another event only."""
    carl = people.accounts["carl"]
    organisation_id = people.organisations["lindqvist-process"].id
    db.session.add(Participant(event_id=event.id, user_id=carl.id, organisation_id=organisation_id, state="confirmed"))


def _state(from_the_end: int) -> ParticipantState:
    if from_the_end <= PENDING:
        return ParticipantState.PENDING
    return ParticipantState.DECLINED if from_the_end <= PENDING + DECLINED else ParticipantState.CONFIRMED


def _participant(
    event: Event, user_id: int, organisation_id: int, state: ParticipantState, opening: date, random: Random
) -> Participant:
    noon = datetime.combine(opening, time(12), UTC)
    registered_at = noon - timedelta(days=random.uniform(9, 40))
    if state == ParticipantState.PENDING:
        registered_at = noon + timedelta(days=random.uniform(0.5, 3))
    participant = Participant(
        event_id=event.id, user_id=user_id, organisation_id=organisation_id, state=state, mode="online",
        registered_at=registered_at,
        decided_at=None if state == ParticipantState.PENDING else registered_at + timedelta(hours=random.uniform(1, 30)),
        decision_reason="The places for your sector are taken." if state == ParticipantState.DECLINED else "",
    )  # fmt: skip
    db.session.add(participant)
    return participant


def _content(row: dict[str, Any]) -> Content:
    return Content(
        description=row["description"], offers=tuple(row["offers"]), needs=tuple(row["needs"]),
        topics=tuple(row["topics"]), sectors=_sectors(row["sectors"]), wanted_sectors=_sectors(row["wanted_sectors"]),
        cooperation=tuple(row["cooperation"]), languages=tuple(row["languages"]),
    )  # fmt: skip


def _sectors(codes: list[str]) -> tuple[str, ...]:
    """Return NACE codes as divisions, which is what the form offers."""
    divisions = dict.fromkeys(code.partition(".")[0] for code in codes)
    return tuple(code for code in divisions if code in terms("sectors"))


def _load_slots(event: Event, row: dict[str, Any], opening: date, shift: Shift, people: People) -> None:
    plan = row["meetings"]
    deadline = to_utc(*shift.moment(row["request_deadline"]), event.timezone)
    db.session.add(
        MeetingSettings(
            event_id=event.id, slot_minutes=plan["slot_minutes"], gap_minutes=plan["gap_minutes"],
            online_places=False, max_requests=20, max_meetings=MOST_MEETINGS, requests_close_at=deadline,
        )
    )  # fmt: skip
    first = shift.day(row["starts_on"])
    blocks = [(opening, starts, ends) for starts, ends in OPENING_BLOCKS]
    for block in plan["blocks"]:
        day = first + timedelta(days=block["day"])
        blocks.append((day, time.fromisoformat(block["start"]), time.fromisoformat(block["end"])))
    db.session.add_all(MeetingBlock(event_id=event.id, day=day, starts=s, ends=e) for day, s, e in blocks)
    db.session.add_all(
        Place(event_id=event.id, name=f"Online room {n}", kind="online", position=n, join_link=f"https://meet.example/room-{n}")
        for n in range(1, ROOMS + 1)
    )  # fmt: skip
    db.session.flush()
    make_slots(event, people.accounts["olga"])


def _load_availability(fair: Fair, random: Random) -> None:
    """Nobody meets at night; most people block a stretch or two of their day."""
    slots = db.session.scalars(db.select(Slot).where(Slot.event_id == fair.event.id).order_by(Slot.starts_at)).all()
    for participant in fair.everybody:
        zone = ZoneInfo(participant.user.timezone)
        blocked = {slot.id for slot in slots if slot.starts_at.astimezone(zone).hour not in WAKING_HOURS}
        for _stretch in range(random.choice((0, 1, 1, 2))):
            start = random.randrange(len(slots))
            blocked.update(slot.id for slot in slots[start : start + random.randint(2, 6)])
        db.session.add_all(
            Seat(participant_id=participant.id, slot_id=slot_id, kind=SeatKind.UNAVAILABLE)
            for slot_id in sorted(blocked)
        )
    db.session.flush()
