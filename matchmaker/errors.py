"""The errors of the domain and the HTTP status each one becomes. No Flask here."""


class DomainError(Exception):
    """Something a user asked for can't be done; the message is a sentence for that user."""

    status = 400

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(DomainError):
    """The user may not do this."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or none that this user may see."""

    status = 404


class Conflict(DomainError):
    """Somebody else was quicker, or the object is in another state by now."""

    status = 409


class Invalid(DomainError):
    """The input is understood but breaks a rule; ``field`` names the form field, if there is one."""

    status = 422
