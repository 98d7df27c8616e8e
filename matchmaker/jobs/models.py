"""The table of background jobs."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.clock import now
from matchmaker.db import Base

SILENCE = timedelta(seconds=30)  # a running job without a sign of life for longer counts as interrupted
HEARTBEAT = timedelta(seconds=5)


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Job(Base):
    """One piece of background work and what became of it."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_due_at", "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=lambda: uuid.uuid4().hex)
    task: Mapped[str] = mapped_column(String(100))
    arguments: Mapped[list[Any]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(20), default=JobState.QUEUED)
    progress: Mapped[int] = mapped_column(default=0)  # percent
    label: Mapped[str] = mapped_column(String(200), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    stop_requested: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]

    @property
    def is_finished(self) -> bool:
        """Nothing more happens to this job by itself."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.INTERRUPTED)

    def is_silent(self, moment: datetime) -> bool:
        """Whether it is marked as running, but whoever ran it gave no sign of life for ``SILENCE``."""
        return self.state == JobState.RUNNING and (self.heartbeat_at or self.created_at) < moment - SILENCE
