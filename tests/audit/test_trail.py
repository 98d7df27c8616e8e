"""The audit trail."""

from matchmaker import audit
from matchmaker.db import db, transaction


def test_entries_keep_who_did_what_newest_first(cast):
    with transaction():
        audit.record(cast.olga, "event.published", "event fair", cast.event.id, {"name": ["Old", "New"]})
        audit.record(None, "event.closed", "x" * 300, cast.event.id)
        audit.record(cast.olga, "event.published", "event other", cast.other_event.id)

    entries = db.session.scalars(audit.entries_of(cast.event.id)).all()

    assert [(e.action, e.actor_name, e.actor_id, e.changes) for e in entries] == [
        ("event.closed", "", None, {}),
        ("event.published", "Olga Organiser", cast.olga.id, {"name": ["Old", "New"]}),
    ]
    assert len(entries[0].subject) == 200
