"""The event that the pages of scheduling are tested with."""

import pytest

from matchmaker.db import transaction
from tests.scheduling import planning


@pytest.fixture
def fair(cast):
    with transaction():
        planning.rules(cast.event, online_places=False)
        cast.slots = planning.slots(cast, places=2)
        cast.request = planning.agreed(cast.ana, cast.ben)
    return cast


@pytest.fixture
def olga(as_user, fair):
    return as_user(fair.olga)
