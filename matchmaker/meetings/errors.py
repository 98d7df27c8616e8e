"""What can go wrong with requests and meetings. Every message is a sentence for the person who asked."""

from collections.abc import Sequence

from matchmaker.errors import Conflict


class SlotTaken(Conflict):
    """One of the two is occupied in the slot by now, or its last place is gone."""


class AlreadyAsked(Conflict):
    """The two have a live request; ``request_id`` names it, ``by_other`` says that it can be accepted."""

    def __init__(self, message: str, request_id: int, *, by_other: bool) -> None:
        super().__init__(message)
        self.request_id = request_id
        self.by_other = by_other


class Occupied(Conflict):
    """A change would take away what meetings use; ``items`` lists those meetings, a line each."""

    def __init__(self, message: str, items: Sequence[str]) -> None:
        super().__init__(message)
        self.items = list(items)


class PlanRefused(Conflict):
    """A plan can't be published as it is; ``items`` says why, a line each. Nothing was changed."""

    def __init__(self, message: str, items: Sequence[str]) -> None:
        super().__init__(message)
        self.items = list(items)
