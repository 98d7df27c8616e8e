"""Editing and publishing an agenda, and signing up for its sessions."""

from matchmaker.agenda.services.editing import (
    SessionInput,
    add_room,
    add_session,
    change_session,
    remove_room,
    remove_session,
    start_from_usual,
)
from matchmaker.agenda.services.publishing import differences, publish
from matchmaker.agenda.services.signing_up import leave, leave_all, sign_up
from matchmaker.agenda.services.zones import keep_wall_clock

__all__ = [
    "SessionInput",
    "add_room",
    "add_session",
    "change_session",
    "differences",
    "keep_wall_clock",
    "leave",
    "leave_all",
    "publish",
    "remove_room",
    "remove_session",
    "sign_up",
    "start_from_usual",
]
