"""What profiles tell the pages of registrations about a participant."""

from typing import Any

from flask_babel import gettext as _

from matchmaker.db import db
from matchmaker.profiles.completeness import COMPLETE
from matchmaker.profiles.models import Profile
from matchmaker.registrations.facts import Fact
from matchmaker.registrations.models import Participant


def facts_of(participant: Participant, **_kwargs: Any) -> list[Fact]:
    """Return how complete the profile is, and completing it as the next step; nothing at events without meetings."""
    if not participant.event.has_meetings or not participant.is_active:
        return []
    query = db.select(Profile.completeness).where(Profile.participant_id == participant.id)
    percent = db.session.scalar(query) or 0
    step = _("Complete your profile") if percent < COMPLETE else ""
    return [Fact(_("Profile"), _("%(n)s %% complete", n=percent), step, "profiles.edit")]
