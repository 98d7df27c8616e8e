"""Short ways to drafted sessions of Olga's fair."""

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.agenda import services
from matchmaker.agenda.services import SessionInput
from matchmaker.db import transaction


def at(hour, minute=0, day=8):
    """A moment of the fair, on the clocks of Brussels (UTC+1)."""
    return datetime(2026, 12, day, tzinfo=UTC) + timedelta(hours=hour - 1, minutes=minute)


def given(title="Opening", starts_at=at(9), minutes=60, **values):  # noqa: B008 - a moment is a value
    """The input of a session."""
    return SessionInput(title, values.pop("kind", "talk"), starts_at, starts_at + timedelta(minutes=minutes), **values)


@pytest.fixture
def add(cast):
    """Return a function that drafts a session in a transaction of its own."""

    def add_one(title="Opening", starts_at=at(9), minutes=60, **values):  # noqa: B008 - a moment is a value
        with transaction():
            return services.add_session(cast.event, given(title, starts_at, minutes, **values), cast.olga)

    return add_one


@pytest.fixture
def add_room(cast):
    """Return a function that adds a room."""

    def add_one(name="Room A", capacity=None):
        with transaction():
            return services.add_room(cast.event, name, capacity, cast.olga)

    return add_one


@pytest.fixture
def publish(cast):
    """Return a function that publishes the draft."""

    def publish_now(note=""):
        with transaction():
            return services.publish(cast.event, note, cast.olga)

    return publish_now
