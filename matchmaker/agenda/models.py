"""Rooms, speakers, sessions of an event's agenda, sign-ups and published versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import Base
from matchmaker.events.models import Event
from matchmaker.registrations.models import Participant


class Room(Base):
    """Where agenda sessions take place: a room on site or an online room."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    capacity: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()


class Speaker(Base):
    """A person on the agenda; may have no account."""

    __tablename__ = "speaker"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(160))
    organisation: Mapped[str] = mapped_column(String(200), default="")

    event: Mapped[Event] = relationship()


class AgendaSession(Base):
    """One item of the agenda. ``kind`` is free within the choices of the form (plenary, talk, study visit ...)."""

    __tablename__ = "agenda_session"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_agenda_session_event_id_starts_at", "event_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(30), default="talk")
    description: Mapped[str] = mapped_column(Text, default="")  # Markdown
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="SET NULL"), index=True)
    join_link: Mapped[str] = mapped_column(String(500), default="")  # shown to confirmed participants only
    capacity: Mapped[int | None]
    has_sign_up: Mapped[bool] = mapped_column(default=False)
    uid: Mapped[str] = mapped_column(String(60), unique=True)  # calendar UID, never changes
    sequence: Mapped[int] = mapped_column(default=0)  # calendar SEQUENCE: +1 when time, place or title changes
    changed_at: Mapped[datetime] = mapped_column(default=now)  # calendar DTSTAMP
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship()
    room: Mapped[Room | None] = relationship()
    speakers: Mapped[list[Speaker]] = relationship(secondary="session_speaker", order_by=Speaker.name)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether any moment of the session lies in the half-open interval given."""
        return self.starts_at < ends_at and starts_at < self.ends_at


class SessionSpeaker(Base):
    """A speaker in a session."""

    __tablename__ = "session_speaker"

    agenda_session_id: Mapped[int] = mapped_column(
        ForeignKey("agenda_session.id", ondelete="CASCADE"), primary_key=True
    )
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speaker.id", ondelete="CASCADE"), primary_key=True, index=True)


class SessionSignUp(Base):
    """A participant takes part in a session that has sign-up. ``place`` 1..capacity is unique, so it never overfills."""

    __tablename__ = "session_sign_up"
    __table_args__ = (
        UniqueConstraint("agenda_session_id", "participant_id"),
        UniqueConstraint("agenda_session_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agenda_session_id: Mapped[int] = mapped_column(ForeignKey("agenda_session.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]
    signed_up_at: Mapped[datetime] = mapped_column(default=now)

    agenda_session: Mapped[AgendaSession] = relationship()
    participant: Mapped[Participant] = relationship()


class AgendaVersion(Base):
    """The agenda as it was published: what participants see. ``content`` is the list of sessions as data."""

    __tablename__ = "agenda_version"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    note: Mapped[str] = mapped_column(String(500), default="")
    content: Mapped[list[Any]]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    published_at: Mapped[datetime] = mapped_column(default=now)

    event: Mapped[Event] = relationship()
    published_by: Mapped[User | None] = relationship()
