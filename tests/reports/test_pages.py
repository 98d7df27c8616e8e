"""The dashboard and the figures of organisers."""

import pytest

from matchmaker.db import transaction
from matchmaker.registrations.models import ParticipantState
from tests import factories

MANAGE = "/events/fair/manage"


def test_the_dashboard_says_how_much_is_done(cast, as_user):
    page = as_user(cast.olga).get(MANAGE).text

    assert 'aria-label="Done:"' in page
    assert 'aria-label="To do:"' in page
    assert " done</p>" in page


def test_the_figures_name_people_and_not_organisations_in_the_ring(cast, as_user):
    page = as_user(cast.olga).get(f"{MANAGE}/reports").text

    assert '<text class="soft" x="80" y="104" text-anchor="middle">people</text>' in page


@pytest.mark.parametrize(("count", "sentence"), [(1, "One is waiting for"), (2, "2 are waiting for")])
def test_the_dashboard_counts_who_waits_in_a_right_sentence(cast, as_user, count, sentence):
    with transaction():
        for participant in (cast.ana, cast.ben)[:count]:
            participant.state = ParticipantState.PENDING

    assert f"{sentence} your decision" in as_user(cast.olga).get(MANAGE).text


@pytest.mark.parametrize(
    ("count", "sentence"), [(1, "One accepted request has no meeting"), (2, "2 accepted requests have no meeting")]
)
def test_the_dashboard_counts_what_has_no_meeting_in_a_right_sentence(cast, as_user, count, sentence):
    with transaction():
        others = [factories.make_participant(cast.event, factories.make_user(name)) for name in ("Dora Doe", "Eva Ek")]
        for other in others[:count]:
            factories.make_request(cast.ana, other, state="accepted")

    assert sentence in as_user(cast.olga).get(MANAGE).text
