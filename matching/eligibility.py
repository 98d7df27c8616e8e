"""Who may meet whom: one function per rule, each for a block of pairs at once.

A rule returns True where two profiles must not be recommended to each other. All rules are symmetric. What is only
less useful is a matter of `scoring`, not of eligibility.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from matching.facets import Booleans, Facets
from matching.profiles import Profile

Rule = Callable[[Facets, slice, slice], Booleans]


def same_organisation(facets: Facets, rows: slice, columns: slice) -> Booleans:
    """Profiles of one organisation are never matched with each other, nor a profile with itself."""
    return np.asarray(facets.organisation[rows, None] == facets.organisation[None, columns])


def blocked(facets: Facets, rows: slice, columns: slice) -> Booleans:
    """Whoever blocked somebody isn't shown to that one either."""
    by_row = facets.blocked.meets(rows, facets.identity, columns)
    by_column = facets.identity.meets(rows, facets.blocked, columns)
    return by_row | by_column


def no_common_language(facets: Facets, rows: slice, columns: slice) -> Booleans:
    """Two sides that both named their languages need one in common; who named none is not excluded."""
    both = facets.languages.answered[rows, None] & facets.languages.answered[None, columns]
    return both & ~facets.languages.meets(rows, facets.languages, columns)


RULES: dict[str, Rule] = {
    "same_organisation": same_organisation,
    "blocked": blocked,
    "no_common_language": no_common_language,
}
FORBIDDEN = "forbidden"  # the caller's own pairs: already met, excluded by the organiser, no common free slot ...

REASONS = {
    "same_organisation": "Both belong to the same organisation.",
    "blocked": "One of them does not want to meet the other.",
    "no_common_language": "They share no language.",
    FORBIDDEN: "This pair was excluded.",
}


def excluded(
    facets: Facets, rules: Collection[str], forbidden: tuple[np.ndarray, np.ndarray], rows: slice, columns: slice
) -> Booleans:
    """Return where any of the rules forbids the pair; `forbidden` holds both orders of each pair as two index arrays."""
    mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), dtype=bool)
    for name in rules:
        mask |= RULES[name](facets, rows, columns)
    first, second = forbidden
    inside = (first >= rows.start) & (first < rows.stop) & (second >= columns.start) & (second < columns.stop)
    mask[first[inside] - rows.start, second[inside] - columns.start] = True
    return mask


def why_not(
    one: Profile,
    other: Profile,
    rules: Sequence[str] = tuple(RULES),
    forbidden: Collection[tuple[str, str]] = (),
) -> tuple[str, ...]:
    """Return the keys (see REASONS) of every rule that keeps these two apart; empty when they may meet."""
    facets = Facets.build([one, other])
    keys = [name for name in rules if RULES[name](facets, slice(0, 1), slice(1, 2))[0, 0]]
    if (one.id, other.id) in forbidden or (other.id, one.id) in forbidden:
        keys.append(FORBIDDEN)
    return tuple(keys)
