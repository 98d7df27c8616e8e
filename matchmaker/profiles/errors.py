"""What can go wrong with a profile."""

from flask_babel import gettext as _

from matchmaker.errors import Conflict


class ProfileChanged(Conflict):
    """The profile was saved elsewhere since this form was opened."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This profile was saved in another window since you opened the form. "
                "What you typed is still here; saving again replaces the other version."
            )
        )
