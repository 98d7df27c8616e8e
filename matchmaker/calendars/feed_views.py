"""Feeds for calendar programs: whoever knows the secret in the address reads one itinerary. No page, no cookie."""

from contextlib import suppress

from flask import Blueprint, Response, request
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from matchmaker import ics
from matchmaker.accounts.sessions import hash_token
from matchmaker.calendars import queries, services
from matchmaker.calendars.entries import itinerary_entries
from matchmaker.calendars.models import CalendarFeed
from matchmaker.calendars.responses import conditional
from matchmaker.db import transaction
from matchmaker.web import Access, guard
from matchmaker.web.limits import limit

blueprint = Blueprint("calendar_feeds", __name__, url_prefix="/calendar")
guard(blueprint, Access.TOKEN)
CACHE = "private, max-age=300"


def _one_token() -> str:
    return "calendar " + hash_token(str((request.view_args or {}).get("token", "")))


@blueprint.errorhandler(404)
@blueprint.errorhandler(429)
def plain_error(error: HTTPException) -> Response:
    """Answer programs in plain text; an error page would set a cookie."""
    when = [header for header in error.get_headers() if header[0] == "Retry-After"]
    return Response(f"{error.code} {error.name}\n", status=error.code, mimetype="text/plain", headers=when)


@blueprint.after_request
def keep_secret(response: Response) -> Response:
    """Keep the address out of search engines and of what other sites get to see."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/<token>.ics")
@limit("120 per hour", key=_one_token)
def show(token: str) -> Response:
    """Return the itinerary behind a secret; unknown and revoked ones are the same 404."""
    feed = queries.feed_by_token(token)
    if feed is None:
        return Response("404 Not Found\n", status=404, mimetype="text/plain")
    participant = feed.participant
    with force_locale(participant.user.locale):  # the same bytes, whatever language a program asks for
        entries = itinerary_entries(participant, with_open=request.args.get("open") != "hide")
    body = ics.feed(entries, participant.event.name, participant.event.timezone)
    response = conditional(body, queries.changed_at(participant) or feed.created_at, CACHE)
    _note_read(feed)
    return response


def _note_read(feed: CalendarFeed) -> None:
    feed_id = feed.id
    if services.is_read_due(feed):
        # The calendar matters more than this note: a busy database must not keep anybody from reading.
        with suppress(OperationalError), transaction():
            services.note_read(feed_id)
