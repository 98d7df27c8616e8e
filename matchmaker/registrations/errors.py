"""What can go wrong with registrations."""

from flask_babel import lazy_gettext as _

from matchmaker.errors import Conflict, NotAllowed


class AlreadyRegistered(Conflict):
    """One person registers once for an event."""

    def __init__(self) -> None:
        super().__init__(str(_("You are registered for this event already.")))


class RegistrationClosed(Conflict):
    """Too late, cancelled, or not published."""

    def __init__(self) -> None:
        super().__init__(str(_("Registration for this event is closed.")))


class NotInvited(NotAllowed):
    """Registration by invitation, and this address has none."""

    def __init__(self, email: str) -> None:
        text = _("Registration is by invitation only, and %(email)s is not invited. Ask the organiser.", email=email)
        super().__init__(str(text))


class AddressNotConfirmed(NotAllowed):
    """The account has an address that nobody has confirmed."""

    def __init__(self) -> None:
        text = _("Confirm your e-mail address first: follow the link in the mail that we sent you.")
        super().__init__(str(text))


class EventFull(Conflict):
    """No place is free."""

    def __init__(self) -> None:
        super().__init__(str(_("All places are taken. Raise the number of places, or free one first.")))


class WrongState(Conflict):
    """The registration is in a state in which this can't be done (any more)."""

    def __init__(self, state: str) -> None:
        super().__init__(str(_("This can't be done: the registration is “%(state)s” by now.", state=state)))
