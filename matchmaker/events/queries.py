"""Reading events and their roles."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, true
from sqlalchemy.orm import joinedload

from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.events.models import Event, EventRole, Visibility
from matchmaker.events.signals import closed_events_asked
from matchmaker.projects.models import Partner


def event_by_slug(slug: str) -> Event | None:
    """Return the event with this slug, whoever may see it; project, semester and host come along."""
    related = (joinedload(Event.project), joinedload(Event.semester), joinedload(Event.host_partner))
    return db.session.scalar(db.select(Event).where(Event.slug == slug).options(*related))


def locked(event_id: int) -> Event:
    """Return an event as it is now and keep others from changing it until the transaction ends.

    Whoever holds several things holds the event first, then participants in order of id. Rows that point to the event
    can be stored meanwhile (PostgreSQL: FOR NO KEY UPDATE), else a booking and a cancellation would wait in a circle.
    """
    return db.session.get_one(Event, event_id, with_for_update={"key_share": True}, populate_existing=True)


def role_of(event_id: int, user: User | None) -> EventRole | None:
    """Return the role of a user at an event, if any."""
    if user is None:
        return None
    return db.session.scalar(db.select(EventRole).where(EventRole.event_id == event_id, EventRole.user_id == user.id))


def is_organiser(event_id: int, user: User | None) -> bool:
    """Whether a user may organise an event: by role, or as administrator."""
    return user is not None and (user.is_admin or role_of(event_id, user) is not None)


def team(event_id: int) -> list[EventRole]:
    """Return who organises an event, organisers first."""
    query = db.select(EventRole).where(EventRole.event_id == event_id).options(joinedload(EventRole.user))
    return list(db.session.scalars(query.order_by(EventRole.role.desc(), EventRole.id)))


def organised_ids(user: User | None) -> set[int]:
    """Return the ids of the events in whose team a user is."""
    if user is None:
        return set()
    return set(db.session.scalars(db.select(EventRole.event_id).where(EventRole.user_id == user.id)))


def seen_ids(user: User | None) -> set[int]:
    """Return the ids of closed events that a user may see nevertheless: organised, registered for, invited to."""
    if user is None:
        return set()
    return organised_ids(user).union(*(ids for _receiver, ids in closed_events_asked.send(user)))


def next_ordinal(project_id: int, kind: str) -> int:
    """Return the number that comes next in the series of a kind.

    Stakeholder groups meet in every region, so theirs is the first number that some region still lacks.
    """
    series = [Event.project_id == project_id, Event.kind == kind]
    if kind != "stakeholder_meeting":
        return (db.session.scalar(db.select(func.max(Event.ordinal)).where(*series)) or 0) + 1
    newest = (
        db.select(func.coalesce(func.max(Event.ordinal), 0))
        .select_from(Partner)
        .outerjoin(Event, (Event.host_partner_id == Partner.id) & (Event.kind == kind))
        .where(Partner.project_id == project_id)
        .group_by(Partner.id)
    )
    return min(db.session.scalars(newest), default=0) + 1


class EventFilter(NamedTuple):
    """What the list of events is narrowed to; empty means all. ``time``: upcoming, past or all."""

    text: str = ""
    kind: str = ""
    project_id: int | None = None
    mode: str = ""
    time: str = "upcoming"


def listed(chosen: EventFilter, user: User | None) -> Select[tuple[Event]]:
    """Return the published events that a user may see, narrowed to ``chosen``: the next first, or the last first."""
    sees_all = user is not None and user.is_admin
    visible = true() if sees_all else (Event.visibility == Visibility.PUBLIC) | Event.id.in_(seen_ids(user))
    related = (joinedload(Event.project), joinedload(Event.host_partner))
    query = db.select(Event).where(Event.published_at.is_not(None), visible, *_conditions(chosen)).options(*related)
    order = Event.starts_at if chosen.time == "upcoming" else Event.starts_at.desc()
    return query.order_by(order, Event.id)


def _conditions(chosen: EventFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.time == "upcoming":
        found.append(Event.ends_at > now())
    elif chosen.time == "past":
        found.append(Event.ends_at <= now())
    if chosen.kind:
        found.append(Event.kind == chosen.kind)
    if chosen.mode:
        found.append(Event.mode == chosen.mode)
    if chosen.project_id:
        found.append(Event.project_id == chosen.project_id)
    for word in chosen.text.split()[:8]:
        columns = (Event.name, Event.summary, Event.thematic_focus, Event.venue)
        host = Event.host_partner.has(
            Partner.name.icontains(word, autoescape=True) | Partner.region.icontains(word, autoescape=True)
        )
        found.append(or_(host, *(column.icontains(word, autoescape=True) for column in columns)))
    return found
