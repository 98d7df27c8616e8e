"""Reading feeds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from matchmaker.accounts.sessions import hash_token
from matchmaker.agenda import queries as agenda
from matchmaker.agenda.models import SessionSignUp
from matchmaker.calendars.models import CalendarFeed
from matchmaker.db import db
from matchmaker.meetings.models import Meeting
from matchmaker.registrations.models import Participant


def feeds_of(participant: Participant) -> Sequence[CalendarFeed]:
    """Return the feeds of a participant that work, newest first."""
    query = db.select(CalendarFeed).where(
        CalendarFeed.participant_id == participant.id, CalendarFeed.revoked_at.is_(None)
    )
    return db.session.scalars(query.order_by(CalendarFeed.id.desc())).all()


def feed_for(participant: Participant, feed_id: int) -> CalendarFeed | None:
    """Return one feed of this participant."""
    query = db.select(CalendarFeed).where(CalendarFeed.id == feed_id, CalendarFeed.participant_id == participant.id)
    return db.session.scalar(query)


def feed_by_token(token: str) -> CalendarFeed | None:
    """Return the feed of a secret, with whose it is; ``None`` if it is unknown, revoked, or the account is disabled."""
    whose = joinedload(CalendarFeed.participant)
    query = (
        db.select(CalendarFeed)
        .where(CalendarFeed.token_hash == hash_token(token), CalendarFeed.revoked_at.is_(None))
        .options(
            whose.joinedload(Participant.user),
            whose.joinedload(Participant.event),
            whose.joinedload(Participant.organisation),
        )
    )
    feed = db.session.scalar(query)
    return None if feed is None or feed.participant.user.disabled_at is not None else feed


def changed_at(participant: Participant) -> datetime | None:
    """Return the last moment at which the itinerary of a participant is known to have changed.

    Cancelled meetings count, since their row stays. That somebody left a session or has another name leaves no
    moment behind: only the ETag, which is made from the content, tells everything.
    """
    mine = (Meeting.first_id == participant.id) | (Meeting.second_id == participant.id)
    version = agenda.newest_version(participant.event_id)
    moments = [
        db.session.scalar(db.select(func.max(Meeting.changed_at)).where(mine)),
        db.session.scalar(
            db.select(func.max(SessionSignUp.signed_up_at)).where(SessionSignUp.participant_id == participant.id)
        ),
        version.published_at if version else None,
        participant.decided_at,
        participant.event.cancelled_at,
    ]
    return max((moment for moment in moments if moment), default=None)
