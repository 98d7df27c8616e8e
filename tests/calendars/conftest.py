"""A published fair: an opening, a workshop that Ana signed up for, and meetings of Ana with Ben, and of Ben with Dora."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.agenda import services as agenda
from matchmaker.agenda.models import AgendaSession
from matchmaker.agenda.services import SessionInput
from matchmaker.db import transaction
from matchmaker.meetings.models import Meeting, Slot
from tests import factories
from tests.conftest import Cast


def at(hour, minute=0):
    """A moment of the first day, on the clocks of Brussels (UTC+1)."""
    return datetime(2026, 12, 8, hour - 1, minute, tzinfo=UTC)


@dataclass
class Fair:
    """What the fixture ``fair`` made."""

    cast: Cast
    meeting: Meeting
    others: Meeting
    opening: AgendaSession
    workshop: AgendaSession
    free_slot: Slot


@pytest.fixture
def fair(cast):
    """The fair with its agenda and two meetings."""
    with transaction():
        slots = factories.make_slots(cast.event, 8, 30)
        (table,) = factories.make_places(cast.event, 1)
        opening, workshop = (
            agenda.add_session(cast.event, given, cast.olga)
            for given in (
                SessionInput("Opening", "plenary", at(9), at(9) + timedelta(hours=1)),
                SessionInput("Workshop", "talk", at(14), at(15), has_sign_up=True),
            )
        )
        agenda.publish(cast.event, "", cast.olga)
        agenda.sign_up(workshop, cast.ana)
        dora = factories.make_participant(cast.event, factories.make_user("Dora Dahl"))
        return Fair(
            cast,
            factories.make_meeting(factories.make_request(cast.ana, cast.ben), slots[4], table),
            factories.make_meeting(factories.make_request(cast.ben, dora), slots[5], table),
            opening,
            workshop,
            slots[6],
        )
