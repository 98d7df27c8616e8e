"""What the capabilities above accounts hold about a person: for the person's own export, and for erasure."""

from typing import Any

from sqlalchemy import delete, or_, update

from matchmaker import audit
from matchmaker.accounts import signals
from matchmaker.accounts.exports import plain_row
from matchmaker.accounts.models import User
from matchmaker.agenda.models import SessionSignUp
from matchmaker.calendars.models import CalendarFeed
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events import queries as event_queries
from matchmaker.events.models import EventRole
from matchmaker.mail import Message
from matchmaker.meetings.models import Meeting, MeetingRequest, Rating, Seat
from matchmaker.profiles.models import NeverMeet, Profile, ProfileFacet, ProfileItem
from matchmaker.recommendations.models import Feedback, Question
from matchmaker.registrations.models import Invitation, Participant, ParticipantState
from matchmaker.registrations.services import places, registering

_OF_PARTICIPANT = {
    "profiles": (Profile, Profile.participant_id, ("search_text",)),
    "session_sign_ups": (SessionSignUp, SessionSignUp.participant_id, ()),
    "requests_sent": (MeetingRequest, MeetingRequest.sender_id, ("low_id", "high_id", "answer_stars")),
    "requests_received": (MeetingRequest, MeetingRequest.receiver_id, ("low_id", "high_id")),
    "occupied_slots": (Seat, Seat.participant_id, ()),
    "ratings": (Rating, Rating.participant_id, ()),
    "feedback": (Feedback, Feedback.participant_id, ()),
    "questions_by_meaning": (Question, Question.participant_id, ("digest", "answered_digest")),
    "never_meet": (NeverMeet, NeverMeet.participant_id, ()),
    "calendar_feeds": (CalendarFeed, CalendarFeed.participant_id, ("token_hash",)),
}


def connect() -> None:
    """Listen to what accounts announce."""
    signals.personal_data_asked.connect(everything_about)
    signals.account_erased.connect(erase_everything)


def everything_about(user: User) -> dict[str, Any]:
    """Return what is stored about a person at every event, as JSON values under readable headings."""
    participants = _participants(user)
    ids = [participant.id for participant in participants]
    data: dict[str, Any] = {
        "registrations": [{"event": each.event.name, **plain_row(each)} for each in participants],
        "invitations": _rows(db.select(Invitation).where(Invitation.email == user.email)),
        "organiser_of": _rows(db.select(EventRole).where(EventRole.user_id == user.id)),
        "mails": _rows(db.select(Message).where(Message.recipient == user.email), ("raw", "key", "error")),
        "acts": _rows(db.select(audit.AuditEntry).where(audit.AuditEntry.actor_id == user.id)),
        "meetings": _rows(db.select(Meeting).where(or_(Meeting.first_id.in_(ids), Meeting.second_id.in_(ids)))),
    }
    for heading, (table, column, leave_out) in _OF_PARTICIPANT.items():
        data[heading] = _rows(db.select(table).where(column.in_(ids)), leave_out)
    mine = db.select(Profile.id).where(Profile.participant_id.in_(ids))
    data["offers_and_needs"] = _rows(db.select(ProfileItem).where(ProfileItem.profile_id.in_(mine)))
    data["topics_and_languages"] = _rows(db.select(ProfileFacet).where(ProfileFacet.profile_id.in_(mine)))
    return data


def erase_everything(user: User) -> None:
    """Leave every coming event, then remove texts, mails and feeds; rows that figures count stay, without words."""
    participants = _participants(user)
    for participant in sorted(participants, key=lambda each: each.event_id):
        _leave(participant)
    ids = [participant.id for participant in participants]
    for table, column in ((Profile, Profile.participant_id), (CalendarFeed, CalendarFeed.participant_id),
                          (Feedback, Feedback.participant_id), (NeverMeet, NeverMeet.participant_id), (Question, Question.participant_id)):  # fmt: skip
        db.session.execute(delete(table).where(column.in_(ids)))
    db.session.execute(update(MeetingRequest).where(MeetingRequest.sender_id.in_(ids)).values(message=""))
    db.session.execute(update(MeetingRequest).where(MeetingRequest.receiver_id.in_(ids)).values(reason=""))
    db.session.execute(update(Rating).where(Rating.participant_id.in_(ids)).values(comment="", note=""))
    db.session.execute(delete(Message).where(Message.recipient == user.email))
    db.session.execute(delete(Invitation).where(Invitation.email == user.email))
    db.session.execute(delete(EventRole).where(EventRole.user_id == user.id))


def _leave(participant: Participant) -> None:
    """Leave a coming event; the place goes to whoever has waited longest."""
    event = event_queries.locked(participant.event_id)
    db.session.refresh(participant)
    is_gone = participant.state in (ParticipantState.CANCELLED, ParticipantState.DECLINED)
    if event.ends_at > now() and not is_gone:
        registering.leave(participant, ParticipantState.CANCELLED)
        places.fill(event)
    participant.note = participant.decision_reason = ""


def _participants(user: User) -> list[Participant]:
    return list(db.session.scalars(db.select(Participant).where(Participant.user_id == user.id)))


def _rows(query: Any, leave_out: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [plain_row(row, leave_out) for row in db.session.scalars(query)]
