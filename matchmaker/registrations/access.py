"""Guards of an event's pages for visitors and participants. They set ``g.event``, ``g.is_organiser``, ``g.participant``."""

from collections.abc import Callable
from typing import cast

from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import optional_user
from matchmaker.accounts.sessions import ask_to_sign_in
from matchmaker.errors import NotAllowed
from matchmaker.events.access import load_event
from matchmaker.events.models import Visibility
from matchmaker.registrations import queries
from matchmaker.registrations.models import Participant


def current_participant() -> Participant:
    """Return the participant who asks; call it only behind ``need_participant``."""
    return cast("Participant", g.participant)


def see_event() -> None:
    """Let pass whoever may see the event; others get 404.

    A draft is seen by its organisers; a closed event also by its participants and invited people.
    """
    load_event()
    user = optional_user()
    g.participant = queries.participant_of(g.event.id, user)
    if g.is_organiser:
        return
    if not g.event.is_published:
        abort(404)
    if g.event.visibility == Visibility.CLOSED and not g.participant and not queries.is_invited(g.event.id, user):
        abort(404)


def need_participant() -> ResponseReturnValue | None:
    """Let confirmed participants pass. Others who may see the event get 403, the rest 404 or the sign-in page."""
    return _need(lambda participant: participant.is_active)


def need_registration() -> ResponseReturnValue | None:
    """Let pass whoever is confirmed or may still be: they prepare meanwhile what others see later. Others as above."""
    return _need(lambda participant: participant.is_active or participant.is_hopeful)


def _need(fits: Callable[[Participant], bool]) -> ResponseReturnValue | None:
    if optional_user() is None:
        return ask_to_sign_in()
    see_event()
    if g.participant is None or not fits(g.participant):
        raise NotAllowed(_("This page is for confirmed participants of the event."))
    return None


def enter() -> ResponseReturnValue | None:
    """Guard of the pages of registrations: the overview is for whoever may see the event, the rest needs an account.

    Signing in comes first where it is needed, so that invited people are led through it to a closed event.
    """
    if request.endpoint != "registrations.show" and optional_user() is None:
        return ask_to_sign_in()
    if request.endpoint != "registrations.my_events":
        see_event()
    return None


def own_registration() -> Participant | None:
    """Return the registration of whoever asks, in whatever state; call it only behind a guard of this module."""
    return cast("Participant | None", g.participant)


def is_event_organiser() -> bool:
    """Whether whoever asks may organise the event; call it only behind a guard."""
    return bool(g.is_organiser)
