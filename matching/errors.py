"""What can go wrong in `matching`, as exceptions that carry facts and not only sentences.

An infeasible schedule or an empty list is a result, never an exception; these are for bad input and missing models.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Mistake(NamedTuple):
    """One mistake in the input: where (a JSON path) and what."""

    path: str
    message: str

    def __str__(self) -> str:
        """Show the mistake as one line."""
        return f"{self.path}: {self.message}" if self.path else self.message


class MatchingError(Exception):
    """Anything this library refuses to do."""


class InvalidInput(MatchingError):
    """Input with mistakes; `mistakes` holds all of them, not only the first."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        """Keep every mistake; the text of the exception is one line per mistake."""
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class InvalidProfile(InvalidInput):
    """A profile that can't be created."""


class InvalidPolicy(InvalidInput):
    """A policy with impossible numbers or unknown rules."""


class InvalidFile(InvalidInput):
    """A file that doesn't follow its format."""


class ModelUnavailable(MatchingError):
    """An embedding model that isn't installed, isn't complete or isn't the one expected."""
