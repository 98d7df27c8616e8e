"""The errors of the library. Whoever catches `MatchingError` catches every mistake of the caller."""


class MatchingError(Exception):
    """Base of every error that this library raises on purpose."""
