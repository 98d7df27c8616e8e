"""What a participant brings to an event and looks for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import Organisation
from matchmaker.clock import now
from matchmaker.db import Base
from matchmaker.registrations.models import Participant


class Side(StrEnum):
    """Whether an item is brought or sought."""

    OFFER = "offer"
    NEED = "need"


class FacetKind(StrEnum):
    """The structured fields of a profile; each names the vocabulary of its codes (``sector`` is NACE text).

    Tags are their own vocabulary, which grows with the event. ``asked_by``: kinds of organisation that may ask for a
    meeting; none means all.
    """

    TOPIC = "topic"
    SECTOR = "sector"
    WANTED_SECTOR = "wanted_sector"
    COOPERATION = "cooperation"
    LANGUAGE = "language"
    TAG_OFFERED = "tag_offered"
    TAG_NEEDED = "tag_needed"
    ASKED_BY = "asked_by"


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
    """One structured value of a profile: a topic, sector, cooperation type, language ... by code, or a tag."""

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


class NeverMeet(Base):
    """A participant never wants to meet an organisation, or a person who has none. Shown to nobody else."""

    __tablename__ = "never_meet"
    __table_args__ = (
        UniqueConstraint("participant_id", "organisation_id"),
        UniqueConstraint("participant_id", "other_id"),
        CheckConstraint("(organisation_id IS NULL) <> (other_id IS NULL)", name="one_target"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    organisation: Mapped[Organisation | None] = relationship()
    other: Mapped[Participant | None] = relationship(foreign_keys=[other_id])

    def covers(self, other: Participant) -> bool:
        """Whether ``other`` is kept away by this."""
        if self.organisation_id is not None:
            return other.organisation_id == self.organisation_id
        return other.id == self.other_id

    @property
    def name(self) -> str:
        """Who is kept away."""
        if self.organisation:
            return self.organisation.name
        return self.other.display_name if self.other else ""
