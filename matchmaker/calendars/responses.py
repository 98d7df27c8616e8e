"""Calendars as answers to a browser or calendar program: files to keep, and bytes that stay the same until something changes."""

import hashlib
from datetime import datetime

from flask import Response, request

from matchmaker.ics import MEDIA_TYPE


def download(body: bytes, filename: str) -> Response:
    """Return a calendar as a file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{filename}.ics"'}
    return Response(body, content_type=MEDIA_TYPE, headers=headers)


def conditional(body: bytes, changed_at: datetime | None, cache_control: str) -> Response:
    """Return a calendar with a strong ETag over its bytes, or 304 for whoever has them already (RFC 9110, 13)."""
    response = Response(body, content_type=MEDIA_TYPE)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    if changed_at:
        response.last_modified = changed_at
    response.headers["Cache-Control"] = cache_control
    response.make_conditional(request)
    return response
