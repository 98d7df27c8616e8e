"""Events and who organises them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import Base
from matchmaker.events.naming import mode_name, series_name
from matchmaker.projects.models import Partner, Project, Semester
from matchmaker.vocabulary import label


class Mode(StrEnum):
    """Where an event takes place."""

    ON_SITE = "on_site"
    ONLINE = "online"
    HYBRID = "hybrid"


class Visibility(StrEnum):
    """Who finds an event: everybody, or only participants, invited people and organisers."""

    PUBLIC = "public"
    CLOSED = "closed"


class RegistrationRule(StrEnum):
    """How people get in."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITATION = "invitation"


class Event(Base):
    """One happening with a time zone (IANA name). ``kind`` is a code of the vocabulary ``event_kinds``.

    ``starts_at`` and ``ends_at`` are the first and the last moment; ``ordinal`` is its number in the series of its
    kind in the project. Not published (``published_at`` empty): only organisers see it. ``details`` holds what only one
    kind has, such as ``thematic_questions``, ``peers``, ``groups``.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        Index("ix_event_published_at_starts_at", "published_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(200))
    ordinal: Mapped[int | None]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="SET NULL"), index=True)
    semester_id: Mapped[int | None] = mapped_column(ForeignKey("semester.id", ondelete="SET NULL"))
    host_partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="SET NULL"))
    thematic_focus: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")  # Markdown
    mode: Mapped[str] = mapped_column(String(20), default=Mode.ONLINE)
    timezone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    venue: Mapped[str] = mapped_column(String(300), default="")
    join_link: Mapped[str] = mapped_column(String(500), default="")  # shown to confirmed participants only
    visibility: Mapped[str] = mapped_column(String(20), default=Visibility.PUBLIC)
    registration: Mapped[str] = mapped_column(String(20), default=RegistrationRule.OPEN)
    registration_closes_at: Mapped[datetime | None]
    capacity: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    has_meetings: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)

    project: Mapped[Project | None] = relationship()
    semester: Mapped[Semester | None] = relationship()
    host_partner: Mapped[Partner | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the event."""
        return ZoneInfo(self.timezone)

    @property
    def kind_label(self) -> str:
        """The name of the kind in the language of the page, with its number: "1st peer review"."""
        return series_name(self.kind, self.ordinal) if self.ordinal else label("event_kinds", self.kind)

    @property
    def mode_label(self) -> str:
        """The name of the mode in the language of the page."""
        return mode_name(self.mode)

    @property
    def host_label(self) -> str:
        """Who hosts the event; empty while nobody does."""
        return self.host_partner.name if self.host_partner else ""

    @property
    def is_published(self) -> bool:
        """People other than its organisers may see it."""
        return self.published_at is not None

    @property
    def first_day(self) -> date:
        """First day in the event's zone."""
        return self.starts_at.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """Last day in the event's zone."""
        return self.ends_at.astimezone(self.zone).date()

    def registration_is_open(self, moment: datetime) -> bool:
        """Whether people may register at ``moment``: published, not cancelled, before the deadline and the end."""
        closes = self.registration_closes_at or self.ends_at
        return self.is_published and self.cancelled_at is None and moment < min(closes, self.ends_at)


class EventRoleName(StrEnum):
    """An organiser may also change the team; a co-organiser may do everything else."""

    ORGANISER = "organiser"
    CO_ORGANISER = "co_organiser"


class EventRole(Base):
    """A user organises an event."""

    __tablename__ = "event_role"
    __table_args__ = (UniqueConstraint("event_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20), default=EventRoleName.ORGANISER)

    event: Mapped[Event] = relationship()
    user: Mapped[User] = relationship()
