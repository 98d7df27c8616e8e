"""Cooperation projects, their partners and semesters."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.db import Base


class Project(Base):
    """A cooperation project in which events take place."""

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    acronym: Mapped[str] = mapped_column(String(60), default="")
    policy_objective: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")


class Partner(Base):
    """An organisation in a project, with its region and its zone (IANA name)."""

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("project_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    region: Mapped[str] = mapped_column(String(120), default="")
    nuts: Mapped[str] = mapped_column(String(8), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    timezone: Mapped[str] = mapped_column(String(64), default="Europe/Brussels")
    language: Mapped[str] = mapped_column(String(8), default="en")

    project: Mapped[Project] = relationship()


class Semester(Base):
    """A half-year period of a project."""

    __tablename__ = "semester"
    __table_args__ = (UniqueConstraint("project_id", "number"), CheckConstraint("starts_on < ends_on", name="order"))

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    topic: Mapped[str] = mapped_column(Text, default="")

    project: Mapped[Project] = relationship()
