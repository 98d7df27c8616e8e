"""What matching does when the floors below announce something."""

from typing import Any

from matchmaker.profiles import queries as profiles
from matchmaker.profiles.signals import hints_asked, profile_changed
from matchmaker.recommendations import meaning, queries
from matchmaker.recommendations.hints import question_about
from matchmaker.recommendations.models import QuestionKind
from matchmaker.registrations.models import Participant


def connect() -> None:
    """Connect the receivers; connecting again changes nothing."""
    profile_changed.connect(ask_for_hints)
    hints_asked.connect(stored_hints)


def ask_for_hints(participant: Participant, **_more: Any) -> None:
    """Find out what the saved lines match, so that the page tells it without a script, too."""
    content = profiles.content_of(participant)
    if participant.is_active and (content.offers or content.needs):
        meaning.ask(participant, QuestionKind.HINTS, question_about(content))


def stored_hints(participant: Participant, **_more: Any) -> list[dict[str, Any]]:
    """Return what the newest answer says about the lines of a profile."""
    question = queries.question_of(participant, QuestionKind.HINTS)
    return list(question.answer.get("lines", [])) if question and question.is_answered else []
