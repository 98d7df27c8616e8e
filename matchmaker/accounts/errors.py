"""What can go wrong with accounts and organisations, as sentences for whoever tried."""

from flask_babel import lazy_gettext as _

from matchmaker.errors import Conflict, DomainError, Invalid, NotAllowed


class DeadLink(DomainError):
    """A mailed link that is forged, too old, used or replaced."""

    status = 410

    def __init__(self) -> None:
        super().__init__(str(_("This link was used before or is too old.")))


class WrongCredentials(NotAllowed):
    """Address and password do not belong together; which of them is wrong is not said."""

    def __init__(self) -> None:
        super().__init__(str(_("The address or the password is not right.")))


class NotConfirmed(NotAllowed):
    """The password is right, but the address was never confirmed."""

    def __init__(self) -> None:
        super().__init__(str(_("Please confirm your address first: follow the link in the mail we sent you.")))


class Disabled(NotAllowed):
    """The password is right, but an administrator has closed the account."""

    def __init__(self) -> None:
        super().__init__(str(_("This account is closed. Please ask the organiser.")))


class WrongPassword(Invalid):
    """The present password, asked for again before something important, is not right."""

    def __init__(self) -> None:
        super().__init__(str(_("This is not your present password.")), field="present")


class AddressTaken(Conflict):
    """Another account has this address."""

    def __init__(self) -> None:
        super().__init__(str(_("This address can't be used. If it is yours, sign in with it instead.")), field="email")


class StaleEdit(Conflict):
    """Somebody else saved the same thing meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            str(_("Somebody else saved this meanwhile. Nothing of yours is lost: compare, then save again."))
        )


class AlreadyMember(Conflict):
    """The person belongs to the organisation already, or has asked to."""

    def __init__(self) -> None:
        super().__init__(str(_("You belong to this organisation already, or your request is waiting for an answer.")))


class LastOwner(Conflict):
    """An organisation with members needs an owner."""

    def __init__(self) -> None:
        super().__init__(str(_("An organisation needs an owner. Make somebody else an owner first.")))


class LastAdministrator(Conflict):
    """An installation needs an administrator."""

    def __init__(self) -> None:
        super().__init__(str(_("This is the last administrator. Make somebody else an administrator first.")))


class NotOwner(NotAllowed):
    """Only owners of an organisation may do this."""

    def __init__(self) -> None:
        super().__init__(str(_("Only owners of the organisation may do this.")))


class SimilarExists(Conflict):
    """Organisations with nearly this name exist; ``found`` lists them."""

    def __init__(self, found: list[object]) -> None:
        super().__init__(str(_("Did you mean one of these?")))
        self.found = found
