"""Slots, places, requests, meetings, seats and ratings. The clashes are settled here, by constraints."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.agenda.models import AgendaSession
from matchmaker.clock import now
from matchmaker.db import Base, PartialUnique
from matchmaker.events.models import Event
from matchmaker.registrations.models import Participant


class MeetingSettings(Base):
    """How meetings work at one event. Minutes; ``max_requests`` is each participant's budget of open requests sent."""

    __tablename__ = "meeting_settings"
    __table_args__ = (CheckConstraint("slot_minutes BETWEEN 5 AND 240", name="slot_minutes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    slot_minutes: Mapped[int] = mapped_column(default=20)
    gap_minutes: Mapped[int] = mapped_column(default=5)
    online_places: Mapped[bool] = mapped_column(default=True)  # meetings without a place: each gets an online room
    join_link_template: Mapped[str] = mapped_column(String(300), default="")  # {meeting} stands for a random code
    max_requests: Mapped[int] = mapped_column(default=20)
    max_meetings: Mapped[int | None]  # of one participant; empty: no limit
    requests_close_at: Mapped[datetime | None]
    self_booking: Mapped[bool] = mapped_column(default=True)  # both accepted: the two may book a free slot themselves
    explains: Mapped[bool] = mapped_column(default=True)  # participants may ask why a meeting did not come about
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form


class MeetingBlock(Base):
    """A stretch of one day in which slots are cut, on the wall clock of the event's zone."""

    __tablename__ = "meeting_block"
    __table_args__ = (
        CheckConstraint("starts < ends", name="order"),
        UniqueConstraint("event_id", "day", "starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]

    event: Mapped[Event] = relationship()


class Slot(Base):
    """One bookable interval of the meeting grid. Slots of an event never overlap."""

    __tablename__ = "slot"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="order"), UniqueConstraint("event_id", "starts_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    block_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_block.id", ondelete="SET NULL"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    event: Mapped[Event] = relationship()
    block: Mapped[MeetingBlock | None] = relationship()

    @property
    def interval(self) -> tuple[datetime, datetime]:
        """From when to when."""
        return self.starts_at, self.ends_at


class Place(Base):
    """A table or an online room that holds one meeting at a time. An event without places is not limited by them."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20), default="table")  # table or online
    join_link: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()


class RequestState(StrEnum):
    """What became of a request. ``later`` is an answer that keeps it open."""

    PENDING = "pending"
    LATER = "later"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


OPEN_STATES = (RequestState.PENDING, RequestState.LATER)
LIVE_STATES = (*OPEN_STATES, RequestState.ACCEPTED)
_LIVE = "state IN ('pending', 'later', 'accepted')"


class MeetingRequest(Base):
    """The wish of one participant to meet another. Carries no time and reserves nothing.

    ``low_id`` < ``high_id`` are the two participants in order of id, so that one pair has one live request.
    ``stars`` 1-5 is the sender's priority, ``answer_stars`` the receiver's.
    """

    __tablename__ = "meeting_request"
    __table_args__ = (
        CheckConstraint("sender_id <> receiver_id", name="two_people"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        PartialUnique("uq_meeting_request_live_pair", "low_id", "high_id", where=_LIVE),
        Index("ix_meeting_request_receiver_id_state", "receiver_id", "state"),
        Index("ix_meeting_request_sender_id_state", "sender_id", "state"),
        Index("ix_meeting_request_event_id_state", "event_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    sender_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    low_id: Mapped[int]
    high_id: Mapped[int]
    message: Mapped[str] = mapped_column(String(1000), default="")
    stars: Mapped[int] = mapped_column(default=3)
    answer_stars: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20), default=RequestState.PENDING)
    reason: Mapped[str] = mapped_column(String(500), default="")  # of a decline, shown to the sender
    created_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    sender: Mapped[Participant] = relationship(foreign_keys=[sender_id])
    receiver: Mapped[Participant] = relationship(foreign_keys=[receiver_id])

    @property
    def is_open(self) -> bool:
        """May still be answered."""
        return self.state in OPEN_STATES

    def other(self, participant_id: int) -> Participant:
        """Return the other of the two."""
        return self.receiver if participant_id == self.sender_id else self.sender


class MeetingState(StrEnum):
    """Where a meeting stands. ``missed``: somebody did not come."""

    SCHEDULED = "scheduled"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


_OCCUPIES = "state <> 'cancelled'"


class Meeting(Base):
    """An agreed pair with slot and place. A cancelled meeting stays as a row, for its calendar entry and history.

    ``uid`` never changes; ``sequence`` rises with every change of time, place or state; ``changed_at`` is the moment of
    the last one (RFC 5545: UID, SEQUENCE, DTSTAMP).
    """

    __tablename__ = "meeting"
    __table_args__ = (
        PartialUnique("uq_meeting_place_slot", "place_id", "slot_id", where=_OCCUPIES),
        PartialUnique("uq_meeting_live_request", "request_id", where=_OCCUPIES),
        Index("ix_meeting_event_id_state", "event_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id", ondelete="CASCADE"))
    first_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id", ondelete="SET NULL"))
    join_link: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(20), default=MeetingState.SCHEDULED)
    is_locked: Mapped[bool] = mapped_column(default=False)  # re-planning leaves it where it is
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    event: Mapped[Event] = relationship()
    request: Mapped[MeetingRequest] = relationship()
    first: Mapped[Participant] = relationship(foreign_keys=[first_id])
    second: Mapped[Participant] = relationship(foreign_keys=[second_id])
    slot: Mapped[Slot] = relationship()
    place: Mapped[Place | None] = relationship()

    @property
    def is_live(self) -> bool:
        """It takes place, or took place."""
        return self.state != MeetingState.CANCELLED

    def other(self, participant_id: int) -> Participant:
        """Return the other of the two."""
        return self.second if participant_id == self.first_id else self.first


class SeatKind(StrEnum):
    """What occupies a participant in a slot."""

    MEETING = "meeting"
    SESSION = "session"
    UNAVAILABLE = "unavailable"


class Seat(Base):
    """The occupancy of one participant in one slot by anything. Unique: nobody can be in two places at once."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("participant_id", "slot_id"), Index("ix_seat_slot_id_kind", "slot_id", "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    agenda_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("agenda_session.id", ondelete="CASCADE"), index=True
    )

    participant: Mapped[Participant] = relationship()
    slot: Mapped[Slot] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    agenda_session: Mapped[AgendaSession | None] = relationship()


class Rating(Base):
    """What one of the two says about a meeting afterwards. ``outcome`` is a code of the vocabulary ``outcomes``."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("meeting_id", "participant_id"),
        CheckConstraint("stars IS NULL OR stars BETWEEN 1 AND 5", name="stars"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    took_place: Mapped[bool] = mapped_column(default=True)
    stars: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(40), default="")
    comment: Mapped[str] = mapped_column(String(2000), default="")  # for the organiser
    note: Mapped[str] = mapped_column(String(2000), default="")  # private: only the author sees it
    rated_at: Mapped[datetime] = mapped_column(default=now)

    meeting: Mapped[Meeting] = relationship()
    participant: Mapped[Participant] = relationship()
