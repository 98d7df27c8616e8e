"""Users, their sign-ins, organisations and who belongs to them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.clock import now
from matchmaker.db import Base


class User(Base):
    """A person with an account. ``email`` is stored folded (trimmed, lower case) and is unique.

    ``token_counter`` is part of every mailed link; raising it makes all links sent before worthless.
    """

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    first_name: Mapped[str] = mapped_column(String(80), default="")
    last_name: Mapped[str] = mapped_column(String(80), default="")
    job_title: Mapped[str] = mapped_column(String(120), default="")
    timezone: Mapped[str] = mapped_column(String(64), default="Europe/Brussels")
    locale: Mapped[str] = mapped_column(String(8), default="en")
    is_admin: Mapped[bool] = mapped_column(default=False)
    may_create_events: Mapped[bool] = mapped_column(default=False)
    token_counter: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def full_name(self) -> str:
        """First and last name, or the address while there is no name."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def is_confirmed(self) -> bool:
        """The address was confirmed by mail."""
        return self.confirmed_at is not None


class UserSession(Base):
    """One sign-in on one device. The cookie holds the token; only its hash is stored, so it can be ended here."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")


class Organisation(Base):
    """A company, cluster, university, public body ... that people represent.

    ``search_text`` is the folded name; ``domain`` the folded mail domain that suggests it to newcomers (empty: none).
    ``kind`` and ``helix_type`` are codes of the vocabularies ``organisation_kinds`` and ``helix_types``.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(String(400), default="", index=True)
    domain: Mapped[str] = mapped_column(String(200), default="", index=True)
    kind: Mapped[str] = mapped_column(String(30), default="other")
    helix_type: Mapped[str] = mapped_column(String(30), default="business")
    size: Mapped[str] = mapped_column(String(20), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    region: Mapped[str] = mapped_column(String(120), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    ecosystem: Mapped[str] = mapped_column(String(60), default="")
    value_chain_position: Mapped[str] = mapped_column(String(60), default="")
    description: Mapped[str] = mapped_column(String(4000), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form


class MembershipRole(StrEnum):
    """What a member may do: an owner approves joiners and edits the organisation."""

    OWNER = "owner"
    MEMBER = "member"


class MembershipState(StrEnum):
    """Whether an owner has let this person in."""

    PENDING = "pending"
    ACTIVE = "active"


class Membership(Base):
    """A user belongs to an organisation, or has asked to."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20), default=MembershipRole.MEMBER)
    state: Mapped[str] = mapped_column(String(20), default=MembershipState.PENDING)
    created_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()
