"""The verbs of registrations, in the caller's transaction.

Each locks the event first, so that places are counted by one at a time. ``places``: the waiting list; ``registering``:
what participants do; ``deciding`` and ``inviting``: what organisers do.
"""

from matchmaker.registrations.services.deciding import ACTIONS, BulkResult, decide, decide_many
from matchmaker.registrations.services.inviting import invite, parse_addresses, resend, revoke
from matchmaker.registrations.services.registering import RegistrationValues, cancel, change, register

__all__ = [
    "ACTIONS",
    "BulkResult",
    "RegistrationValues",
    "cancel",
    "change",
    "decide",
    "decide_many",
    "invite",
    "parse_addresses",
    "register",
    "resend",
    "revoke",
]
