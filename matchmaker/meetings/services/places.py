"""Which place a meeting gets, and under which link it is joined."""

import secrets

from sqlalchemy import func

from matchmaker.db import db
from matchmaker.meetings import queries
from matchmaker.meetings.models import Meeting, MeetingSettings, Place, Slot
from matchmaker.registrations.models import Participant

ONLINE = "online"


def candidates(
    first: Participant, second: Participant, slot: Slot, preferred: Place | None, own_meeting_id: int | None
) -> list[Place | None]:
    """Return what to try, in order: free places, the preferred one first; ``[None]`` where no place is needed.

    The place that the meeting ``own_meeting_id`` itself holds in this slot counts as free. Empty: all are taken.
    """
    event_id = slot.event_id
    exist = db.session.scalar(db.select(func.count(Place.id)).where(Place.event_id == event_id))
    if not exist or not queries.needs_place(first.event, queries.rules_of(event_id), first, second):
        return [None]
    free = queries.free_places(event_id, slot.id)
    own = db.session.get(Meeting, own_meeting_id) if own_meeting_id else None
    if own and own.slot_id == slot.id and own.place:
        free.insert(0, own.place)
    free.sort(key=lambda place: place is not preferred)
    return list(free)


def join_link(rules: MeetingSettings, place: Place | None) -> str:
    """Return the link of a new meeting: the online room's own, or a fresh one from the event's template.

    A table has no link. ``{meeting}`` in the template becomes a random code that nobody can guess.
    """
    if place is not None and place.kind != ONLINE:
        return ""
    if place is not None and place.join_link:
        return place.join_link
    if not rules.online_places:
        return ""
    return rules.join_link_template.replace("{meeting}", secrets.token_urlsafe(16))
