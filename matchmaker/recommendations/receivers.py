"""What matching does when the floors below announce something."""

from typing import Any

from matchmaker.profiles import queries as profiles
from matchmaker.profiles.signals import hints_asked, profile_changed
from matchmaker.recommendations import meaning, queries, runs
from matchmaker.recommendations.hints import question_about
from matchmaker.recommendations.models import QuestionKind
from matchmaker.registrations.models import Participant
from matchmaker.registrations.signals import participant_confirmed, participant_left


def connect() -> None:
    """Connect the receivers; connecting again changes nothing."""
    for change in (profile_changed, participant_confirmed, participant_left):
        change.connect(match_again)
    profile_changed.connect(ask_for_hints)
    hints_asked.connect(stored_hints)


def match_again(participant: Participant, **_more: Any) -> None:
    """Run the matching again when a profile changed, or somebody came or left."""
    runs.rerun(participant.event)


def ask_for_hints(participant: Participant, **_more: Any) -> None:
    """Find out what the saved lines match, so that the page tells it without a script, too."""
    content = profiles.content_of(participant)
    if participant.is_active and (content.offers or content.needs):
        meaning.ask(participant, QuestionKind.HINTS, question_about(content))


def stored_hints(participant: Participant, **_more: Any) -> list[dict[str, Any]]:
    """Return what the newest answer says about the lines of a profile."""
    question = queries.question_of(participant, QuestionKind.HINTS)
    return list(question.answer.get("lines", [])) if question and question.is_answered else []
