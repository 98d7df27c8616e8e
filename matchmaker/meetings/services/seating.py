"""Seats: what occupies a participant in a slot. Locks, taking and freeing, and the seats of agenda sign-ups."""

from collections.abc import Collection, Iterable

from flask_babel import gettext as _
from sqlalchemy import delete

from matchmaker.agenda.models import AgendaSession, SessionSignUp
from matchmaker.db import db
from matchmaker.meetings import queries
from matchmaker.meetings.errors import SlotTaken
from matchmaker.meetings.models import Meeting, Seat, SeatKind, Slot
from matchmaker.registrations.models import Participant
from matchmaker.web.times import local_datetime


def lock(participant_ids: Iterable[int]) -> None:
    """Hold these participants until the end of the transaction, in order of id so that nobody waits in a circle.

    On SQLite there is one writer anyway. Everything that takes seats or counts a budget comes through here.
    """
    ids = sorted(set(participant_ids))
    mine = db.select(Participant.id).where(Participant.id.in_(ids)).order_by(Participant.id)
    db.session.execute(mine.with_for_update(key_share=True))


def take_seats(meeting: Meeting) -> None:
    """Seat both people in the slot of the meeting; the unique index refuses whoever is occupied (IntegrityError)."""
    for participant_id in (meeting.first_id, meeting.second_id):
        db.session.add(
            Seat(participant_id=participant_id, slot_id=meeting.slot_id, kind=SeatKind.MEETING, meeting_id=meeting.id)
        )
    db.session.flush()


def free_seats(meeting_ids: Collection[int]) -> None:
    """Free the seats of these meetings."""
    if meeting_ids:
        db.session.execute(
            delete(Seat).where(Seat.meeting_id.in_(list(meeting_ids))).execution_options(synchronize_session="fetch")
        )


def sync_sessions(participant_ids: Collection[int]) -> None:
    """Make the session seats of these participants agree with what they signed up for.

    A slot that a meeting holds can't be taken: SlotTaken names it. A slot that is blocked by the participant, or by
    another session, is taken already and stays as it is.
    """
    ids = list(participant_ids)
    if not ids:
        return
    lock(ids)
    db.session.execute(
        delete(Seat)
        .where(Seat.participant_id.in_(ids), Seat.kind == SeatKind.SESSION)
        .execution_options(synchronize_session="fetch")
    )
    taken = _meetings_by_seat(ids)
    for (participant_id, slot_id), session in _wanted(ids).items():
        if (participant_id, slot_id) not in taken:
            db.session.add(
                Seat(
                    participant_id=participant_id,
                    slot_id=slot_id,
                    kind=SeatKind.SESSION,
                    agenda_session_id=session.id,
                )
            )
        elif meeting_id := taken[participant_id, slot_id]:
            raise _clash(session, participant_id, meeting_id)
    db.session.flush()


def signed_up(agenda_session: AgendaSession) -> list[int]:
    """Return who signed up for a session or still has a seat for it."""
    signed = db.select(SessionSignUp.participant_id).where(SessionSignUp.agenda_session_id == agenda_session.id)
    seated = db.select(Seat.participant_id).where(Seat.agenda_session_id == agenda_session.id)
    return list(db.session.scalars(signed.union(seated)))


def _meetings_by_seat(participant_ids: list[int]) -> dict[tuple[int, int], int | None]:
    """(participant, slot) -> meeting in it, or ``None`` when something else occupies it."""
    query = db.select(Seat.participant_id, Seat.slot_id, Seat.meeting_id).where(
        Seat.participant_id.in_(participant_ids)
    )
    return {(participant, slot): meeting for participant, slot, meeting in db.session.execute(query)}


def _wanted(participant_ids: list[int]) -> dict[tuple[int, int], AgendaSession]:
    """(participant, slot) -> the first session signed up for that overlaps the slot."""
    query = (
        db.select(SessionSignUp.participant_id, Slot.id, AgendaSession)
        .join(AgendaSession, AgendaSession.id == SessionSignUp.agenda_session_id)
        .join(Slot, Slot.event_id == AgendaSession.event_id)
        .where(
            SessionSignUp.participant_id.in_(participant_ids),
            Slot.starts_at < AgendaSession.ends_at,
            AgendaSession.starts_at < Slot.ends_at,
        )
        .order_by(AgendaSession.starts_at, AgendaSession.id, Slot.starts_at)
    )
    wanted: dict[tuple[int, int], AgendaSession] = {}
    for participant_id, slot_id, session in db.session.execute(query):
        wanted.setdefault((participant_id, slot_id), session)
    return wanted


def _clash(session: AgendaSession, participant_id: int, meeting_id: int) -> SlotTaken:
    meeting = queries.meeting_in_event(session.event_id, meeting_id)
    if meeting is None:  # pragma: no cover - a seat holds its meeting
        raise LookupError(meeting_id)
    one, other = (meeting.first, meeting.second)
    if participant_id == meeting.second_id:
        one, other = other, one
    return SlotTaken(
        _(
            "%(session)s overlaps the meeting of %(one)s with %(other)s on %(moment)s. Cancel or move the meeting first.",
            session=session.title,
            one=one.display_name,
            other=other.display_name,
            moment=local_datetime(meeting.slot.starts_at, meeting.event.timezone),
        )
    )
