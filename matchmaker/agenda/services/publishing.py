"""Publishing an agenda: what participants see is always the newest version, never the draft."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matchmaker import audit, jobs
from matchmaker.accounts.models import User
from matchmaker.agenda import notices, queries
from matchmaker.agenda.errors import PublishedMeanwhile
from matchmaker.agenda.models import AgendaVersion
from matchmaker.db import db
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event


def publish(event: Event, note: str, actor: User) -> AgendaVersion:
    """Make the draft what participants see, as the next version; those signed up for moved sessions are told.

    Where nothing changed since the newest version, that one is returned. Raises ``PublishedMeanwhile``.
    """
    event_queries.locked(event.id)
    previous = queries.newest_version(event.id)
    content = [queries.as_data(queries.item_of(session)) for session in queries.sessions_of(event.id)]
    if previous and previous.content == content:
        return previous
    version = add_version(event, content, note, previous, actor)
    audit.record(actor, "agenda.published", f"version {version.number}", event.id, {"sessions": len(content)})
    return version


def add_version(
    event: Event, content: list[Any], note: str, previous: AgendaVersion | None, actor: User | None
) -> AgendaVersion:
    """Store the version after ``previous`` and tell those whom its changes concern."""
    version = AgendaVersion(
        event_id=event.id,
        number=previous.number + 1 if previous else 1,
        note=note,
        content=content,
        published_by_id=actor.id if actor else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(version)
    except IntegrityError as error:
        raise PublishedMeanwhile(_("Somebody else published the agenda at this moment. Look at it again.")) from error
    if previous:
        jobs.enqueue(notices.agenda_changed, version.id)
    return version


def differences(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the titles of the sessions that were added, moved, edited or removed between two versions.

    Moved: time, place or title changed. Edited: anything else, such as speakers or description.
    """
    old, new = ({entry["id"]: entry for entry in side} for side in (before, after))
    both = sorted(old.keys() & new.keys())
    moved = [key for key in both if old[key]["sequence"] != new[key]["sequence"]]
    return {
        "added": [new[key]["title"] for key in sorted(new.keys() - old.keys())],
        "moved": [new[key]["title"] for key in moved],
        "edited": [new[key]["title"] for key in both if key not in moved and old[key] != new[key]],
        "removed": [old[key]["title"] for key in sorted(old.keys() - new.keys())],
    }
