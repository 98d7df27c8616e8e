"""Matching runs, their recommendations, what people said about them, and cached embeddings."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import Base, PartialUnique
from matchmaker.events.models import Event
from matchmaker.registrations.models import Participant


class RunState(StrEnum):
    """Where a matching run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


class MatchRun(Base):
    """One computation of all recommendations of an event. ``figures``: pairs, coverage, exposure, seconds ..."""

    __tablename__ = "match_run"
    __table_args__ = (
        Index("ix_match_run_event_id_created_at", "event_id", "created_at"),
        # However many profiles change at once, one run waits for all of them.
        PartialUnique("uq_match_run_event_id_waiting", "event_id", where="state = 'queued' AND is_automatic"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    job_id: Mapped[str] = mapped_column(String(32), default="")
    state: Mapped[str] = mapped_column(String(20), default=RunState.QUEUED)
    model: Mapped[str] = mapped_column(String(200), default="")
    is_fallback: Mapped[bool] = mapped_column(default=False)  # no model could be loaded: words only
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    is_automatic: Mapped[bool] = mapped_column(default=False)  # nobody started it: something had changed
    is_outdated: Mapped[bool] = mapped_column(default=False)  # something changed while it worked
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)  # set anew when it begins: what it read is not older
    finished_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    started_by: Mapped[User | None] = relationship()

    @property
    def places(self) -> int:
        """How long each list may be."""
        return int(self.figures.get("policy", {}).get("top", 20))

    @property
    def is_under_way(self) -> bool:
        """It waits or works."""
        return self.state in UNDER_WAY

    @property
    def is_waiting(self) -> bool:
        """It was queued because something changed, and has not begun."""
        return self.state == RunState.QUEUED and self.is_automatic


class MatchingSettings(Base):
    """What an event decides about matching; without a row the defaults hold. ``policy``: as in matching.Policy."""

    __tablename__ = "matching_settings"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    is_automatic: Mapped[bool] = mapped_column(default=True)  # run again by itself when profiles change
    policy: Mapped[dict[str, Any]] = mapped_column(default=dict)  # empty: nothing was decided
    version: Mapped[int] = mapped_column(default=0)  # rises with every change of the policy


class Recommendation(Base):
    """One suggestion of the newest finished run: ``other`` for ``participant``, best ``rank`` is 1.

    ``score``, ``gives`` and ``gets`` are 0..1: overall, how my offers meet their needs, how theirs meet mine.
    ``reasons``: list of {side, mine, theirs, similarity}; ``shared``: structured fields that fit.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("participant_id", "other_id"),
        Index("ix_recommendation_participant_id_rank", "participant_id", "rank"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int]
    score: Mapped[float]
    gives: Mapped[float]
    gets: Mapped[float]
    band: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[list[Any]]
    shared: Mapped[dict[str, Any]]

    run: Mapped[MatchRun] = relationship()
    participant: Mapped[Participant] = relationship(foreign_keys=[participant_id])
    other: Mapped[Participant] = relationship(foreign_keys=[other_id])


class FeedbackKind(StrEnum):
    """What a participant said about a recommendation."""

    NOT_RELEVANT = "not_relevant"
    LATER = "later"


class Feedback(Base):
    """A participant set a recommendation aside; can be undone."""

    __tablename__ = "recommendation_feedback"
    __table_args__ = (UniqueConstraint("participant_id", "other_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(default=now)


class QuestionKind(StrEnum):
    """What a page may ask by meaning."""

    SEARCH = "search"  # who offers or needs what a sentence says
    HINTS = "hints"  # what the sentences of a profile would match
    SIMILAR = "similar"  # who offers the same as somebody


class Question(Base):
    """A question that a job answers, because it needs the language model; the newest of its kind for a participant.

    ``content`` and ``answer`` are the business of ``meaning``. The answer belongs to the question while
    ``answered_digest`` equals ``digest``.
    """

    __tablename__ = "meaning_question"
    __table_args__ = (UniqueConstraint("participant_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[datetime | None]
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answered_digest: Mapped[str] = mapped_column(String(64), default="")
    answered_at: Mapped[datetime | None]
    is_fallback: Mapped[bool] = mapped_column(default=False)  # no model could be loaded: words only
    is_failed: Mapped[bool] = mapped_column(default=False)

    participant: Mapped[Participant] = relationship()

    @property
    def is_answered(self) -> bool:
        """The answer is there, or it is known that there will be none."""
        return self.digest != "" and self.answered_digest == self.digest


class Embedding(Base):
    """The vector of one text by one model; ``key`` is the content key of both (see matching.embeddings)."""

    __tablename__ = "embedding"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)  # float32, little endian
    created_at: Mapped[datetime] = mapped_column(default=now)
