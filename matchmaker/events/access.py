"""Guard of the pages of organisers. Sets ``g.event``, ``g.is_organiser``."""

from typing import Any, cast

from flask import abort, g, request
from flask.typing import ResponseReturnValue

from matchmaker.accounts.access import optional_user
from matchmaker.accounts.sessions import ask_to_sign_in
from matchmaker.events import queries
from matchmaker.events.models import Event


def current_event() -> Event:
    """Return the event named in the address; call it only behind a guard."""
    return cast("Event", g.event)


def load_event() -> None:
    """Find the event named in the address, or answer 404."""
    arguments: dict[str, Any] = request.view_args or {}
    event = queries.event_by_slug(str(arguments.get("slug", "")))
    if event is None:
        abort(404)
    g.event = event
    g.is_organiser = queries.is_organiser(event.id, optional_user())


def need_organiser() -> ResponseReturnValue | None:
    """Let organisers of the event and administrators pass.

    Others see 403 where the event is public anyway, else 404; without sign-in, the sign-in page.
    """
    if optional_user() is None:
        return ask_to_sign_in()
    load_event()
    if not g.is_organiser:
        abort(403 if g.event.is_published and g.event.visibility == "public" else 404)
    return None
