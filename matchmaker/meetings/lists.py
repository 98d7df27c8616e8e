"""What list pages and exports show: a participant's board of requests, and the columns of the files."""

from typing import Any, NamedTuple

from flask_babel import gettext as _

from matchmaker import vocabulary
from matchmaker.events.models import Event
from matchmaker.meetings import queries
from matchmaker.meetings.models import Meeting, MeetingRequest, RequestState
from matchmaker.registrations.models import Participant
from matchmaker.web import Column, whole_numbers
from matchmaker.web.times import local


class Board(NamedTuple):
    """Everything a participant asked and was asked. ``meetings``: live meeting by request."""

    pending: list[MeetingRequest]  # received, to be answered; "later" ones last
    outgoing: list[MeetingRequest]  # sent and open
    agreed: list[MeetingRequest]  # accepted by either; those without a meeting first
    closed: list[MeetingRequest]
    meetings: dict[int, Meeting]
    figures: queries.ResponseFigures


def board_of(participant: Participant) -> Board:
    """Sort the requests of a participant: a constant number of statements."""
    every = queries.requests_of(participant)
    pending = [each for each in every if each.is_open and each.receiver_id == participant.id]
    agreed = [each for each in every if each.state == RequestState.ACCEPTED]
    meetings = queries.meetings_of_requests([each.id for each in agreed])
    undated = [each for each in agreed if each.id not in meetings]
    dated = sorted((each for each in agreed if each.id in meetings), key=lambda each: meetings[each.id].slot.starts_at)
    return Board(
        pending=sorted(pending, key=lambda each: each.state == RequestState.LATER),
        outgoing=[each for each in every if each.is_open and each.sender_id == participant.id],
        agreed=undated + dated,
        closed=[each for each in every if not each.is_open and each.state != RequestState.ACCEPTED],
        meetings=meetings,
        figures=queries.response_figures(participant, every),
    )


def own_columns(me: Participant) -> list[Column]:
    """Columns of a participant's own requests."""
    zone = me.event.timezone

    def other(each: MeetingRequest) -> Participant:
        return each.other(me.id)

    return [
        Column(_("Direction"), lambda each: _("sent") if each.sender_id == me.id else _("received")),
        Column(_("Name"), lambda each: other(each).display_name),
        *_organisation(_("Organisation"), other),
        Column(_("State"), lambda each: each.state),
        Column(_("Stars of the sender"), lambda each: each.stars),
        Column(_("Stars of the receiver"), lambda each: each.answer_stars),
        Column(_("Message"), lambda each: each.message),
        Column(_("Reason"), lambda each: each.reason),
        Column(_("Asked at"), lambda each: local(each.created_at, zone)),
    ]


def request_columns(event: Event) -> list[Column]:
    """Columns of the organiser's list of requests. Messages stay between the two."""
    return [
        Column(_("From"), lambda each: each.sender.display_name),
        *_organisation(_("Organisation of the sender"), lambda each: each.sender),
        Column(_("To"), lambda each: each.receiver.display_name),
        *_organisation(_("Organisation of the receiver"), lambda each: each.receiver),
        Column(_("State"), lambda each: each.state),
        Column(_("Stars of the sender"), lambda each: each.stars),
        Column(_("Stars of the receiver"), lambda each: each.answer_stars),
        Column(_("Asked at"), lambda each: local(each.created_at, event.timezone)),
        Column(_("Answered at"), lambda each: local(each.answered_at, event.timezone) if each.answered_at else ""),
    ]


def meeting_columns(event: Event) -> list[Column]:
    """Columns of the organiser's list of meetings; times on the event's wall clock, with their offset."""
    return [
        Column(_("Starts"), lambda each: local(each.slot.starts_at, event.timezone)),
        Column(_("Ends"), lambda each: local(each.slot.ends_at, event.timezone)),
        Column(_("Place"), lambda each: each.place.name if each.place else ""),
        Column(_("State"), lambda each: each.state),
        Column(_("Locked"), lambda each: _("yes") if each.is_locked else _("no")),
        Column(_("First"), lambda each: each.first.display_name),
        *_organisation(_("Organisation of the first"), lambda each: each.first),
        Column(_("Second"), lambda each: each.second.display_name),
        *_organisation(_("Organisation of the second"), lambda each: each.second),
        Column(_("Reason of the cancellation"), lambda each: each.cancel_reason),
    ]


def _organisation(heading: str, who: Any) -> list[Column]:
    def name(row: Any) -> str:
        organisation = who(row).organisation
        return organisation.name if organisation else ""

    def country(row: Any) -> str:
        organisation = who(row).organisation
        return vocabulary.label("countries", organisation.country) if organisation and organisation.country else ""

    return [Column(heading, name), Column(_("Country"), country)]


def painted(shown_texts: list[str], free_texts: list[str], whole: str) -> tuple[frozenset[int], frozenset[int]]:
    """Read the painted grid: the slots that were shown, and those left free.

    A button for a whole day or block (``whole``: "on" or "off", a colon, slot ids) counts on top of the single boxes.
    """
    shown, free = _ids(shown_texts), _ids(free_texts)
    switch, _colon, ids = whole.partition(":")
    concerned = _ids(ids.split(",")) & shown
    if switch == "on":
        free |= concerned
    elif switch == "off":
        free -= concerned
    return shown, free & shown


def _ids(texts: list[str]) -> frozenset[int]:
    return frozenset(whole_numbers(texts))
