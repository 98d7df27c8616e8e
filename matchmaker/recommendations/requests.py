"""The state of meeting requests, as the partner pages show it. The only place here that reads the tables of meetings."""

from collections.abc import Collection
from dataclasses import dataclass

from matchmaker.db import db
from matchmaker.meetings.models import LIVE_STATES, MeetingRequest, RequestState

_SHOWN = (*LIVE_STATES, RequestState.DECLINED)


@dataclass(frozen=True)
class RequestMark:
    """Where the request between me and another stands; ``is_mine``: I sent it."""

    request_id: int
    state: str
    is_mine: bool

    @property
    def is_live(self) -> bool:
        """Whether there is no point in asking (again) now."""
        return self.state in LIVE_STATES


def request_marks(participant_id: int, other_ids: Collection[int]) -> dict[int, RequestMark]:
    """Return by other participant the newest request between the two that is open, accepted or declined."""
    mine = (MeetingRequest.sender_id == participant_id) & MeetingRequest.receiver_id.in_(other_ids)
    theirs = (MeetingRequest.receiver_id == participant_id) & MeetingRequest.sender_id.in_(other_ids)
    rows = db.session.scalars(
        db.select(MeetingRequest)
        .where(mine | theirs, MeetingRequest.state.in_(_SHOWN))
        .order_by(MeetingRequest.created_at, MeetingRequest.id)
    )
    marks: dict[int, RequestMark] = {}
    for row in rows:
        is_mine = row.sender_id == participant_id
        marks[row.receiver_id if is_mine else row.sender_id] = RequestMark(row.id, row.state, is_mine)
    return marks
