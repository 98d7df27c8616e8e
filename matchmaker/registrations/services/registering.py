"""What participants do themselves: register, change, cancel."""

from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matchmaker import audit, jobs
from matchmaker.accounts.models import Membership, MembershipState, User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import Conflict, Invalid
from matchmaker.events import queries as event_queries
from matchmaker.events.models import Event, Mode, RegistrationRule
from matchmaker.registrations import notices, queries
from matchmaker.registrations.errors import (
    AddressNotConfirmed,
    AlreadyRegistered,
    NotInvited,
    RegistrationClosed,
    WrongState,
)
from matchmaker.registrations.models import Participant, ParticipantState
from matchmaker.registrations.naming import state_name
from matchmaker.registrations.services import places
from matchmaker.registrations.signals import participant_left


class RegistrationValues(NamedTuple):
    """What a participant says: for which organisation (``None``: for nobody), how, and a message to the organiser.

    ``online_days``: the days (ISO) on which somebody who comes to a hybrid event takes part online.
    """

    organisation_id: int | None = None
    mode: str = Mode.ONLINE
    note: str = ""
    online_days: tuple[str, ...] = ()


def register(event_id: int, values: RegistrationValues, by: User) -> Participant:
    """Register a user: confirmed, pending or waiting, as the rule and the places of the event say.

    Whoever cancelled may register again and queues anew. Invited people need no approval. Raises
    ``RegistrationClosed``, ``AlreadyRegistered``, ``NotInvited``, ``AddressNotConfirmed`` or ``Invalid``.
    """
    event = event_queries.locked(event_id)
    if not by.is_confirmed:
        raise AddressNotConfirmed
    if not event.registration_is_open(now()):
        raise RegistrationClosed
    invitation = queries.invitation_for(event_id, by)
    if event.registration == RegistrationRule.INVITATION and invitation is None:
        raise NotInvited(by.email)
    participant = _row(event, values, by)
    if invitation is not None:
        invitation.accepted_at = invitation.accepted_at or now()
    if event.registration == RegistrationRule.APPROVAL and invitation is None:
        outcome = "received"
    else:
        outcome = "registered" if places.seat_or_wait(event, participant) else "waiting"
    audit.record(by, "participant.registered", subject(participant), event_id, {"state": str(participant.state)})
    jobs.enqueue(notices.tell, participant.id, outcome, notices.stamp())
    return participant


def change(participant_id: int, values: RegistrationValues, by: User) -> Participant:
    """Change organisation, way of taking part and message of one's own registration."""
    participant = _own(participant_id, by)
    if participant.state not in (ParticipantState.PENDING, ParticipantState.CONFIRMED, ParticipantState.WAITING):
        raise WrongState(state_name(participant.state))
    _apply(participant, participant.event, values, by)
    audit.record(by, "participant.changed", subject(participant), participant.event_id)
    return participant


def cancel(participant_id: int, by: User) -> Participant:
    """Cancel one's own registration: frees the place, in the same transaction, for whoever has waited longest."""
    participant = _own(participant_id, by)
    event = participant.event
    if participant.state in (ParticipantState.CANCELLED, ParticipantState.DECLINED, ParticipantState.ATTENDED):
        raise WrongState(state_name(participant.state))
    if event.ends_at <= now():
        raise Conflict(_("The event is over."))
    leave(participant, ParticipantState.CANCELLED)
    places.fill(event)
    audit.record(by, "participant.cancelled", subject(participant), event.id)
    jobs.enqueue(notices.tell, participant.id, "cancelled", notices.stamp())
    return participant


def leave(participant: Participant, state: ParticipantState) -> None:
    """Take a participant's place away, if it has one, and tell the other capabilities."""
    was_active = participant.is_active
    if was_active:
        queries.hold(
            participant.event_id
        )  # partners lose meetings too; one after the other they might be locked in a circle
    participant.state, participant.decided_at, participant.checked_in_at = state, now(), None
    db.session.flush()
    if was_active:
        participant_left.send(participant)


def subject(participant: Participant) -> str:
    """Return what the audit trail calls a participant."""
    return f"participant {participant.id}"


def _row(event: Event, values: RegistrationValues, by: User) -> Participant:
    participant = queries.participant_of(event.id, by)
    if participant is not None and participant.state != ParticipantState.CANCELLED:
        raise AlreadyRegistered
    participant = participant or Participant(event_id=event.id, user_id=by.id)
    _apply(participant, event, values, by)
    participant.state, participant.registered_at = ParticipantState.PENDING, now()
    participant.decided_at, participant.decision_reason = None, ""
    try:
        with db.session.begin_nested():
            db.session.add(participant)
            db.session.flush()
    except IntegrityError as error:
        raise AlreadyRegistered from error
    return participant


def _apply(participant: Participant, event: Event, values: RegistrationValues, by: User) -> None:
    if values.organisation_id is not None and not _represents(by, values.organisation_id):
        raise Invalid(_("Choose an organisation that you belong to."), field="organisation")
    participant.organisation_id = values.organisation_id
    participant.mode = values.mode if event.mode == Mode.HYBRID else event.mode
    participant.online_days = list(values.online_days) if _comes(participant, event) else []
    participant.note = values.note


def _comes(participant: Participant, event: Event) -> bool:
    return event.mode == Mode.HYBRID and participant.mode == Mode.ON_SITE


def _represents(user: User, organisation_id: int) -> bool:
    query = db.select(Membership.id).where(
        Membership.user_id == user.id,
        Membership.organisation_id == organisation_id,
        Membership.state == MembershipState.ACTIVE,
    )
    return db.session.scalar(query) is not None


def _own(participant_id: int, by: User) -> Participant:
    participant = db.session.get_one(Participant, participant_id, populate_existing=True)
    event_queries.locked(participant.event_id)
    db.session.refresh(participant)  # as it is now that nobody else can change it
    if participant.user_id != by.id:
        raise AssertionError("a view gave away somebody else's registration")
    return participant
