"""Reading participants and invitations. Everything of an organiser is scoped by the event."""

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_
from sqlalchemy.orm import aliased, contains_eager, joinedload

from matchmaker.accounts.models import Membership, MembershipState, Organisation, User
from matchmaker.audit import AuditEntry, entries_of
from matchmaker.db import db
from matchmaker.errors import NotFound
from matchmaker.events.models import Event, EventRole
from matchmaker.registrations.models import Invitation, Participant, ParticipantState
from matchmaker.web.folding import fold


def participant_of(event_id: int, user: User | None) -> Participant | None:
    """Return the registration of a user for an event, in whatever state."""
    if user is None:
        return None
    query = db.select(Participant).where(Participant.event_id == event_id, Participant.user_id == user.id)
    return db.session.scalar(query)


def is_invited(event_id: int, user: User | None) -> bool:
    """Whether the address of a user was invited to an event."""
    return invitation_for(event_id, user) is not None


def invitation_for(event_id: int, user: User | None) -> Invitation | None:
    """Return the invitation of a user's confirmed address to an event, if any."""
    if user is None or not user.is_confirmed:
        return None
    return db.session.scalar(
        db.select(Invitation).where(Invitation.event_id == event_id, Invitation.email == user.email)
    )


def visible_event_ids(user: User) -> set[int]:
    """Return the ids of the events a user is registered for or invited to."""
    registered = db.select(Participant.event_id).where(Participant.user_id == user.id)
    if not user.is_confirmed:
        return set(db.session.scalars(registered))
    invited = db.select(Invitation.event_id).where(Invitation.email == user.email)
    return set(db.session.scalars(registered.union(invited)))


def waiting_place(participant: Participant) -> int:
    """Return the place of a participant in the waiting list, from 1."""
    return waiting_places([participant])[participant.id]


def waiting_places(participants: Sequence[Participant]) -> dict[int, int]:
    """Return participant id -> place in the waiting list of its event, in one statement."""
    ids = [p.id for p in participants if p.state == ParticipantState.WAITING]
    if not ids:
        return {}
    mine, other = aliased(Participant), aliased(Participant)
    before = or_(
        other.registered_at < mine.registered_at, and_(other.registered_at == mine.registered_at, other.id <= mine.id)
    )
    query = (
        db.select(mine.id, func.count(other.id))
        .join(other, and_(other.event_id == mine.event_id, other.state == ParticipantState.WAITING, before))
        .where(mine.id.in_(ids))
        .group_by(mine.id)
    )
    return {id_: place for id_, place in db.session.execute(query)}  # noqa: C416 - rows are not tuples for dict()


def organisations_of(user: User) -> list[Organisation]:
    """Return the organisations that a user may represent."""
    query = db.select(Organisation).join(Membership, Membership.organisation_id == Organisation.id)
    mine = query.where(Membership.user_id == user.id, Membership.state == MembershipState.ACTIVE)
    return list(db.session.scalars(mine.order_by(Organisation.name)))


def registrations_of(user: User) -> list[Participant]:
    """Return the registrations of a user with their events, the next event first."""
    query = db.select(Participant).join(Participant.event).where(Participant.user_id == user.id)
    related = (contains_eager(Participant.event), joinedload(Participant.organisation))
    return list(db.session.scalars(query.options(*related).order_by(Event.starts_at, Event.id)))


def roles_of(user: User) -> list[EventRole]:
    """Return the roles of a user with their events in order of time."""
    query = db.select(EventRole).join(EventRole.event).where(EventRole.user_id == user.id)
    return list(db.session.scalars(query.options(contains_eager(EventRole.event)).order_by(Event.starts_at)))


def invitations_to(user: User) -> list[Invitation]:
    """Return the invitations of a user that are not used yet, to events that people may see."""
    if not user.is_confirmed:
        return []
    query = db.select(Invitation).join(Invitation.event).where(
        Invitation.email == user.email,
        Invitation.accepted_at.is_(None),
        Event.published_at.is_not(None),
        Event.cancelled_at.is_(None),
    )  # fmt: skip
    return list(db.session.scalars(query.options(contains_eager(Invitation.event)).order_by(Event.starts_at)))


class ParticipantFilter(NamedTuple):
    """What the list of participants is narrowed to; empty means all. ``sort``: a key of ``SORTS``, "-" before it turns it."""

    text: str = ""
    state: str = ""
    organisation_kind: str = ""
    country: str = ""
    sort: str = "name"


SORTS = {
    "name": (User.last_name, User.first_name),
    "organisation": (Organisation.name,),
    "country": (Organisation.country,),
    "state": (Participant.state,),
    "registered": (Participant.registered_at,),
}


def listed(event_id: int, chosen: ParticipantFilter) -> Select[tuple[Participant]]:
    """Return the participants of an event with person and organisation, narrowed and sorted."""
    query = (
        db.select(Participant)
        .join(Participant.user)
        .outerjoin(Participant.organisation)
        .where(Participant.event_id == event_id, *_conditions(chosen))
        .options(contains_eager(Participant.user), contains_eager(Participant.organisation))
    )
    columns = SORTS.get(chosen.sort.lstrip("-"), SORTS["name"])
    order = [column.desc() if chosen.sort.startswith("-") else column.asc() for column in columns]
    return query.order_by(*order, Participant.id)


def _conditions(chosen: ParticipantFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.state:
        found.append(Participant.state == chosen.state)
    if chosen.organisation_kind:
        found.append(Organisation.kind == chosen.organisation_kind)
    if chosen.country:
        found.append(Organisation.country == chosen.country)
    for word in chosen.text.split()[:8]:
        person = (User.first_name, User.last_name, User.email, Organisation.name)
        texts = [column.icontains(word, autoescape=True) for column in person]
        found.append(or_(Organisation.search_text.contains(fold(word), autoescape=True), *texts))
    return found


def state_counts(event_id: int) -> dict[str, int]:
    """Return how many registrations an event has in each state."""
    query = db.select(Participant.state, func.count()).where(Participant.event_id == event_id)
    found = {state: number for state, number in db.session.execute(query.group_by(Participant.state))}  # noqa: C416
    return {state.value: found.get(state.value, 0) for state in ParticipantState}


def countries(event_id: int) -> list[str]:
    """Return the countries of the organisations at an event."""
    query = (
        db.select(Organisation.country)
        .join(Participant, Participant.organisation_id == Organisation.id)
        .where(Participant.event_id == event_id, Organisation.country != "")
    )
    return sorted(set(db.session.scalars(query.distinct())))


def participant(event_id: int, participant_id: int) -> Participant:
    """Return one participant of an event. Raises ``NotFound``, also for participants of other events."""
    found = participants(event_id, [participant_id])
    if not found:
        raise NotFound(_("There is no such participant."))
    return found[0]


def participants(event_id: int, ids: Sequence[int]) -> list[Participant]:
    """Return those of the ids that are participants of this event, the longest registered first."""
    query = db.select(Participant).where(Participant.event_id == event_id, Participant.id.in_(ids))
    related = (joinedload(Participant.user), joinedload(Participant.organisation))
    return list(db.session.scalars(query.options(*related).order_by(Participant.registered_at, Participant.id)))


def hold(event_id: int) -> None:
    """Keep others from seating or freeing anybody at an event until the transaction ends, in order of id.

    For what changes the seats of people who are not known beforehand, such as all partners of somebody who leaves.
    """
    query = db.select(Participant.id).where(Participant.event_id == event_id).order_by(Participant.id)
    db.session.execute(query.with_for_update(key_share=True))


def history(participant: Participant) -> list[AuditEntry]:
    """Return what the audit trail says about a participant, newest first."""
    query = entries_of(participant.event_id).where(AuditEntry.subject == f"participant {participant.id}")
    return list(db.session.scalars(query))


def invitations(event_id: int) -> Select[tuple[Invitation]]:
    """Return the invitations to an event, open ones first."""
    query = db.select(Invitation).where(Invitation.event_id == event_id)
    return query.order_by(Invitation.accepted_at.is_not(None), Invitation.email)
