"""Participants and invitations."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Organisation, User
from matchmaker.clock import now
from matchmaker.db import Base
from matchmaker.events.models import Event, Mode


class ParticipantState(StrEnum):
    """Where a registration stands. ``confirmed`` and ``attended`` may take part."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ATTENDED = "attended"


ACTIVE_STATES = (ParticipantState.CONFIRMED, ParticipantState.ATTENDED)


class Participant(Base):
    """A user at one event, for an organisation. ``registered_at`` is also the place in the waiting list."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("event_id", "user_id"),
        Index("ix_participant_event_id_state_registered_at", "event_id", "state", "registered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=ParticipantState.PENDING)
    mode: Mapped[str] = mapped_column(String(20), default=Mode.ONLINE)  # how this person takes part: on_site or online
    online_days: Mapped[list[Any]] = mapped_column(
        default=list
    )  # ISO days on which somebody on site is online after all
    note: Mapped[str] = mapped_column(String(1000), default="")  # message to the organiser
    registered_at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(String(500), default="")
    checked_in_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def is_hopeful(self) -> bool:
        """Waits for a decision or for a place."""
        return self.state in (ParticipantState.PENDING, ParticipantState.WAITING)

    @property
    def is_active(self) -> bool:
        """May take part: confirmed or attended."""
        return self.state in ACTIVE_STATES

    @property
    def display_name(self) -> str:
        """The person's name; how participants are called everywhere."""
        return self.user.full_name


class Invitation(Base):
    """An address that may register for an event with registration by invitation."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("event_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))  # folded like User.email
    invited_at: Mapped[datetime] = mapped_column(default=now)
    accepted_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
