"""What becomes of requests and meetings when somebody no longer takes part."""

from flask_babel import gettext as _

from matchmaker import jobs
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.meetings import notices, queries
from matchmaker.meetings.models import LIVE_STATES, MeetingRequest, MeetingState, RequestState
from matchmaker.meetings.services.booking import cancel
from matchmaker.registrations.models import Participant


def cancel_all_of(participant: Participant) -> int:
    """Cancel what has not begun of a participant who leaves, close their requests, and return the number of meetings.

    Requests they sent become withdrawn, those they received expired. Partners of agreements and meetings are told.
    """
    upcoming = [
        meeting
        for meeting in queries.meetings_of(participant)
        if meeting.state == MeetingState.SCHEDULED and meeting.slot.starts_at > now()
    ]
    for meeting in upcoming:
        cancel(meeting, by=participant, reason=_("No longer takes part."))
    for request in queries.requests_of(participant):
        if request.state in LIVE_STATES and not queries.live_meeting_of(request.id):
            _close(request, participant)
    db.session.flush()
    return len(upcoming)


def _close(request: MeetingRequest, participant: Participant) -> None:
    if request.state == RequestState.ACCEPTED:
        jobs.enqueue(notices.agreement_ended, request.id, request.other(participant.id).id)
    is_sender = request.sender_id == participant.id
    request.state = RequestState.WITHDRAWN if is_sender else RequestState.EXPIRED
    request.answered_at = now()
