"""The figures of one event, each counted by the database, in a fixed number of statements."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, case, func
from sqlalchemy.orm import aliased

from matchmaker.accounts.models import Organisation
from matchmaker.db import db
from matchmaker.mail import Message
from matchmaker.meetings.models import Meeting, MeetingRequest, MeetingState, Rating
from matchmaker.profiles.models import Profile
from matchmaker.profiles.queries import average_completeness
from matchmaker.registrations.models import ACTIVE_STATES, Participant

TOP_COUNTRIES = 12


def _counts(query: Select[Any]) -> dict[str, int]:
    return dict(db.session.execute(query).all())


def registrations(event_id: int) -> dict[str, int]:
    """Return the number of registrations by state."""
    query = db.select(Participant.state, func.count()).where(Participant.event_id == event_id)
    return _counts(query.group_by(Participant.state))


def requests(event_id: int) -> dict[str, int]:
    """Return the number of meeting requests by state."""
    query = db.select(MeetingRequest.state, func.count()).where(MeetingRequest.event_id == event_id)
    return _counts(query.group_by(MeetingRequest.state))


def meetings(event_id: int) -> dict[str, int]:
    """Return the number of meetings by state."""
    query = db.select(Meeting.state, func.count()).where(Meeting.event_id == event_id)
    return _counts(query.group_by(Meeting.state))


def by_organisation(event_id: int, column: Any) -> dict[str, int]:
    """Return the number of active participants by a column of their organisation, the largest first."""
    query = (
        db.select(column, func.count())
        .select_from(Participant)
        .join(Organisation, Participant.organisation_id == Organisation.id)
        .where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES))
    )
    return _counts(query.group_by(column).order_by(func.count().desc(), column))


def organisations(event_id: int) -> int:
    """Return the number of different organisations that take part: not the same as participants."""
    query = db.select(func.count(func.distinct(Participant.organisation_id)))
    return db.session.scalar(
        query.where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES))
    ) or 0  # fmt: skip


def empty_profiles(event_id: int) -> int:
    """Return how many active participants have a profile that says next to nothing."""
    query = db.select(func.count()).select_from(Profile).join(Participant)
    return db.session.scalar(
        query.where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES), Profile.completeness < 40)
    ) or 0  # fmt: skip


@dataclass(frozen=True)
class Ratings:
    """What was said about meetings afterwards. ``average`` of the stars; counts of stars and outcomes."""

    count: int
    average: float | None
    stars: dict[int, int]
    outcomes: dict[str, int]
    one_sided: int


def ratings(event_id: int) -> Ratings:
    """Return what people said about the meetings of an event."""
    base = db.select(Rating.stars, Rating.outcome, Rating.meeting_id).join(Meeting).where(Meeting.event_id == event_id)
    rows = db.session.execute(base).all()
    stars = Counter(row.stars for row in rows if row.stars)
    sides = Counter(row.meeting_id for row in rows)
    return Ratings(
        count=len(rows),
        average=sum(n * count for n, count in stars.items()) / stars.total() if stars else None,
        stars={n: stars[n] for n in range(5, 0, -1)},
        outcomes=dict(Counter(row.outcome for row in rows if row.outcome).most_common()),
        one_sided=sum(count == 1 for count in sides.values()),
    )


def country_matrix(event_id: int) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """Return meetings between countries as a symmetric table: the countries with most meetings, and their rows."""
    sides = [aliased(Participant), aliased(Participant)]
    firms = [aliased(Organisation), aliased(Organisation)]
    query = (
        db.select(firms[0].country, firms[1].country, func.count())
        .select_from(Meeting)
        .join(sides[0], Meeting.first_id == sides[0].id)
        .join(sides[1], Meeting.second_id == sides[1].id)
        .join(firms[0], sides[0].organisation_id == firms[0].id)
        .join(firms[1], sides[1].organisation_id == firms[1].id)
        .where(Meeting.event_id == event_id, Meeting.state != MeetingState.CANCELLED)
        .group_by(firms[0].country, firms[1].country)
    )
    pairs, totals = Counter[tuple[str, str]](), Counter[str]()
    for first, second, count in db.session.execute(query):
        for pair in {(first, second), (second, first)}:
            pairs[pair] += count
            totals[pair[0]] += count
    countries = [country for country, _count in totals.most_common(TOP_COUNTRIES)]
    return countries, [(row, [pairs[row, column] for column in countries]) for row in countries]


def load(event_id: int) -> dict[int, int]:
    """Return how many active participants have how many live meetings: number of meetings -> people."""
    live = case((Meeting.state != MeetingState.CANCELLED, 1), else_=0)
    mine = (Meeting.first_id == Participant.id) | (Meeting.second_id == Participant.id)
    each = (
        db.select(Participant.id, func.coalesce(func.sum(live), 0).cast(Integer).label("meetings"))
        .outerjoin(Meeting, mine)
        .where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES))
        .group_by(Participant.id)
        .subquery()
    )
    query = db.select(each.c.meetings, func.count()).group_by(each.c.meetings).order_by(each.c.meetings)
    return {int(number): people for number, people in db.session.execute(query)}


def figures(event_id: int) -> dict[str, Any]:
    """Return the figures of the dashboard."""
    asked = requests(event_id)
    answered = sum(asked.get(state, 0) for state in ("accepted", "declined"))
    return {
        "registrations": registrations(event_id),
        "organisations": organisations(event_id),
        "completeness": average_completeness(event_id),
        "empty_profiles": empty_profiles(event_id),
        "requests": asked,
        "acceptance": asked.get("accepted", 0) / answered if answered else None,
        "meetings": meetings(event_id),
        "ratings": ratings(event_id),
    }


def mails_of(event_id: int, state: str, search: str) -> Select[tuple[Message]]:
    """Return the mails of an event, newest first, optionally of one state or to an address that contains ``search``."""
    query = db.select(Message).where(Message.event_id == event_id)
    if state:
        query = query.where(Message.state == state)
    if search:
        query = query.where(Message.recipient.contains(search.casefold(), autoescape=True))
    return query.order_by(Message.id.desc())


def mail_of(event_id: int, message_id: int) -> Message | None:
    """Return one mail of this event."""
    return db.session.scalar(db.select(Message).where(Message.event_id == event_id, Message.id == message_id))
