"""Reading meetings of participants, requests and events, and what people said about them."""

from collections.abc import Collection

from sqlalchemy import func, or_
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.db import db
from matchmaker.meetings.models import Meeting, MeetingState, Rating, Seat, SeatKind, Slot
from matchmaker.meetings.queries.people import person
from matchmaker.registrations.models import Participant


def whole() -> list[ORMOption]:
    """Return the options that load all of a meeting in one statement; a constant would configure the mappers at start."""
    slot, place, request, event = map(joinedload, (Meeting.slot, Meeting.place, Meeting.request, Meeting.event))
    return [*person(Meeting.first, Meeting.second), slot, place, request, event]


def meetings_of(participant: Participant, *, with_cancelled: bool = False) -> list[Meeting]:
    """Return the meetings of a participant in order of time, with both people, slot and place: one statement."""
    query = (
        db.select(Meeting)
        .join(Meeting.slot)
        .where(or_(Meeting.first_id == participant.id, Meeting.second_id == participant.id))
        .options(*person(Meeting.first, Meeting.second), contains_eager(Meeting.slot), joinedload(Meeting.place))
        .order_by(Slot.starts_at, Meeting.id)
    )
    if not with_cancelled:
        query = query.where(Meeting.state != MeetingState.CANCELLED)
    return list(db.session.scalars(query))


def meeting_for(participant: Participant, meeting_id: int) -> Meeting | None:
    """Return a meeting of this participant, live or cancelled."""
    query = db.select(Meeting).where(
        Meeting.id == meeting_id, or_(Meeting.first_id == participant.id, Meeting.second_id == participant.id)
    )
    return db.session.scalar(query.options(*whole()))


def meeting_in_event(event_id: int, meeting_id: int) -> Meeting | None:
    """Return a meeting of this event, live or cancelled."""
    query = db.select(Meeting).where(Meeting.id == meeting_id, Meeting.event_id == event_id)
    return db.session.scalar(query.options(*whole()))


def live_meeting_of(request_id: int) -> Meeting | None:
    """Return the meeting that a request led to, unless it was cancelled."""
    return meetings_of_requests([request_id]).get(request_id)


def meetings_of_requests(request_ids: Collection[int]) -> dict[int, Meeting]:
    """Return the live meetings by request, with slot and place: one statement."""
    if not request_ids:
        return {}
    query = db.select(Meeting).where(Meeting.request_id.in_(list(request_ids)), Meeting.state != MeetingState.CANCELLED)
    loaded = db.session.scalars(query.options(joinedload(Meeting.slot), joinedload(Meeting.place)))
    return {meeting.request_id: meeting for meeting in loaded}


def live_counts(participant_ids: Collection[int]) -> dict[int, int]:
    """Return the number of live meetings of each participant who has any: one statement."""
    query = (
        db.select(Seat.participant_id, func.count(Seat.id))
        .where(Seat.participant_id.in_(list(participant_ids)), Seat.kind == SeatKind.MEETING)
        .group_by(Seat.participant_id)
    )
    return {participant_id: count for participant_id, count in db.session.execute(query)}  # noqa: C416 - rows are not pairs


def rating_of(meeting: Meeting, participant: Participant) -> Rating | None:
    """Return what this participant said about a meeting."""
    query = db.select(Rating).where(Rating.meeting_id == meeting.id, Rating.participant_id == participant.id)
    return db.session.scalar(query)


def ratings_of_meeting(meeting: Meeting) -> list[Rating]:
    """Return what the two said about a meeting; organisers see it without the private notes."""
    return list(db.session.scalars(db.select(Rating).where(Rating.meeting_id == meeting.id).order_by(Rating.id)))
