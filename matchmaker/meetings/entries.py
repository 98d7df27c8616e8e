"""Meetings as calendar entries. What clients make of them is the business of ``matchmaker.ics``."""

from flask_babel import gettext as _

from matchmaker.ics import CalendarEntry, Person
from matchmaker.mail import sender_address
from matchmaker.meetings.models import Meeting, MeetingState
from matchmaker.registrations.models import Participant
from matchmaker.web.links import absolute_url


def entry_of(meeting: Meeting, participant: Participant) -> CalendarEntry:
    """Return the entry of a meeting in the calendar of one of the two.

    The link of an online meeting is not in it: the page of the meeting, whose address is, shows it in time.
    """
    other = meeting.other(participant.id)
    url = absolute_url("meetings.show", slug=meeting.event.slug, meeting_id=meeting.id)
    organisation = f", {other.organisation.name}" if other.organisation else ""
    return CalendarEntry(
        uid=meeting.uid,
        sequence=meeting.sequence,
        changed_at=meeting.changed_at,
        starts_at=meeting.slot.starts_at,
        ends_at=meeting.slot.ends_at,
        title=_("Meeting with %(name)s%(organisation)s", name=other.display_name, organisation=organisation),
        description=_("%(event)s. Who, where and the link to join: %(url)s", event=meeting.event.name, url=url),
        location=where(meeting),
        url=url,
        organiser=Person(meeting.event.name, sender_address()),
        attendees=(person_of(participant),),
        cancelled=meeting.state == MeetingState.CANCELLED,
    )


def person_of(participant: Participant) -> Person:
    """Return name and address of a participant."""
    return Person(participant.display_name, participant.user.email)


def where(meeting: Meeting) -> str:
    """Return where a meeting takes place, in words; empty where that is not known."""
    if meeting.place is not None:
        return meeting.place.name
    return _("Online") if meeting.join_link else ""
