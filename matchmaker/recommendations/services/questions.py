"""Questions by meaning: asked by pages, answered by a job, because web processes don't load the language model.

One question of each kind for a participant; the newest counts, and at most one job of it waits or works.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.recommendations import queries
from matchmaker.recommendations.models import Question, QuestionKind
from matchmaker.registrations.models import Participant

LOST_AFTER = timedelta(seconds=60)  # without an answer for so long, another job is sent


def digest_of(content: dict[str, Any]) -> str:
    """Return what tells two questions apart."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def ask(participant: Participant, kind: QuestionKind, content: dict[str, Any]) -> tuple[Question, bool]:
    """Store a question, and say whether a job has to be sent for it (``meaning.ask`` does).

    An answer that still holds is kept: the same question, and no profile of the event has changed since.
    """
    question, digest = _own_row(participant, kind), digest_of(content)
    if question.digest == digest and question.is_answered and _still_holds(question, participant.event_id):
        return question, False
    is_under_way = question.asked_at is not None and not question.is_answered and now() < question.asked_at + LOST_AFTER
    question.content, question.digest, question.answered_digest = content, digest, ""
    if is_under_way:  # that job answers the newest question
        return question, False
    question.asked_at = now()
    db.session.flush()
    return question, True


def answer(question_id: int, digest: str, result: dict[str, Any], *, is_fallback: bool) -> bool:
    """Store the answer to a question; ``False`` if another was asked meanwhile, which is to be answered then."""
    question = _locked(question_id)
    if question is None or question.digest != digest:
        return question is None
    question.answer, question.answered_digest, question.answered_at = result, digest, now()
    question.is_fallback, question.is_failed = is_fallback, False
    return True


def give_up(question_id: int) -> None:
    """Note that no answer could be found, so that the page says so instead of waiting."""
    question = _locked(question_id)
    if question is not None:
        question.answered_digest, question.answered_at, question.is_failed = question.digest, now(), True
        question.answer = {}


def _still_holds(question: Question, event_id: int) -> bool:
    if question.answered_at is None:
        return False
    if question.is_failed:  # not asked again at once: the page that waits would go round in circles
        return now() < question.answered_at + LOST_AFTER
    changed = queries.newest_change(event_id)
    return changed is None or question.answered_at >= changed


def _own_row(participant: Participant, kind: QuestionKind) -> Question:
    """Return the row, locked; make it when there is none."""
    mine = db.select(Question).where(Question.participant_id == participant.id, Question.kind == kind)
    found = db.session.scalar(mine.with_for_update())
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            made = Question(participant_id=participant.id, kind=kind)
            db.session.add(made)
            db.session.flush()
    except IntegrityError:  # the same page opened twice at the same moment
        return db.session.scalars(mine.with_for_update()).one()
    return made


def _locked(question_id: int) -> Question | None:
    query = db.select(Question).where(Question.id == question_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))
