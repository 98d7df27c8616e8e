"""Reading recommendations: the list of one participant, the fit of two, who looks for what, and feedback."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func

from matchmaker.db import db
from matchmaker.meetings.models import LIVE_STATES, Meeting, MeetingRequest, Rating, RequestState
from matchmaker.meetings.queries import Bond, request_state_of
from matchmaker.profiles import queries as profiles
from matchmaker.profiles.content import Content
from matchmaker.profiles.models import Profile
from matchmaker.recommendations.fit import GIVES, SOME, Fit, Pair, level_of
from matchmaker.recommendations.models import (
    Feedback,
    FeedbackKind,
    MatchingSettings,
    MatchRun,
    Question,
    QuestionKind,
    Recommendation,
    RunState,
)
from matchmaker.registrations.models import Participant

_ASKED = 0.5
_ANSWERED = {RequestState.ACCEPTED: 0.75, RequestState.DECLINED: -0.75}


class Partner(NamedTuple):
    """Another participant as one participant sees it."""

    person: Participant
    content: Content
    fit: Fit | None
    request: Bond | None
    set_aside: str | None  # kind of feedback

    @property
    def has_live_request(self) -> bool:
        """Whether one has asked the other and it is open or accepted."""
        return self.request is not None and self.request.state in LIVE_STATES

    @property
    def country(self) -> str:
        """Country code of the organisation, or empty."""
        return self.person.organisation.country if self.person.organisation else ""

    @property
    def kind(self) -> str:
        """Kind of the organisation, or empty."""
        return self.person.organisation.kind if self.person.organisation else ""


class Seeker(NamedTuple):
    """Somebody who looks for one of my offers; ``pair``: my offer and their need."""

    person: Participant
    gives: float
    pair: Pair
    request: Bond | None

    @property
    def level(self) -> str:
        """How well I have what they need, in a word (a key)."""
        return level_of(self.gives)

    @property
    def has_live_request(self) -> bool:
        """Whether one has asked the other and it is open or accepted."""
        return self.request is not None and self.request.state in LIVE_STATES


class Hit(NamedTuple):
    """What was found by meaning: the sentence that met the question, on which side, and how likely it is meant."""

    chance: float
    side: str
    text: str

    @property
    def level(self) -> str:
        """How close it is, in a word (a key)."""
        return level_of(self.chance)


class Similar(NamedTuple):
    """Who offers the same as somebody, once the question is answered."""

    question: Question
    people: list[tuple[Participant, Hit]]


def newest_finished_run(event_id: int) -> MatchRun | None:
    """Return the run whose recommendations are shown."""
    query = db.select(MatchRun).where(MatchRun.event_id == event_id, MatchRun.state == RunState.DONE)
    return db.session.scalar(query.order_by(MatchRun.id.desc()).limit(1))


def reruns_itself(event_id: int) -> bool:
    """Whether the matching of an event runs again by itself when profiles change."""
    chosen = db.session.scalar(db.select(MatchingSettings.is_automatic).where(MatchingSettings.event_id == event_id))
    return chosen is not False


def settings_of(event_id: int) -> MatchingSettings:
    """Return what an event decided; one that decided nothing gets the defaults, not stored."""
    stored = db.session.get(MatchingSettings, event_id)
    return stored or MatchingSettings(event_id=event_id, is_automatic=True, policy={}, version=0)


def suggestions(participant: Participant) -> list[Partner]:
    """Return all partners recommended to a participant, best first, those set aside included."""
    query = profiles.listed_participants(participant.event_id)
    rows = db.session.execute(
        query.join(Recommendation, Recommendation.other_id == Participant.id)
        .where(Recommendation.participant_id == participant.id)
        .order_by(Recommendation.rank)
        .add_columns(Recommendation)
    ).all()
    fits = {person.id: Fit.of(row) for person, row in rows}
    return as_partners(participant, [person for person, _row in rows], fits)


def as_partners(
    participant: Participant, people: Collection[Participant], fits: dict[int, Fit] | None = None
) -> list[Partner]:
    """Return people with everything a card shows: a constant number of statements however many."""
    ids = [person.id for person in people]
    fits = fits_with(participant, ids) if fits is None else fits
    contents = profiles.contents(ids)
    marks = request_state_of(participant, ids)
    aside = feedback_on(participant, ids)
    return [Partner(p, contents.get(p.id, Content()), fits.get(p.id), marks.get(p.id), aside.get(p.id)) for p in people]


def fits_with(participant: Participant, other_ids: Collection[int]) -> dict[int, Fit]:
    """Return how well others fit a participant, by other; also where only they have the participant in their list."""
    mine = (Recommendation.participant_id == participant.id) & Recommendation.other_id.in_(other_ids)
    theirs = (Recommendation.other_id == participant.id) & Recommendation.participant_id.in_(other_ids)
    fits: dict[int, Fit] = {}
    for row in db.session.scalars(db.select(Recommendation).where(mine | theirs)):
        if row.participant_id == participant.id:
            fits[row.other_id] = Fit.of(row)
        else:
            fits.setdefault(row.participant_id, Fit.turned(row))
    return fits


def seekers(participant: Participant, offers: Collection[str]) -> dict[str, list[Seeker]]:
    """Return who looks for each of a participant's ``offers``, the best answered need first.

    What was met by something else than these sentences, such as the description, stands under the empty text.
    """
    mine = db.select(Recommendation.other_id).where(Recommendation.participant_id == participant.id)
    theirs = db.select(Recommendation.participant_id).where(Recommendation.other_id == participant.id)
    query = profiles.listed_participants(participant.event_id).where(
        Participant.id.in_(mine) | Participant.id.in_(theirs), Participant.id != participant.id
    )
    people = list(db.session.scalars(query))
    ids = [person.id for person in people]
    fits, marks = fits_with(participant, ids), request_state_of(participant, ids)
    found: dict[str, list[Seeker]] = {offer: [] for offer in (*offers, "")}
    served = [person for person in people if fits[person.id].gives >= SOME]
    for person in sorted(served, key=lambda person: (-fits[person.id].gives, person.id)):
        met = set()
        for pair in fits[person.id].pairs_of(GIVES):
            offer = pair.mine if pair.mine in found else ""
            if offer not in met:  # the strongest pair says enough
                found[offer].append(Seeker(person, fits[person.id].gives, pair, marks.get(person.id)))
            met.add(offer)
    return found


def newest_change(event_id: int) -> datetime | None:
    """Return when a profile of the event was last changed in a way that matters for matching."""
    of_event = db.select(Participant.id).where(Participant.event_id == event_id)
    return db.session.scalar(db.select(func.max(Profile.texts_changed_at)).where(Profile.participant_id.in_(of_event)))


def question_of(participant: Participant, kind: QuestionKind) -> Question | None:
    """Return the newest question by meaning of a kind that a participant asked."""
    mine = db.select(Question).where(Question.participant_id == participant.id, Question.kind == kind)
    return db.session.scalar(mine.execution_options(populate_existing=True))


def hits_of(question: Question | None) -> dict[int, Hit]:
    """Return what a question found, by participant; nothing while there is no answer."""
    found = question.answer.get("hits", []) if question and question.is_answered else []
    return {hit["id"]: Hit(hit["chance"], hit["side"], hit["text"]) for hit in found}


def listed_people(event_id: int, participant_ids: Collection[int]) -> list[Participant]:
    """Return those of several participants who may be seen."""
    return list(db.session.scalars(profiles.listed_participants(event_id).where(Participant.id.in_(participant_ids))))


def listed_person(event_id: int, participant_id: int) -> Participant | None:
    """Return another participant of the event who may be seen."""
    return db.session.scalar(profiles.listed_participants(event_id).where(Participant.id == participant_id))


def opinions_of_event(event_id: int) -> dict[tuple[int, int], float]:
    """Return what participants think of others, from -1 to 1, by (who, about whom); the strongest kind of word counts.

    Asking is a weak word, an answer a stronger one, "not relevant" and a rating after the meeting the strongest.
    """
    said: dict[tuple[int, int], float] = {}
    requests = db.select(MeetingRequest.sender_id, MeetingRequest.receiver_id, MeetingRequest.state)
    for sender, receiver, state in db.session.execute(
        requests.where(MeetingRequest.event_id == event_id).order_by(MeetingRequest.id)
    ):
        said[sender, receiver] = _ASKED
        if state in _ANSWERED:
            said[receiver, sender] = _ANSWERED[state]
    aside = db.select(Feedback.participant_id, Feedback.other_id)
    of_event = aside.join(Participant, Participant.id == Feedback.participant_id).where(
        Participant.event_id == event_id
    )
    for by, about in db.session.execute(of_event.where(Feedback.kind == FeedbackKind.NOT_RELEVANT)):
        said[by, about] = -1.0
    ratings = db.select(Rating.participant_id, Meeting.first_id, Meeting.second_id, Rating.stars).join(Rating.meeting)
    rated = ratings.where(Meeting.event_id == event_id, Rating.stars.is_not(None))
    for by, first, second, stars in db.session.execute(rated):
        said[by, second if by == first else first] = (stars - 3) / 2
    return said


def feedback_on(participant: Participant, other_ids: Collection[int]) -> dict[int, str]:
    """Return what a participant said about others, by other."""
    rows = db.session.execute(
        db.select(Feedback.other_id, Feedback.kind).where(
            Feedback.participant_id == participant.id, Feedback.other_id.in_(other_ids)
        )
    )
    return dict(rows.all())
