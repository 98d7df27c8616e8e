"""Publishing, withdrawing and cancelling events."""

from flask_babel import gettext as _

from matchmaker import audit
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.errors import Conflict
from matchmaker.events import queries
from matchmaker.events.errors import NotReady
from matchmaker.events.models import Event, Mode
from matchmaker.events.signals import event_changed
from matchmaker.vocabulary import terms


def missing_before_publication(event: Event) -> list[str]:
    """Return what an event lacks before people may see it, as sentences."""
    missing = []
    needs_host = "host_partner" in terms("event_kinds")[event.kind]["fields"]
    if event.project_id and needs_host and not event.host_partner_id:
        missing.append(_("Choose the partner that hosts the event."))
    if event.mode != Mode.ONLINE and not event.venue:
        missing.append(_("Say where the event takes place."))
    return missing


def publish(event_id: int, by: User) -> Event:
    """Let people see the event. Raises ``NotReady`` with what is missing."""
    event = queries.locked(event_id)
    if event.is_published:
        return event
    missing = missing_before_publication(event)
    if missing:
        raise NotReady(missing)
    event.published_at = now()
    audit.record(by, "event.published", f"event {event.slug}", event.id)
    event_changed.send(event, changes={"published_at": (None, event.published_at)}, kept="moment")
    return event


def unpublish(event_id: int, by: User) -> Event:
    """Make a draft of an event again; refused by registrations while somebody is registered."""
    event = queries.locked(event_id)
    before = event.published_at
    if before is None:
        return event
    event.published_at = None
    audit.record(by, "event.unpublished", f"event {event.slug}", event.id)
    event_changed.send(event, changes={"published_at": (before, None)}, kept="moment")
    return event


def cancel_event(event_id: int, by: User) -> Event:
    """Cancel a published event for good; everybody who registered is told."""
    event = queries.locked(event_id)
    if not event.is_published:
        raise Conflict(_("This event is a draft. Delete it instead."))
    if event.cancelled_at is None:
        event.cancelled_at = now()
        audit.record(by, "event.cancelled", f"event {event.slug}", event.id)
        event_changed.send(event, changes={"cancelled_at": (None, event.cancelled_at)}, kept="moment")
    return event
