"""Answers to questions by meaning, in the background: search, hints to a profile being written, similar profiles.

The participants of an event stay in the memory of the worker; only what changed since the last question is read anew.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from matchmaker import jobs
from matchmaker.db import db, transaction
from matchmaker.profiles import queries as profiles
from matchmaker.recommendations import bridge, services
from matchmaker.recommendations.engines import engine_of
from matchmaker.recommendations.models import Question, QuestionKind
from matchmaker.registrations.models import Participant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matching import CachedEmbedder
    from matching.population import Population
    from matching.search import Hit

MOST_FOUND = 200  # a search answers with so many
MOST_SIMILAR = 5
MOST_HITS = 3  # sentences shown below a line of the profile form
LEAST_CHANCE = 0.1  # that what was found is what was meant
_EVENTS_KEPT = 4


def ask(participant: Participant, kind: QuestionKind, content: dict[str, Any]) -> Question:
    """Ask in the present transaction; the answer is there already, or a job brings it."""
    question, is_new = services.ask(participant, kind, content)
    if is_new:
        jobs.enqueue(answer_question, question.id)
    return question


def mark_unanswered(question_id: int) -> None:
    """Note that the job of a question ended badly."""
    with transaction():
        services.give_up(question_id)


@jobs.task(interrupted=mark_unanswered)
def answer_question(question_id: int) -> None:
    """Answer a question, and whatever was asked meanwhile in its place."""
    from matching import CachedEmbedder

    while True:
        question = db.session.get(Question, question_id, populate_existing=True)
        if question is None or question.is_answered:
            db.session.rollback()
            return
        kind, content, digest = QuestionKind(question.kind), question.content, question.digest
        asker = question.participant
        me, event_id = asker.id, asker.event_id
        db.session.rollback()  # the transaction ends here
        app = jobs.current_job().app
        engine, is_fallback = engine_of(app)
        embedder = CachedEmbedder(engine, bridge.EmbeddingTable())
        model = engine.id if is_fallback else app.config["SETTINGS"].embedding_model
        asked = Asked(me, event_id, _standing.of(event_id, embedder), embedder, model, content)
        result = _ANSWERS[kind](asked)
        with transaction():
            is_newest = services.answer(question_id, digest, result, is_fallback=is_fallback)
        if is_newest:
            return


class Asked(NamedTuple):
    """Who asks what, and among whom."""

    participant_id: int
    event_id: int
    population: Population
    embedder: CachedEmbedder
    model: str  # as the settings name it
    content: dict[str, Any]

    @property
    def others(self) -> frozenset[str]:
        """The ids of everybody else who can be seen."""
        return frozenset(self.population.position) - {str(self.participant_id)}

    def chance(self, similarity: float) -> float:
        """How likely it is that two sentences of this similarity mean the same."""
        import numpy as np

        from matching.calibration import calibration_for

        return round(float(calibration_for(self.embedder.id).side.probability(np.array(similarity))), 3)


def _search(asked: Asked) -> dict[str, Any]:
    from matching.search import nearest

    vector = asked.embedder.encode([asked.content["text"]])[0]
    hits = nearest(asked.population, vector, asked.content["where"] or "whole", MOST_FOUND, asked.others)
    return {"hits": _as_data(asked, hits)}


def _similar(asked: Asked) -> dict[str, Any]:
    from matching.search import similar

    target = str(asked.content["of"])
    if target not in asked.population.position:
        return {"hits": []}
    hits = [hit for hit in similar(asked.population, target, MOST_SIMILAR + 1) if hit.id != str(asked.participant_id)]
    return {"hits": _as_data(asked, hits[:MOST_SIMILAR])}


def _as_data(asked: Asked, hits: Sequence[Hit]) -> list[dict[str, Any]]:
    found = ((hit, asked.chance(hit.similarity)) for hit in hits)
    return [
        {"id": int(hit.id), "chance": chance, "side": hit.side, "text": hit.text}
        for hit, chance in found
        if chance >= LEAST_CHANCE
    ]


def _hints(asked: Asked) -> dict[str, Any]:
    from matching.languages import unknown_language
    from matching.models import languages_of
    from matching.search import preview

    known = languages_of(asked.model)
    lines: list[dict[str, Any]] = []
    for side in ("offers", "needs"):
        texts = asked.content[side]
        for text, vector in zip(texts, asked.embedder.encode(texts), strict=True):
            seen = preview(asked.population, text, vector, side, MOST_HITS, asked.others)
            language = unknown_language(text, known)
            lines.append({
                "part": side,
                "text": text,
                "met": seen.met,
                "among": seen.among,
                "hint": seen.verdict.hint,
                "language": language.language if language else "",
                "hits": [hit.text for hit in seen.hits if asked.chance(hit.similarity) >= LEAST_CHANCE],
            })  # fmt: skip
    return {"lines": lines, "tags": {side: _tags(asked, side) for side in ("offers", "needs")}}


def _tags(asked: Asked, side: str) -> list[str]:
    from matching.tags import Vocabulary, suggest_tags

    vocabulary = Vocabulary.build(profiles.uses_of_tags(asked.event_id), asked.embedder)
    db.session.rollback()
    present = asked.content["tags"][side]
    return [each.tag for each in suggest_tags(asked.content[side], vocabulary, asked.embedder, present=present)]


_ANSWERS: dict[QuestionKind, Callable[[Asked], dict[str, Any]]] = {
    QuestionKind.SEARCH: _search,
    QuestionKind.HINTS: _hints,
    QuestionKind.SIMILAR: _similar,
}


class Standing:
    """The participants of a few events, encoded, as they stand in the database."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: OrderedDict[tuple[int, str], Population] = OrderedDict()
        self._lock = Lock()

    def of(self, event_id: int, embedder: CachedEmbedder) -> Population:
        """Return the participants of an event; built anew when one has changed, from texts that are mostly encoded."""
        from matching.population import Population

        loaded = bridge.load(event_id)
        db.session.rollback()
        key = (event_id, embedder.id)
        with self._lock:
            before = self._known.get(key)
        same = before is not None and set(before.profiles) == set(loaded.profiles)
        population = before if before is not None and same else Population.build(loaded.profiles, embedder)
        with self._lock:
            self._known[key] = population
            self._known.move_to_end(key)
            while len(self._known) > _EVENTS_KEPT:
                self._known.popitem(last=False)
        return population


_standing = Standing()
