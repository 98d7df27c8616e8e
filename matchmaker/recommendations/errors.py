"""What can go wrong with matching runs and recommendations."""

from flask_babel import gettext as _

from matchmaker.errors import Conflict, Invalid


class RunInProgress(Conflict):
    """One run at a time for each event."""

    def __init__(self) -> None:
        super().__init__(_("A matching run of this event is under way. Please wait until it has finished."))


class RulesChanged(Conflict):
    """Somebody else saved the rules since the form was opened."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed these rules meanwhile. Compare, then save again."))


class NothingToSetAside(Invalid):
    """Only others can be set aside."""

    def __init__(self) -> None:
        super().__init__(_("You can't set yourself aside."))
