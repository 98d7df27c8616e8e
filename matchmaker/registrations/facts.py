"""What other capabilities tell about a participant, gathered for the pages of registrations."""

from typing import NamedTuple

from matchmaker.registrations.models import Participant
from matchmaker.registrations.signals import facts_asked


class Fact(NamedTuple):
    """One line about a participant. ``step`` names what the participant can do about it, at the page ``endpoint``."""

    term: str
    text: str
    step: str = ""
    endpoint: str = ""


def facts_about(participant: Participant) -> list[Fact]:
    """Ask whoever knows something about ``participant``; in the order in which the capabilities were set up."""
    answers = facts_asked.send(participant)
    return [fact for _receiver, facts in answers for fact in facts or []]
