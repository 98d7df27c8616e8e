"""What can stand in the way on an agenda."""

from matchmaker.errors import Conflict


class SessionFull(Conflict):
    """Every place of the session is taken."""


class NameTaken(Conflict):
    """Another room has this name."""


class NotOpenForSignUp(Conflict):
    """The session has no sign-up, has begun, or is not published."""


class ChangedMeanwhile(Conflict):
    """Somebody else changed the session since the form was opened."""


class PublishedMeanwhile(Conflict):
    """Somebody else published a version at the same moment."""
