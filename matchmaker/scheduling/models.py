"""Scheduling runs and the meetings of their drafts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import Base
from matchmaker.events.models import Event
from matchmaker.meetings.models import MeetingRequest, Place, Slot


class ScheduleState(StrEnum):
    """Where a scheduling run stands. ``draft``: solved, to be reviewed."""

    QUEUED = "queued"
    RUNNING = "running"
    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"  # a later run was published
    DISCARDED = "discarded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class ScheduleRun(Base):
    """One solver run and its proposal.

    ``options``: what the organiser chose (seconds, objective, keep ...). ``problem`` and ``solution``: the documents
    schedule-problem/1 and schedule-solution/1. ``fingerprint``: what the plan was made from, to see later changes.
    ``trace``: list of [seconds, objective, value, bound] while it solves.
    """

    __tablename__ = "schedule_run"
    __table_args__ = (Index("ix_schedule_run_event_id_created_at", "event_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    job_id: Mapped[str] = mapped_column(String(32), default="")
    state: Mapped[str] = mapped_column(String(20), default=ScheduleState.QUEUED)
    options: Mapped[dict[str, Any]]
    problem: Mapped[dict[str, Any]] = mapped_column(default=dict)
    solution: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fingerprint: Mapped[str] = mapped_column(String(80), default="")
    trace: Mapped[list[Any]] = mapped_column(default=list)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    started_by: Mapped[User | None] = relationship()


class DraftMeeting(Base):
    """One placed request of a draft."""

    __tablename__ = "draft_meeting"
    __table_args__ = (UniqueConstraint("run_id", "request_id"), UniqueConstraint("run_id", "slot_id", "place_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("schedule_run.id", ondelete="CASCADE"))
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id", ondelete="CASCADE"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id", ondelete="SET NULL"))
    assumed_place: Mapped[str] = mapped_column(String(40), default="")  # one that only a what-if run has so far
    is_locked: Mapped[bool] = mapped_column(default=False)  # the next run leaves it where it is

    run: Mapped[ScheduleRun] = relationship()
    request: Mapped[MeetingRequest] = relationship()
    slot: Mapped[Slot] = relationship()
    place: Mapped[Place | None] = relationship()


class WhatIfState(StrEnum):
    """Where a comparison of scenarios stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class WhatIf(Base):
    """Several scenarios of one event, and what each would bring.

    ``scenarios``: a list of parts each, see ``what_if``; ``effects``: one for the event as it is, then one for each scenario.
    """

    __tablename__ = "what_if"
    __table_args__ = (Index("ix_what_if_event_id_created_at", "event_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    job_id: Mapped[str] = mapped_column(String(32), default="")
    state: Mapped[str] = mapped_column(String(20), default=WhatIfState.QUEUED)
    seconds: Mapped[int]
    scenarios: Mapped[list[Any]]
    effects: Mapped[list[Any]] = mapped_column(default=list)
    error: Mapped[str] = mapped_column(Text, default="")
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    started_by: Mapped[User | None] = relationship()


class ActKind(StrEnum):
    """What an organiser did to a draft by hand."""

    MOVED = "moved"
    PLACED = "placed"
    TAKEN_OUT = "taken_out"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    UNDONE = "undone"


class DraftAct(Base):
    """One change of a draft by hand. ``number`` counts the acts of a run: of two at once, the database refuses one.

    ``before`` and ``after``: where the meeting was and is, see ``board``; ``undoes`` is the number of the act taken back.
    """

    __tablename__ = "draft_act"
    __table_args__ = (UniqueConstraint("run_id", "number"), UniqueConstraint("run_id", "undoes"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("schedule_run.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id", ondelete="CASCADE"), index=True)
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    undoes: Mapped[int | None]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
