"""Creating, editing and deleting events."""

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matchmaker import audit
from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.errors import Conflict, Invalid, NotAllowed
from matchmaker.events import queries
from matchmaker.events.errors import SlugTaken, Stale
from matchmaker.events.models import Event, EventRole, EventRoleName
from matchmaker.events.signals import event_changed
from matchmaker.projects.models import Partner, Semester
from matchmaker.web.folding import fold

RESERVED_SLUGS = {"new"}  # /events/new is a page
LONGEST_SLUG = 80
# Changes that others have to know about; the rest is text.
ANNOUNCED = (
    "timezone", "starts_at", "ends_at", "mode", "venue", "join_link", "capacity", "registration_closes_at", "has_meetings",
)  # fmt: skip


@dataclass(frozen=True)
class EventValues:
    """What an organiser says about an event. Times are aware; ``slug`` empty: made from the name."""

    kind: str
    name: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    slug: str = ""
    project_id: int | None = None
    semester_id: int | None = None
    ordinal: int | None = None
    host_partner_id: int | None = None
    thematic_focus: str = ""
    summary: str = ""
    description: str = ""
    mode: str = "online"
    venue: str = ""
    join_link: str = ""
    visibility: str = "public"
    registration: str = "open"
    registration_closes_at: datetime | None = None
    capacity: int | None = None
    details: dict[str, Any] = dataclasses.field(default_factory=dict)
    has_meetings: bool = False


def create_event(values: EventValues, by: User) -> Event:
    """Store a draft and make ``by`` its organiser. Raises ``NotAllowed``, ``SlugTaken`` or ``Invalid``."""
    if not may_create(by):
        raise NotAllowed(_("You may not create events yet. Ask an administrator of this site to allow it."))
    _check(values)
    fields = dataclasses.asdict(values) | {"slug": values.slug or free_slug(slug_from(values.name))}
    event = Event(**fields)
    _store(event)
    db.session.add(EventRole(event_id=event.id, user_id=by.id, role=EventRoleName.ORGANISER))
    audit.record(by, "event.created", f"event {event.slug}", event.id, {"kind": event.kind, "slug": event.slug})
    return event


def may_create(user: User) -> bool:
    """Whether a user may create events."""
    return user.is_admin or user.may_create_events


def edit_event(event_id: int, values: EventValues, version: int, by: User, kept: str = "wall_clock") -> Event:
    """Change an event that still has ``version``; others hear of what concerns them by ``event_changed``.

    ``kept``: what stayed when the zone changed, "wall_clock" or "moment". Kind and project stay what they were.
    Raises ``Stale``, ``SlugTaken``, ``Invalid`` or what a receiver of the signal refuses with.
    """
    event = queries.locked(event_id)
    if event.version != version:
        raise Stale(event.version)
    fields = dataclasses.asdict(values) | {"kind": event.kind, "project_id": event.project_id}
    if event.is_published or not values.slug:
        fields["slug"] = event.slug
    _check(dataclasses.replace(values, kind=event.kind, project_id=event.project_id))
    changes = {name: (getattr(event, name), new) for name, new in fields.items() if getattr(event, name) != new}
    for name, (_before, after) in changes.items():
        setattr(event, name, after)
    _store(event)
    if changes:
        audit.record(
            by, "event.edited", f"event {event.slug}", event.id, {name: _plain(pair) for name, pair in changes.items()}
        )
    announced = {name: pair for name, pair in changes.items() if name in ANNOUNCED}
    if announced:
        event_changed.send(event, changes=announced, kept=kept)
    return event


def delete_draft(event_id: int, by: User) -> None:
    """Delete an event that is not published, with everything in it."""
    event = queries.locked(event_id)
    if event.is_published:
        raise Conflict(_("A published event can't be deleted. Cancel it, so that everybody is told."))
    audit.record(by, "event.deleted", f"event {event.slug}", None, {"slug": event.slug, "kind": event.kind})
    db.session.delete(event)


def slug_from(name: str) -> str:
    """Return the name as it can stand in an address."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60].strip("-")
    return slug if slug and slug not in RESERVED_SLUGS else "event"


def free_slug(slug: str) -> str:
    """Return ``slug``, or the first of ``slug-2``, ``slug-3`` ... that no event has."""
    pattern = f"{slug}%"
    taken = set(db.session.scalars(db.select(Event.slug).where(Event.slug.like(pattern)))) | RESERVED_SLUGS
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug[: LONGEST_SLUG - 5]}-{number}"
    return free


def _store(event: Event) -> None:
    """Write the event; the unique index on the slug settles who was first."""
    slug = event.slug
    if slug in RESERVED_SLUGS:
        raise SlugTaken(slug, free_slug(slug))
    with db.session.no_autoflush:
        taken = db.session.scalar(db.select(Event.id).where(Event.slug == slug, Event.id != (event.id or 0)))
        if taken:
            raise SlugTaken(slug, free_slug(slug))
    try:
        with db.session.begin_nested():
            db.session.add(event)
            db.session.flush()
    except IntegrityError as error:
        raise SlugTaken(slug, free_slug(slug)) from error


def _check(values: EventValues) -> None:
    if values.starts_at >= values.ends_at:
        raise Invalid(_("The event must end after it starts."), field="ends_time")
    closes = values.registration_closes_at
    if closes and closes > values.ends_at:
        raise Invalid(_("Registration can't close after the event has ended."), field="closes_on")
    _check_project(values, db.session.get(Semester, values.semester_id) if values.semester_id else None, "semester")
    _check_project(values, db.session.get(Partner, values.host_partner_id) if values.host_partner_id else None, "host")


def _check_project(values: EventValues, row: Semester | Partner | None, field: str) -> None:
    if row is not None and row.project_id != values.project_id:
        raise Invalid(_("Choose one of this project."), field=field)


def _plain(pair: tuple[Any, Any]) -> list[Any]:
    return [value.isoformat() if isinstance(value, datetime) else value for value in pair]
