"""Mails about requests and meetings. Each may run twice: the key of a mail is stored once."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from matchmaker import ics, jobs
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.mail import Mail, queue_mail, render_mail
from matchmaker.meetings import queries
from matchmaker.meetings.entries import entry_of, person_of, where
from matchmaker.meetings.models import Meeting, MeetingRequest, RequestState
from matchmaker.meetings.queries.people import person
from matchmaker.registrations.models import Participant
from matchmaker.web.links import absolute_url
from matchmaker.web.times import local_datetime, zone_label

RETRIES = 5


@jobs.task(retries=RETRIES)
def request_received(receiver_id: int) -> None:
    """Tell somebody which requests wait for an answer: at most one mail an hour, however many come in."""
    with transaction():
        receiver = db.session.get(Participant, receiver_id)
        if receiver is None or not receiver.is_active:
            return
        waiting = [
            request
            for request in queries.requests_of(receiver)
            if request.receiver_id == receiver_id and request.state == RequestState.PENDING
        ]
        if not waiting:
            return
        hour = f"{now():%Y%m%d%H}"
        _send(
            receiver,
            f"requests-{receiver_id}-{hour}",
            _("%(n)s people would like to meet you", n=len(waiting))
            if len(waiting) > 1
            else _("%(name)s would like to meet you", name=waiting[0].sender.display_name),
            "request_received",
            requests=waiting,
            url=absolute_url("meetings.requests", slug=receiver.event.slug),
        )


@jobs.task(retries=RETRIES)
def request_answered(request_id: int) -> None:
    """Tell the sender that a request was accepted or declined."""
    with transaction():
        request = _request(request_id)
        if request is None or request.state not in (RequestState.ACCEPTED, RequestState.DECLINED):
            return
        name = request.receiver.display_name
        accepted = request.state == RequestState.ACCEPTED
        _send(
            request.sender,
            f"request-{request_id}-{request.state}",
            _("%(name)s would like to meet you too", name=name)
            if accepted
            else _("%(name)s declined your request", name=name),
            "request_answered",
            meeting_request=request,
            accepted=accepted,
            self_booking=queries.rules_of(request.event_id).self_booking,
            url=absolute_url("meetings.requests", slug=request.event.slug),
        )


@jobs.task(retries=RETRIES)
def agreement_ended(request_id: int, participant_id: int) -> None:
    """Tell one of two who had agreed to meet that the other one no longer can."""
    with transaction():
        request = _request(request_id)
        if request is None or request.state == RequestState.ACCEPTED:
            return
        told = request.sender if request.sender_id == participant_id else request.receiver
        other = request.other(participant_id)
        _send(
            told,
            f"request-{request_id}-ended-{participant_id}",
            _("%(name)s can't meet you any more", name=other.display_name),
            "agreement_ended",
            other=other,
            url=absolute_url("meetings.requests", slug=request.event.slug),
        )


@jobs.task(retries=RETRIES)
def meeting_confirmed(meeting_id: int, sequence: int) -> None:
    """Tell both people of a new meeting, with a calendar invitation."""
    _tell_both(meeting_id, sequence, "meeting_confirmed")


@jobs.task(retries=RETRIES)
def meeting_moved(meeting_id: int, sequence: int) -> None:
    """Tell both people of the new time or place; the invitation replaces the earlier one in their calendars."""
    _tell_both(meeting_id, sequence, "meeting_moved")


@jobs.task(retries=RETRIES)
def meeting_cancelled(meeting_id: int, sequence: int) -> None:
    """Tell both people that a meeting does not take place, and take it out of their calendars."""
    _tell_both(meeting_id, sequence, "meeting_cancelled")


def _tell_both(meeting_id: int, sequence: int, notice: str) -> None:
    """Send ``notice`` unless the meeting changed again since: then a later notice is on its way."""
    with transaction():
        meeting = db.session.scalar(
            db.select(Meeting).where(Meeting.id == meeting_id).options(*queries.meetings.whole())
        )
        if meeting is None or meeting.sequence != sequence:
            return
        for participant in (meeting.first, meeting.second):
            _tell(meeting, participant, notice)


def _tell(meeting: Meeting, participant: Participant, notice: str) -> None:
    other = meeting.other(participant.id)
    subjects = {
        "meeting_confirmed": _("Your meeting with %(name)s", name=other.display_name),
        "meeting_moved": _("Your meeting with %(name)s has moved", name=other.display_name),
        "meeting_cancelled": _("Your meeting with %(name)s is cancelled", name=other.display_name),
    }
    cancelled = notice == "meeting_cancelled"
    entry = entry_of(meeting, participant)
    write = ics.cancellation if cancelled else ics.invitation
    _send(
        participant,
        f"meeting-{meeting.id}-{meeting.sequence}-{participant.id}",
        subjects[notice],
        notice,
        calendar=write(entry, person_of(participant)),
        method="CANCEL" if cancelled else "REQUEST",
        meeting=meeting,
        other=other,
        by_me=meeting.cancelled_by_id == participant.id,
        by_other=meeting.cancelled_by_id == other.id,
        times=_times(meeting.slot.starts_at, participant),
        where=where(meeting),
        url=absolute_url("meetings.show", slug=meeting.event.slug, meeting_id=meeting.id),
    )


def _send(
    to: Participant,
    key: str,
    subject: str,
    template: str,
    *,
    calendar: bytes = b"",
    method: str = "REQUEST",
    **values: Any,
) -> None:
    event = to.event
    text, html = render_mail(f"meetings/mail/{template}", to=to, event=event, subject=subject, **values)
    queue_mail(
        Mail(
            key=key,
            to=to.user.email,
            subject=f"{subject} ({event.name})",
            text=text,
            html=html,
            event_id=event.id,
            calendar=calendar,
            method=method,
        )
    )


def _times(moment: datetime, participant: Participant) -> list[str]:
    """The moment in the event's zone and, where the clocks differ, in the participant's own."""
    zones = [participant.event.timezone, participant.user.timezone]
    shown = [local_datetime(moment, zone) for zone in zones]
    named = [f"{text} {zone_label(zone, moment)}" for text, zone in zip(shown, zones, strict=True)]
    return named if shown[0] != shown[1] else named[:1]


def _request(request_id: int) -> MeetingRequest | None:
    query = db.select(MeetingRequest).where(MeetingRequest.id == request_id)
    return db.session.scalar(query.options(*person(MeetingRequest.sender, MeetingRequest.receiver)))
