"""Who may be shown to whom: one function per rule, each for a block of pairs at once.

A rule returns True where two profiles must not be recommended to each other. All rules are symmetric, and where a fact
is not given nobody is kept apart for it. Which rules an event has on is in its `policy`. What is only less useful is a
matter of `scoring`; how a list is mixed is in `quotas`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching.facets import UNKNOWN, Booleans, Facets, folded_one
from matching.profiles import Profile

if TYPE_CHECKING:
    from matching.policy import Policy

Pairs = Collection[tuple[str, str]]
Places = tuple[NDArray[np.intp], NDArray[np.intp]]  # the two ends of pairs, each pair in both orders
Codes = NDArray[np.uint16]


@dataclass(frozen=True)
class Ground:
    """What the rules look at: the facets, which groups are kept apart, and pairs known by name of the rule."""

    facets: Facets
    apart: Booleans
    pairs: Mapping[str, Places]


Rule = Callable[[Ground, slice, slice], Booleans]


def same_organisation(ground: Ground, rows: slice, columns: slice) -> Booleans:
    """Profiles of one organisation are never matched with each other."""
    organisation = ground.facets.organisation
    return np.asarray(organisation[rows, None] == organisation[None, columns])


def blocked(ground: Ground, rows: slice, columns: slice) -> Booleans:
    """Whoever blocked somebody isn't shown to that one either."""
    facets = ground.facets
    by_row = facets.blocked.meets(rows, facets.identity, columns)
    by_column = facets.identity.meets(rows, facets.blocked, columns)
    return by_row | by_column


def no_common_language(ground: Ground, rows: slice, columns: slice) -> Booleans:
    """Two sides that both named their languages need one in common."""
    languages = ground.facets.languages
    both = languages.answered[rows, None] & languages.answered[None, columns]
    return both & ~languages.meets(rows, languages, columns)


def groups_apart(ground: Ground, rows: slice, columns: slice) -> Booleans:
    """Two groups of participants that the event keeps apart are not shown to each other."""
    group = ground.facets.group
    return np.asarray(ground.apart[group[rows, None], group[None, columns]])


def same_region(ground: Ground, rows: slice, columns: slice) -> Booleans:
    """Only partners from other regions are shown."""
    return _same(ground.facets.region, rows, columns)


def same_country(ground: Ground, rows: slice, columns: slice) -> Booleans:
    """Only partners from other countries are shown."""
    return _same(ground.facets.country, rows, columns)


def met_here(ground: Ground, rows: slice, columns: slice) -> Booleans:
    """Who met at this event is not shown again."""
    return _among(ground.pairs["met_here"], rows, columns)


def met_before(ground: Ground, rows: slice, columns: slice) -> Booleans:
    """Who met at an earlier event is not shown again."""
    return _among(ground.pairs["met_before"], rows, columns)


def forbidden(ground: Ground, rows: slice, columns: slice) -> Booleans:
    """Pairs that the caller excludes."""
    return _among(ground.pairs["forbidden"], rows, columns)


RULES: dict[str, Rule] = {
    "same_organisation": same_organisation,
    "blocked": blocked,
    "no_common_language": no_common_language,
    "groups_apart": groups_apart,
    "same_region": same_region,
    "same_country": same_country,
    "met_here": met_here,
    "met_before": met_before,
    "forbidden": forbidden,
}
ON = tuple(name for name in RULES if name not in ("same_region", "same_country"))  # where nothing else is decided

REASONS = {
    "same_organisation": "Both belong to the same organisation.",
    "blocked": "One of them does not want to meet the other.",
    "no_common_language": "They share no language.",
    "groups_apart": "Their groups are kept apart.",
    "same_region": "Both come from the same region.",
    "same_country": "Both come from the same country.",
    "met_here": "They have met at this event.",
    "met_before": "They have met at an earlier event.",
    "forbidden": "This pair was excluded.",
}


@dataclass(frozen=True)
class Eligibility:
    """The rules of one policy, ready to be asked about blocks of a population."""

    ground: Ground
    rules: tuple[str, ...]

    @classmethod
    def of(cls, facets: Facets, position: Mapping[str, int], policy: Policy) -> Eligibility:
        """Prepare what doesn't change from block to block; `position` says where each id stands."""
        pairs = {"met_here": policy.met_here, "met_before": policy.met_before, "forbidden": policy.forbidden}
        known = {name: _places(position, some) for name, some in pairs.items()}
        return cls(Ground(facets, _matrix(facets.groups, policy.groups_apart), known), policy.rules)

    def excluded(self, rows: slice, columns: slice) -> Booleans:
        """Return where any of the rules forbids the pair, and where both are the same profile."""
        mask = _itself(rows, columns)
        for name in self.rules:
            mask |= RULES[name](self.ground, rows, columns)
        return mask

    def broken(self, rows: slice, columns: slice) -> Codes:
        """Return which rules forbid each pair, as bits in the order of `rules`; nobody is asked about itself."""
        codes = np.zeros((rows.stop - rows.start, columns.stop - columns.start), dtype=np.uint16)
        for bit, name in enumerate(self.rules):
            codes |= RULES[name](self.ground, rows, columns).astype(np.uint16) << np.uint16(bit)
        codes[_itself(rows, columns)] = 0
        return codes


def why_not(one: Profile, other: Profile, policy: Policy | None = None) -> tuple[str, ...]:
    """Return the keys (see REASONS) of every rule that keeps these two apart; empty when they may meet."""
    from matching.policy import Policy

    facets = Facets.build([one, other])
    ground = Eligibility.of(facets, {one.id: 0, other.id: 1}, policy or Policy())
    return tuple(name for name in ground.rules if RULES[name](ground.ground, slice(0, 1), slice(1, 2))[0, 0])


def _itself(rows: slice, columns: slice) -> Booleans:
    return np.asarray(np.arange(rows.start, rows.stop)[:, None] == np.arange(columns.start, columns.stop)[None, :])


def _same(codes: NDArray[np.int64], rows: slice, columns: slice) -> Booleans:
    return np.asarray((codes[rows, None] == codes[None, columns]) & (codes[rows, None] != UNKNOWN))


def _among(places: Places, rows: slice, columns: slice) -> Booleans:
    mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), dtype=bool)
    first, second = places
    inside = (first >= rows.start) & (first < rows.stop) & (second >= columns.start) & (second < columns.stop)
    mask[first[inside] - rows.start, second[inside] - columns.start] = True
    return mask


def _places(position: Mapping[str, int], pairs: Pairs) -> Places:
    known = [(position[a], position[b]) for a, b in pairs if a in position and b in position]
    both = np.array([*known, *((b, a) for a, b in known)], dtype=np.intp).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _matrix(groups: Sequence[str], apart: Pairs) -> Booleans:
    """Return which of the groups are apart; the last row and column, UNKNOWN, is nobody's group."""
    number = {group: place for place, group in enumerate(groups)}
    matrix = np.zeros((len(groups) + 1, len(groups) + 1), dtype=bool)
    for one, other in apart:
        a, b = number.get(folded_one(one)), number.get(folded_one(other))
        if a is not None and b is not None:
            matrix[a, b] = matrix[b, a] = True
    return matrix
