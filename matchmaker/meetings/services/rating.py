"""What people say about a meeting afterwards."""

from typing import NamedTuple

from flask_babel import gettext as _

from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import Conflict, Invalid
from matchmaker.meetings import queries
from matchmaker.meetings.models import Meeting, MeetingState, Rating
from matchmaker.meetings.services.seating import lock
from matchmaker.registrations.models import Participant
from matchmaker.vocabulary import terms


class RatingInput(NamedTuple):
    """One side's word on a meeting; ``outcome`` is a code of the vocabulary ``outcomes`` or empty."""

    took_place: bool
    stars: int | None
    outcome: str
    comment: str
    note: str


def rate(meeting: Meeting, participant: Participant, said: RatingInput) -> Rating:
    """Store or replace what one of the two says, from the end of the meeting on.

    The meeting counts as missed when nobody says that it took place, as held otherwise. Stars and outcome of a meeting
    that did not take place are dropped.
    """
    lock((meeting.first_id, meeting.second_id))
    db.session.refresh(meeting)
    if not meeting.is_live or meeting.slot.ends_at > now():
        raise Conflict(_("A meeting can be rated once it is over."))
    if said.outcome and said.outcome not in terms("outcomes"):
        raise Invalid(_("Please choose an outcome from the list."), field="outcome")
    rating = queries.rating_of(meeting, participant)
    if rating is None:
        rating = Rating(meeting_id=meeting.id, participant_id=participant.id)
        db.session.add(rating)
    rating.took_place, rating.rated_at = said.took_place, now()
    rating.stars = said.stars if said.took_place else None
    rating.outcome = said.outcome if said.took_place else ""
    rating.comment, rating.note = said.comment.strip(), said.note.strip()
    db.session.flush()
    held = any(each.took_place for each in queries.ratings_of_meeting(meeting))
    meeting.state = MeetingState.HELD if held else MeetingState.MISSED
    return rating
