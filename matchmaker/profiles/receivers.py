"""What profiles do when the floor below announces something."""

from typing import Any

from flask_babel import gettext as _

from matchmaker.profiles import queries, services
from matchmaker.profiles.completeness import COMPLETE, hints
from matchmaker.registrations.facts import Fact
from matchmaker.registrations.models import Participant
from matchmaker.registrations.signals import facts_asked, participant_confirmed


def connect() -> None:
    """Connect the receivers; connecting again changes nothing."""
    participant_confirmed.connect(make_profile)
    facts_asked.connect(profile_facts)


def make_profile(participant: Participant, **_more: Any) -> None:
    """Whoever may take part has a profile from then on."""
    services.ensure_profile(participant)


def profile_facts(participant: Participant, **_more: Any) -> list[Fact]:
    """Tell how complete a profile is and what would help most; nothing at events without meetings."""
    profile = queries.profile_of(participant)
    if profile is None or not participant.event.has_meetings:
        return []
    text = _("%(percent)s %% complete", percent=profile.completeness)
    if profile.completeness == COMPLETE:
        return [Fact(_("Profile"), text)]
    hint = str(hints(queries.content_of(participant))[0].hint)
    return [Fact(_("Profile"), f"{text}. {hint}", _("Complete your profile"), "profiles.edit")]
