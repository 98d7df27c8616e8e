"""When a participant can meet."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.meetings import queries
from matchmaker.meetings.errors import Occupied
from matchmaker.meetings.models import Seat, SeatKind
from matchmaker.meetings.services.seating import lock, sync_sessions
from matchmaker.registrations.models import Participant
from matchmaker.web.times import local_datetime


def set_availability(participant: Participant, shown: Collection[int], free: Collection[int]) -> int:
    """Block the future slots of ``shown`` that are not in ``free``, unblock the others; return how many are blocked.

    Slots that were not shown stay as they are. A slot with a meeting can't be blocked: Occupied lists those meetings
    and nothing is changed. A slot with an agenda session is occupied already.
    """
    lock([participant.id])
    seats = queries.seats_of(participant)
    future = {slot.id for slot in queries.slots_of(participant.event_id) if slot.starts_at > now()}
    concerned = future & set(shown)
    to_block = concerned - set(free)
    _refuse_meetings(participant, [seats[slot_id] for slot_id in to_block if slot_id in seats])
    unblocked = [s.id for s in seats.values() if s.kind == SeatKind.UNAVAILABLE and s.slot_id in concerned - to_block]
    if unblocked:
        db.session.execute(delete(Seat).where(Seat.id.in_(unblocked)).execution_options(synchronize_session="fetch"))
    for slot_id in sorted(to_block - set(seats)):
        db.session.add(Seat(participant_id=participant.id, slot_id=slot_id, kind=SeatKind.UNAVAILABLE))
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:  # pragma: no cover - the lock keeps others out
        raise Occupied(_("One of the slots was taken in this moment. Please try again."), []) from error
    sync_sessions([participant.id])
    return sum(slot_id in to_block or seats[slot_id].kind == SeatKind.UNAVAILABLE for slot_id in to_block)


def _refuse_meetings(participant: Participant, seats: list[Seat]) -> None:
    zone = participant.event.timezone
    booked = sorted(
        (seat.slot.starts_at, seat.meeting.other(participant.id).display_name) for seat in seats if seat.meeting
    )
    if booked:
        raise Occupied(
            _("You have a meeting in a slot that you wanted to block. Cancel or move the meeting first."),
            [f"{local_datetime(moment, zone)}: {name}" for moment, name in booked],
        )
