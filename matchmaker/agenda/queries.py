"""Reading agendas. Times are UTC; ``AgendaItem`` is a session as published or as drafted, ready for pages."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.agenda.models import AgendaSession, AgendaVersion, Room, SessionSignUp, Speaker
from matchmaker.db import db
from matchmaker.registrations.models import Participant


class AgendaItem(NamedTuple):
    """One session as people see it; ``speakers`` are (name, organisation)."""

    id: int
    uid: str
    sequence: int
    changed_at: datetime
    title: str
    kind: str
    description: str
    starts_at: datetime
    ends_at: datetime
    room: str
    join_link: str
    capacity: int | None
    has_sign_up: bool
    speakers: tuple[tuple[str, str], ...]

    def day(self, zone: str) -> date:
        """The day on which it starts, in ``zone``."""
        return self.starts_at.astimezone(ZoneInfo(zone)).date()


def sessions_of(event_id: int) -> Sequence[AgendaSession]:
    """Return the sessions of the draft agenda in order of time, with rooms and speakers."""
    query = (
        db.select(AgendaSession)
        .where(AgendaSession.event_id == event_id)
        .options(joinedload(AgendaSession.room), selectinload(AgendaSession.speakers))
        .order_by(AgendaSession.starts_at, AgendaSession.id)
    )
    return db.session.scalars(query).all()


def session_of(event_id: int, session_id: int) -> AgendaSession | None:
    """Return one session of this event."""
    query = db.select(AgendaSession).where(AgendaSession.event_id == event_id, AgendaSession.id == session_id)
    return db.session.scalar(query.options(selectinload(AgendaSession.speakers)))


def sessions_in(room_id: int) -> Sequence[AgendaSession]:
    """Return the drafted sessions in a room."""
    return db.session.scalars(db.select(AgendaSession).where(AgendaSession.room_id == room_id)).all()


def rooms_of(event_id: int) -> Sequence[Room]:
    """Return the rooms of an event in their order."""
    return db.session.scalars(db.select(Room).where(Room.event_id == event_id).order_by(Room.position, Room.name)).all()


def room_of(event_id: int, room_id: int) -> Room | None:
    """Return one room of this event."""
    return db.session.scalar(db.select(Room).where(Room.event_id == event_id, Room.id == room_id))


def speakers_named(event_id: int, names: Sequence[str]) -> dict[str, Speaker]:
    """Return the speakers of an event that have one of these names."""
    query = db.select(Speaker).where(Speaker.event_id == event_id, Speaker.name.in_(names))
    return {speaker.name: speaker for speaker in db.session.scalars(query)}


def versions_of(event_id: int) -> Sequence[AgendaVersion]:
    """Return the published versions, newest first."""
    query = db.select(AgendaVersion).where(AgendaVersion.event_id == event_id)
    query = query.options(joinedload(AgendaVersion.published_by))
    return db.session.scalars(query.order_by(AgendaVersion.number.desc())).all()


def newest_version(event_id: int) -> AgendaVersion | None:
    """Return the version that participants see."""
    query = db.select(AgendaVersion).where(AgendaVersion.event_id == event_id)
    return db.session.scalar(query.order_by(AgendaVersion.number.desc()).limit(1))


def published_items(event_id: int) -> list[AgendaItem]:
    """Return the published agenda in order of time; empty before the first publication."""
    version = newest_version(event_id)
    return [item_from(entry) for entry in version.content] if version else []


def item_of(session: AgendaSession) -> AgendaItem:
    """Return a drafted session as an item."""
    return AgendaItem(
        id=session.id, uid=session.uid, sequence=session.sequence, changed_at=session.changed_at,
        title=session.title, kind=session.kind, description=session.description,
        starts_at=session.starts_at, ends_at=session.ends_at, room=session.room.name if session.room else "",
        join_link=session.join_link, capacity=session.capacity, has_sign_up=session.has_sign_up,
        speakers=tuple((speaker.name, speaker.organisation) for speaker in session.speakers),
    )  # fmt: skip


def as_data(item: AgendaItem) -> dict[str, Any]:
    """Return an item as it is stored in a version."""
    times = {name: getattr(item, name).isoformat() for name in ("changed_at", "starts_at", "ends_at")}
    return {**item._asdict(), **times, "speakers": [list(speaker) for speaker in item.speakers]}


def item_from(data: dict[str, Any]) -> AgendaItem:
    """Read what ``as_data`` gave."""
    times = {name: datetime.fromisoformat(data[name]) for name in ("changed_at", "starts_at", "ends_at")}
    return AgendaItem(**{**data, **times, "speakers": tuple((name, org) for name, org in data["speakers"])})


def sign_up_counts(event_id: int) -> dict[int, int]:
    """Return how many people have signed up for each session of an event."""
    query = (
        db.select(SessionSignUp.agenda_session_id, func.count())
        .join(AgendaSession)
        .where(AgendaSession.event_id == event_id)
        .group_by(SessionSignUp.agenda_session_id)
    )
    return dict(db.session.execute(query).all())


def sessions_signed_up(participant_id: int) -> set[int]:
    """Return the ids of the sessions a participant has signed up for."""
    query = db.select(SessionSignUp.agenda_session_id).where(SessionSignUp.participant_id == participant_id)
    return set(db.session.scalars(query))


def sign_up_of(session_id: int, participant_id: int) -> SessionSignUp | None:
    """Return the sign-up of a participant for a session."""
    return db.session.scalar(
        db.select(SessionSignUp).where(
            SessionSignUp.agenda_session_id == session_id, SessionSignUp.participant_id == participant_id
        )
    )


def sign_ups_of(session_id: int) -> Sequence[SessionSignUp]:
    """Return who has signed up for a session, in order of time, with person and organisation."""
    person = joinedload(SessionSignUp.participant)
    query = db.select(SessionSignUp).where(SessionSignUp.agenda_session_id == session_id)
    query = query.options(person.joinedload(Participant.user), person.joinedload(Participant.organisation))
    return db.session.scalars(query.order_by(SessionSignUp.signed_up_at, SessionSignUp.id)).all()


def sign_ups_by(participant_id: int) -> Sequence[SessionSignUp]:
    """Return the sign-ups of a participant with their sessions."""
    query = db.select(SessionSignUp).where(SessionSignUp.participant_id == participant_id)
    return db.session.scalars(query.options(joinedload(SessionSignUp.agenda_session))).all()


def open_ids(event_id: int, moment: datetime) -> set[int]:
    """Return the ids of the sessions that have sign-up and have not begun; a session that was removed is not there."""
    query = db.select(AgendaSession.id).where(
        AgendaSession.event_id == event_id, AgendaSession.has_sign_up.is_(True), AgendaSession.starts_at > moment
    )
    return set(db.session.scalars(query))
