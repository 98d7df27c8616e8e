"""Profiles of participants: what they bring and seek, how complete that is. Matching and the directory read them."""

from typing import Any

from flask import Flask

from matchmaker.registrations.models import Participant
from matchmaker.registrations.signals import facts_asked, participant_confirmed


def init_app(app: Flask) -> None:
    """Register the pages and make a profile for everybody who may take part."""
    from matchmaker.profiles import facts, organiser_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(organiser_views.blueprint)
    participant_confirmed.connect(_make_profile)
    facts_asked.connect(facts.facts_of)


def _make_profile(sender: Participant, **_: Any) -> None:
    from matchmaker.profiles import services

    services.ensure_profile(sender)
