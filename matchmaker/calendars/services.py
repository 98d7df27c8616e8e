"""Making and revoking private feeds."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, update

from matchmaker.accounts.sessions import hash_token
from matchmaker.calendars import queries
from matchmaker.calendars.errors import TooManyFeeds
from matchmaker.calendars.models import CalendarFeed
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.registrations.models import Participant

MOST_FEEDS = 10
READ_EVERY = timedelta(hours=1)  # how precisely last_read_at is kept


def create_feed(participant: Participant) -> tuple[CalendarFeed, str]:
    """Store a feed and return it with its secret: 256 random bits, of which only a hash is kept. Raises ``TooManyFeeds``."""
    if len(queries.feeds_of(participant)) >= MOST_FEEDS:
        raise TooManyFeeds(_("You have %(count)s addresses already. Revoke one that you don't use.", count=MOST_FEEDS))
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(participant_id=participant.id, token_hash=hash_token(token))
    db.session.add(feed)
    db.session.flush()
    return feed, token


def revoke_feed(feed: CalendarFeed) -> None:
    """Make the address of a feed worthless, at once and for good."""
    feed.revoked_at = feed.revoked_at or now()


def is_read_due(feed: CalendarFeed) -> bool:
    """Whether it is time to note again that a feed is read."""
    return feed.last_read_at is None or feed.last_read_at <= now() - READ_EVERY


def note_read(feed_id: int) -> None:
    """Note that a feed was read, unless that was noted within the hour."""
    long_ago = or_(CalendarFeed.last_read_at.is_(None), CalendarFeed.last_read_at <= now() - READ_EVERY)
    db.session.execute(update(CalendarFeed).where(CalendarFeed.id == feed_id, long_ago).values(last_read_at=now()))
