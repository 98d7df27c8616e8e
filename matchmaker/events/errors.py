"""What can go wrong with events."""

from flask_babel import lazy_gettext as _

from matchmaker.errors import Conflict, Invalid, NotAllowed


class SlugTaken(Conflict):
    """Another event has this address."""

    def __init__(self, slug: str, free: str) -> None:
        text = _("Another event has the address “%(slug)s”. “%(free)s” is free.", slug=slug, free=free)
        super().__init__(str(text), field="slug")


class Stale(Conflict):
    """Somebody else saved the event since the form was opened."""

    def __init__(self, version: int) -> None:
        text = _(
            "Somebody else changed this event while you were editing. Everything you typed is still here. Compare it "
            "with the event as it is now; saving again replaces their changes with yours."
        )
        super().__init__(str(text))
        self.version = version


class NotReady(Invalid):
    """The event lacks what it needs before people may see it; ``missing`` are sentences."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = missing


class TeamOfOrganisersOnly(NotAllowed):
    """A co-organiser may do everything but change the team."""

    def __init__(self) -> None:
        super().__init__(str(_("Only organisers change the team. You are a co-organiser of this event.")))


class LastOrganiser(Conflict):
    """An event keeps at least one organiser."""

    def __init__(self) -> None:
        text = _("This is the only organiser of the event. Make somebody else an organiser first.")
        super().__init__(str(text))
