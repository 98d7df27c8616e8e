"""What can stand in the way of a feed."""

from matchmaker.errors import Conflict


class TooManyFeeds(Conflict):
    """The participant has as many feeds as one person needs."""
