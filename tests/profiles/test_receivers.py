"""What profiles tell the pages of registrations, and what they do without an organisation."""

import pytest

from matchmaker.db import db, transaction
from matchmaker.profiles import queries, services
from matchmaker.profiles.content import Content
from matchmaker.profiles.errors import ProfileChanged
from matchmaker.registrations.facts import Fact, facts_about
from tests import factories
from tests.conftest import NOW

FULL = Content(
    description="x" * 80, offers=("a", "b"), needs=("c", "d"), topics=("machine_vision",), sectors=("28",),
    wanted_sectors=("62",), cooperation=("licence",), languages=("en",), tags_offered=("welding",), tags_needed=("vision",),
)  # fmt: skip


def profile_facts(app, participant):
    with app.test_request_context():
        return [fact for fact in facts_about(participant) if fact.term == "Profile"]


def test_the_most_useful_step_is_named(app, cast):
    with transaction():
        services.save(cast.ana, Content(offers=("Robots",)), 1)

    assert profile_facts(app, cast.ana) == [
        Fact(
            "Profile",
            "20 % complete. Add a need: what are you looking for? One sentence is enough.",
            "Complete your profile",
            "profiles.edit",
        )
    ]


def test_a_complete_profile_needs_no_step(app, cast):
    with transaction():
        services.save(cast.ana, FULL, 1)

    assert profile_facts(app, cast.ana) == [Fact("Profile", "100 % complete")]


def test_events_without_meetings_have_no_profiles_to_fill(app, cast):
    with transaction():
        cast.event.has_meetings = False

    assert profile_facts(app, cast.ana) == []


def test_people_without_profile_have_no_fact(app, cast):
    with transaction():
        db.session.delete(queries.profile_of(cast.ana))

    assert profile_facts(app, cast.ana) == []


def test_people_without_organisation_write_profiles_too(cast):
    with transaction():
        loner = factories.make_participant(cast.event, organisation_id=None)
        profile = services.save(loner, FULL, 1)

    assert profile.search_text.startswith("person ")


def test_the_time_of_change_moves_with_what_matching_reads_only(cast):
    def save(**values):
        with transaction():
            profile = queries.profile_of(cast.ana)
            services.save(cast.ana, Content(offers=("A", "B"), **values), profile.version)

    save(topics=("machine_vision", "plc_control"))
    with transaction():
        queries.profile_of(cast.ana).texts_changed_at = NOW.replace(year=2025)
    save(topics=("plc_control", "machine_vision"))
    same = queries.profile_of(cast.ana).texts_changed_at.year
    save(topics=("plc_control", "machine_vision"), is_visible=False)

    assert (same, queries.profile_of(cast.ana).texts_changed_at.year) == (2025, 2026)


def test_a_version_that_moves_under_our_hands_is_a_clash(cast, monkeypatch):
    """What PostgreSQL can do between reading and writing, and SQLite can't."""
    real = services._search_text

    def meanwhile(*arguments):
        db.session.execute(db.text("UPDATE profile SET version = version + 1"))
        return real(*arguments)

    monkeypatch.setattr(services, "_search_text", meanwhile)

    with pytest.raises(ProfileChanged), transaction():
        services.save(cast.ana, FULL, 1)
