"""Reading meeting requests of participants and pairs."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.db import db
from matchmaker.meetings.models import LIVE_STATES, OPEN_STATES, MeetingRequest, RequestState
from matchmaker.meetings.queries.people import person
from matchmaker.registrations.models import ACTIVE_STATES, Participant


def _people() -> list[ORMOption]:
    """Both ends; not a constant, which would configure every mapper at the start of each command."""
    return person(MeetingRequest.sender, MeetingRequest.receiver)


class Bond(NamedTuple):
    """What there is between a participant and another one: the live request, else the latest."""

    request_id: int
    state: str
    is_mine: bool  # I sent it


class ResponseFigures(NamedTuple):
    """Requests a participant received and sent, and what became of them."""

    received: int
    answered: int
    sent: int
    accepted: int

    @property
    def answer_percent(self) -> int | None:
        """Share of the requests received that were answered; ``None`` before the first."""
        return round(100 * self.answered / self.received) if self.received else None

    @property
    def acceptance_percent(self) -> int | None:
        """Share of the requests sent that were accepted; ``None`` before the first."""
        return round(100 * self.accepted / self.sent) if self.sent else None


def request_for(participant: Participant, request_id: int) -> MeetingRequest | None:
    """Return a request that this participant sent or received."""
    query = db.select(MeetingRequest).where(MeetingRequest.id == request_id, _is_of(participant.id))
    return db.session.scalar(query.options(*_people()))


def requests_of(participant: Participant) -> list[MeetingRequest]:
    """Return everything this participant sent or received: highest priority first, then oldest first."""
    query = db.select(MeetingRequest).where(_is_of(participant.id)).options(*_people())
    return list(db.session.scalars(query.order_by(MeetingRequest.stars.desc(), MeetingRequest.id)))


def live_request_between(first_id: int, second_id: int) -> MeetingRequest | None:
    """Return the one request of a pair that is open or accepted, whoever sent it."""
    query = db.select(MeetingRequest).where(_is_pair(first_id, second_id), MeetingRequest.state.in_(LIVE_STATES))
    return db.session.scalar(query.options(*_people()))


def latest_between(sender_id: int, receiver_id: int) -> MeetingRequest | None:
    """Return the newest request that one sent to the other."""
    query = db.select(MeetingRequest).where(
        MeetingRequest.sender_id == sender_id, MeetingRequest.receiver_id == receiver_id
    )
    return db.session.scalar(query.order_by(MeetingRequest.id.desc()).limit(1))


def request_state_of(participant: Participant, other_ids: Collection[int]) -> dict[int, Bond]:
    """Return what there is between a participant and each of the others, in one statement; strangers are left out."""
    if not other_ids:
        return {}
    mine, ids = participant.id, list(other_ids)
    query = (
        db.select(MeetingRequest.id, MeetingRequest.state, MeetingRequest.sender_id, MeetingRequest.receiver_id)
        .where(
            or_(
                and_(MeetingRequest.sender_id == mine, MeetingRequest.receiver_id.in_(ids)),
                and_(MeetingRequest.receiver_id == mine, MeetingRequest.sender_id.in_(ids)),
            )
        )
        .order_by(MeetingRequest.id)
    )
    bonds: dict[int, Bond] = {}
    for request_id, state, sender_id, receiver_id in db.session.execute(query):
        other = receiver_id if sender_id == mine else sender_id
        if other not in bonds or bonds[other].state not in LIVE_STATES:
            bonds[other] = Bond(request_id, state, sender_id == mine)
    return bonds


def accepted_requests(event_id: int) -> list[MeetingRequest]:
    """Return the accepted requests of an event between people who take part: what a schedule has to place."""
    active = db.select(Participant.id).where(Participant.event_id == event_id, Participant.state.in_(ACTIVE_STATES))
    query = db.select(MeetingRequest).where(
        MeetingRequest.event_id == event_id,
        MeetingRequest.state == RequestState.ACCEPTED,
        MeetingRequest.sender_id.in_(active),
        MeetingRequest.receiver_id.in_(active),
    )
    return list(db.session.scalars(query.options(*_people()).order_by(MeetingRequest.id)))


def open_sent(participant_id: int) -> int:
    """Return how many requests sent are still open: what counts against the budget."""
    query = db.select(func.count(MeetingRequest.id)).where(
        MeetingRequest.sender_id == participant_id, MeetingRequest.state.in_(OPEN_STATES)
    )
    return db.session.scalar(query) or 0


def open_received(participant_id: int) -> int:
    """Return how many requests received wait for an answer."""
    query = db.select(func.count(MeetingRequest.id)).where(
        MeetingRequest.receiver_id == participant_id, MeetingRequest.state.in_(OPEN_STATES)
    )
    return db.session.scalar(query) or 0


def response_figures(participant: Participant, requests: Collection[MeetingRequest]) -> ResponseFigures:
    """Count the requests of a participant (as ``requests_of`` gives them); withdrawn ones don't count."""
    counted = [request for request in requests if request.state != RequestState.WITHDRAWN]
    received = [request for request in counted if request.receiver_id == participant.id]
    sent = [request for request in counted if request.sender_id == participant.id]
    return ResponseFigures(
        received=len(received),
        answered=sum(request.state in (RequestState.ACCEPTED, RequestState.DECLINED) for request in received),
        sent=len(sent),
        accepted=sum(request.state == RequestState.ACCEPTED for request in sent),
    )


def _is_of(participant_id: int) -> ColumnElement[bool]:
    return or_(MeetingRequest.sender_id == participant_id, MeetingRequest.receiver_id == participant_id)


def _is_pair(first_id: int, second_id: int) -> ColumnElement[bool]:
    low, high = sorted((first_id, second_id))
    return and_(MeetingRequest.low_id == low, MeetingRequest.high_id == high)
