"""What a participant brings to an event and looks for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.clock import now
from matchmaker.db import Base
from matchmaker.registrations.models import Participant


class Side(StrEnum):
    """Whether an item is brought or sought."""

    OFFER = "offer"
    NEED = "need"


class FacetKind(StrEnum):
    """The structured fields of a profile; each names the vocabulary of its codes (``sector`` is NACE text)."""

    TOPIC = "topic"
    SECTOR = "sector"
    WANTED_SECTOR = "wanted_sector"
    COOPERATION = "cooperation"
    LANGUAGE = "language"


class Profile(Base):
    """The profile of one participant. ``search_text`` is everything in it, folded, for the directory.

    ``texts_changed_at`` moves when something that matching reads changes, so that a rerun knows what is new.
    """

    __tablename__ = "profile"
    __table_args__ = (CheckConstraint("completeness BETWEEN 0 AND 100", name="completeness"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    is_visible: Mapped[bool] = mapped_column(default=True)  # listed in the directory and recommended
    completeness: Mapped[int] = mapped_column(default=0)
    search_text: Mapped[str] = mapped_column(Text, default="")
    texts_changed_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)

    participant: Mapped[Participant] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form


class ProfileItem(Base):
    """One offer or need, a sentence in the participant's own words."""

    __tablename__ = "profile_item"
    __table_args__ = (UniqueConstraint("profile_id", "side", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id", ondelete="CASCADE"))
    side: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))

    profile: Mapped[Profile] = relationship()


class ProfileFacet(Base):
    """One structured value of a profile: a topic, sector, cooperation type or language, by code."""

    __tablename__ = "profile_facet"
    __table_args__ = (
        UniqueConstraint("profile_id", "kind", "code"),
        Index("ix_profile_facet_kind_code", "kind", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(60))

    profile: Mapped[Profile] = relationship()
