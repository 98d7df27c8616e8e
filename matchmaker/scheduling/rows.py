"""From ids of the library back to rows, and which meetings no plan touches. Loads nothing of the library."""

from datetime import datetime

from matchmaker.meetings.models import Meeting, MeetingState


def row_id(library_id: str) -> int:
    """Return the row's id of a library id."""
    return int(library_id[1:])


def stands(meeting: Meeting, moment: datetime) -> bool:
    """Whether no plan touches a meeting: it is locked, has begun, or is over."""
    return meeting.is_locked or meeting.state != MeetingState.SCHEDULED or meeting.slot.starts_at <= moment
