"""What organisers decide about registrations, one by one or many at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from matchmaker import audit, jobs
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import DomainError, Invalid
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event
from matchmaker.registrations import notices, queries
from matchmaker.registrations.errors import EventFull, WrongState
from matchmaker.registrations.models import Participant, ParticipantState
from matchmaker.registrations.naming import state_name
from matchmaker.registrations.services import places
from matchmaker.registrations.services.registering import leave, subject

LONGEST_REASON = 500


@dataclass
class BulkResult:
    """What came of deciding about many: how many it was done for, and who was left out and why."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def decide(event_id: int, participant_id: int, action: str, by: User, reason: str = "") -> Participant:
    """Do one of ``ACTIONS`` to one participant of an event; a place that becomes free goes to whoever waits.

    Raises ``NotFound``, ``WrongState`` or ``EventFull``.
    """
    event = event_queries.locked(event_id)
    participant = queries.participant(event_id, participant_id)
    db.session.refresh(participant)
    _apply(event, participant, action, reason, by)
    places.fill(event, except_ids=[participant.id])
    return participant


def decide_many(event_id: int, ids: Sequence[int], action: str, by: User, reason: str = "") -> BulkResult:
    """Do one of ``ACTIONS`` to many; those for whom it can't be done are named, the others are done."""
    event = event_queries.locked(event_id)
    result = BulkResult()
    for participant in queries.participants(event_id, ids):
        try:
            _apply(event, participant, action, reason, by)
        except DomainError as error:
            result.refused.append((participant.display_name, error.message))
        else:
            result.done += 1
    places.fill(event, except_ids=ids)  # only now, so that nobody is promoted who is about to be declined
    return result


def _apply(event: Event, participant: Participant, action: str, reason: str, by: User) -> None:
    if len(reason) > LONGEST_REASON:
        raise Invalid(_("The reason is longer than %(n)s characters.", n=LONGEST_REASON), field="reason")
    before = participant.state
    verb, allowed = ACTIONS[action]
    if before not in allowed:
        raise WrongState(state_name(before))
    verb(event, participant, reason)
    changes: dict[str, object] = {"state": [str(before), str(participant.state)]}
    if reason:
        changes["reason"] = reason
    audit.record(by, f"participant.{action}", subject(participant), event.id, changes)


def _approve(event: Event, participant: Participant, _reason: str) -> None:
    if places.has_room(event):
        places.confirm(participant)
        jobs.enqueue(notices.tell, participant.id, "approved", notices.stamp())
    elif participant.state == ParticipantState.PENDING:
        _to_waiting_list(participant)
    else:
        raise EventFull


def _decline(_event: Event, participant: Participant, reason: str) -> None:
    leave(participant, ParticipantState.DECLINED)
    participant.decision_reason = reason
    jobs.enqueue(notices.tell, participant.id, "declined", notices.stamp())


def _wait(_event: Event, participant: Participant, _reason: str) -> None:
    if participant.is_active:
        leave(participant, ParticipantState.WAITING)
        participant.registered_at = now()  # behind everybody who waits already
    _to_waiting_list(participant)


def _to_waiting_list(participant: Participant) -> None:
    participant.state, participant.decided_at = ParticipantState.WAITING, None
    db.session.flush()
    jobs.enqueue(notices.tell, participant.id, "waiting", notices.stamp())


def _check_in(_event: Event, participant: Participant, _reason: str) -> None:
    participant.state, participant.checked_in_at = ParticipantState.ATTENDED, now()


def _undo_check_in(_event: Event, participant: Participant, _reason: str) -> None:
    participant.state, participant.checked_in_at = ParticipantState.CONFIRMED, None


_S = ParticipantState
Verb = Callable[[Event, Participant, str], None]
# What can be done, and in which states.
ACTIONS: dict[str, tuple[Verb, tuple[ParticipantState, ...]]] = {
    "approve": (_approve, (_S.PENDING, _S.WAITING, _S.DECLINED)),
    "decline": (_decline, (_S.PENDING, _S.WAITING, _S.CONFIRMED)),
    "wait": (_wait, (_S.PENDING, _S.CONFIRMED)),
    "check_in": (_check_in, (_S.CONFIRMED,)),
    "undo_check_in": (_undo_check_in, (_S.ATTENDED,)),
}
