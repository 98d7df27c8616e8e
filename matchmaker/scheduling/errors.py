"""What can stand in the way of a scheduling run."""

from matchmaker.errors import Conflict, Invalid


class NothingToSchedule(Invalid):
    """No slots, or no accepted requests."""


class RunInProgress(Conflict):
    """One run at a time for each event."""


class NotADraft(Conflict):
    """The run is not finished, or was published or discarded already."""


class NotTrueYet(Conflict):
    """The draft of a what-if run assumes something that the event does not have."""


class PlanOutdated(Conflict):
    """Something the plan was made from has changed since; ``items`` has one sentence for each thing."""

    def __init__(self, message: str, items: list[str]) -> None:
        super().__init__(message)
        self.items = items
