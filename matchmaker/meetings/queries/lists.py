"""The organiser's lists of meetings and requests, as statements that pages and exports run."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_
from sqlalchemy.orm import contains_eager, joinedload

from matchmaker.accounts.models import Organisation, User
from matchmaker.db import db
from matchmaker.events.models import Event
from matchmaker.meetings.models import Meeting, MeetingRequest, Slot
from matchmaker.meetings.queries.people import person
from matchmaker.registrations.models import Participant
from matchmaker.web.folding import fold


class MeetingFilter(NamedTuple):
    """What the list of meetings is narrowed to; empty: everything. ``day`` is an ISO date in the event's zone."""

    words: str = ""
    state: str = ""
    day: str = ""
    participant_id: int | None = None


class RequestFilter(NamedTuple):
    """What the list of requests is narrowed to; empty: everything."""

    words: str = ""
    state: str = ""
    participant_id: int | None = None


def event_meetings(event: Event, wanted: MeetingFilter) -> Select[tuple[Meeting]]:
    """Return the meetings of an event that match, in order of time."""
    query = db.select(Meeting).join(Meeting.slot).where(Meeting.event_id == event.id)
    if wanted.state:
        query = query.where(Meeting.state == wanted.state)
    if wanted.day:
        start, end = _day(event, date.fromisoformat(wanted.day))
        query = query.where(Slot.starts_at >= start, Slot.starts_at < end)
    if wanted.participant_id:
        query = query.where(or_(Meeting.first_id == wanted.participant_id, Meeting.second_id == wanted.participant_id))
    if wanted.words.strip():
        people = _people_named(event.id, wanted.words)
        query = query.where(or_(Meeting.first_id.in_(people), Meeting.second_id.in_(people)))
    options = [*person(Meeting.first, Meeting.second), contains_eager(Meeting.slot), joinedload(Meeting.place)]
    return query.options(*options).order_by(Slot.starts_at, Meeting.id)


def event_requests(event: Event, wanted: RequestFilter) -> Select[tuple[MeetingRequest]]:
    """Return the requests of an event that match, newest first."""
    query = db.select(MeetingRequest).where(MeetingRequest.event_id == event.id)
    if wanted.state:
        query = query.where(MeetingRequest.state == wanted.state)
    if wanted.participant_id:
        query = query.where(
            or_(MeetingRequest.sender_id == wanted.participant_id, MeetingRequest.receiver_id == wanted.participant_id)
        )
    if wanted.words.strip():
        people = _people_named(event.id, wanted.words)
        query = query.where(or_(MeetingRequest.sender_id.in_(people), MeetingRequest.receiver_id.in_(people)))
    return query.options(*person(MeetingRequest.sender, MeetingRequest.receiver)).order_by(MeetingRequest.id.desc())


def request_counts(event_id: int) -> dict[str, int]:
    """Return the number of requests of an event in each state that occurs."""
    query = (
        db.select(MeetingRequest.state, func.count(MeetingRequest.id))
        .where(MeetingRequest.event_id == event_id)
        .group_by(MeetingRequest.state)
    )
    return {state: count for state, count in db.session.execute(query)}  # noqa: C416 - rows are not pairs


def _day(event: Event, day: date) -> tuple[datetime, datetime]:
    """First moment of a day in the event's zone, and of the next."""
    start = datetime.combine(day, time(), event.zone)
    return start.astimezone(UTC), datetime.combine(day + timedelta(days=1), time(), event.zone).astimezone(UTC)


def _people_named(event_id: int, words: str) -> Select[tuple[int]]:
    """Participants of whom every word is in the name of the person or, folded, of the organisation."""
    query = (
        db.select(Participant.id)
        .join(Participant.user)
        .outerjoin(Participant.organisation)
        .where(Participant.event_id == event_id)
    )
    for word in words.split()[:8]:
        query = query.where(_mentions(word))
    return query


def _mentions(word: str) -> ColumnElement[bool]:
    def like(text: str) -> str:
        return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"

    return or_(
        User.first_name.ilike(like(word), escape="\\"),
        User.last_name.ilike(like(word), escape="\\"),
        User.email.ilike(like(word), escape="\\"),
        Organisation.search_text.like(like(fold(word)), escape="\\"),
    )
