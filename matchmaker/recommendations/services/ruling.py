"""Decide who may be shown to whom."""

from matchmaker import audit
from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event
from matchmaker.recommendations import queries
from matchmaker.recommendations.errors import RulesChanged
from matchmaker.recommendations.rules import Rules


def save_rules(event: Event, actor: User, wanted: Rules, version: int) -> bool:
    """Store the rules of an event's lists; RulesChanged for a form that was opened before somebody else's change.

    Returns whether anything is different now.
    """
    event_queries.locked(event.id)
    settings = queries.settings_of(event.id)
    if settings.version != version:
        raise RulesChanged
    before, after = Rules.of(settings.policy), wanted
    if before == after:
        return False
    settings.policy, settings.version = after.as_data(), version + 1
    db.session.add(settings)
    db.session.flush()
    changes = {
        name: [old, after.as_data()[name]] for name, old in before.as_data().items() if old != after.as_data()[name]
    }
    audit.record(actor, "matching.rules", f"event {event.slug}", event.id, changes)
    return True
