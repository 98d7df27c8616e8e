"""What organisers do with events: drafts and edits, publication, the team. Each verb works in the caller's transaction."""

from matchmaker.events.services.drafts import EventValues, create_event, delete_draft, edit_event
from matchmaker.events.services.publication import cancel_event, missing_before_publication, publish, unpublish
from matchmaker.events.services.team import add_member, change_role, remove_member

__all__ = [
    "EventValues",
    "add_member",
    "cancel_event",
    "change_role",
    "create_event",
    "delete_draft",
    "edit_event",
    "missing_before_publication",
    "publish",
    "remove_member",
    "unpublish",
]
