"""Facets of many profiles as arrays, and the question "do these two share a value?" for a whole block of pairs.

What a shared value means is decided in `eligibility` (may they meet?) and `scoring` (how much is it worth?).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matching.profiles import Profile

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Booleans = NDArray[np.bool_]
Index = slice | NDArray[np.intp]

UNKNOWN = -1  # the code of a fact that is not given
_DENSE_UP_TO = 64  # so many different values: a dense product is the faster one


@dataclass(frozen=True)
class Facet:
    """One many-valued facet: which profile has which value, and who left the question empty."""

    values: NDArray[np.float32] | csr_array
    answered: Booleans

    def meets(self, rows: Index, other: Facet, columns: Index) -> Booleans:
        """Return whether the row profile's values and the column profile's values have one in common."""
        return np.asarray(self.product(rows, other, columns) > 0)

    def product(self, rows: Index, other: Facet, columns: Index) -> NDArray[np.float32]:
        """Return the sum over the values that both have, of the product of their weights."""
        product: Any = self.values[rows] @ other.values[columns].T
        return np.asarray(product if isinstance(product, np.ndarray) else product.toarray())


@dataclass(frozen=True)
class Facets:
    """All facets that rules and weights look at, one row per profile."""

    organisation: NDArray[np.int64]
    groups: tuple[str, ...]  # their names, folded; the codes in `group` count them
    group: NDArray[np.int64]
    country: NDArray[np.int64]
    region: NDArray[np.int64]
    languages: Facet
    cooperation: Facet
    sectors: Facet
    wanted_sectors: Facet
    tags_offered: Facet
    tags_needed: Facet
    blocked: Facet
    identity: Facet

    @classmethod
    def build(cls, profiles: Sequence[Profile]) -> Facets:
        """Collect the facets; comparisons ignore capital letters."""
        sectors = sorted({code for profile in profiles for code in folded(profile.sectors)})
        asked = {wanted for profile in profiles for wanted in folded(profile.wanted_sectors)}
        below = {wanted: {code for code in sectors if covers(wanted, code)} for wanted in asked}
        organisations, own = _coded([folded_one(profile.organisation) for profile in profiles])
        alone = np.arange(
            len(organisations), len(organisations) + len(profiles)
        )  # no organisation given: one of its own
        groups, group = _coded([folded_one(profile.group) for profile in profiles])
        tags = sorted({tag for p in profiles for tag in folded((*p.tags_offered, *p.tags_needed))})
        ids = [profile.id for profile in profiles]
        return cls(
            organisation=np.where(own == UNKNOWN, alone, own),
            groups=groups,
            group=group,
            country=_coded([folded_one(profile.country) for profile in profiles])[1],
            region=_coded([_region(profile) for profile in profiles])[1],
            languages=_facet(profiles, lambda p: folded(p.languages)),
            cooperation=_facet(profiles, lambda p: folded(p.cooperation)),
            sectors=_facet(profiles, lambda p: folded(p.sectors), sectors),
            wanted_sectors=_facet(
                profiles,
                lambda p: set().union(*(below[wanted] for wanted in folded(p.wanted_sectors))),
                sectors,
                lambda p: p.wanted_sectors,
            ),
            tags_offered=_facet(profiles, lambda p: folded(p.tags_offered), tags),
            tags_needed=_facet(profiles, lambda p: folded(p.tags_needed), tags),
            blocked=_facet(profiles, lambda p: p.blocked, ids),
            identity=_facet(profiles, lambda p: (p.id,), ids),
        )


def folded_one(value: str) -> str:
    """Return the form in which facet values are compared."""
    return value.casefold()


def folded(values: Iterable[str]) -> set[str]:
    """Return the values in the form in which they are compared."""
    return {folded_one(value) for value in values}


def covers(wanted: str, sector: str) -> bool:
    """Tell whether a wanted sector, folded, includes a sector: the same, or a NACE code below it (28, 28.99)."""
    return wanted == sector or (wanted[:2].isdigit() and sector.startswith(wanted))


def wanted_codes(profile: Profile, sectors: Iterable[str]) -> set[str]:
    """Return those of the given sectors that the profile wants, directly or through a wider code."""
    return {code for code in folded(sectors) if any(covers(wanted, code) for wanted in folded(profile.wanted_sectors))}


def _coded(values: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the different values and the number of each; UNKNOWN where it is empty."""
    names = tuple(sorted(set(values) - {""}))
    number = {name: code for code, name in enumerate(names)}
    return names, np.array([number.get(value, UNKNOWN) for value in values], dtype=np.int64)


def _region(profile: Profile) -> str:
    """A region belongs to its country: two may have the same name."""
    return f"{folded_one(profile.country)} {folded_one(profile.region)}" if profile.region else ""


def _facet(
    profiles: Sequence[Profile],
    values_of: Callable[[Profile], Iterable[str]],
    universe: Sequence[str] | None = None,
    answer_of: Callable[[Profile], Iterable[str]] | None = None,
) -> Facet:
    from scipy.sparse import csr_array

    rows = [sorted(values_of(profile)) for profile in profiles]
    if universe is None:
        universe = sorted({value for row in rows for value in row})
    number = {value: column for column, value in enumerate(universe)}
    known = [[number[value] for value in row if value in number] for row in rows]
    columns = np.array([column for row in known for column in row], dtype=np.int32)
    indptr = np.cumsum([0, *(len(row) for row in known)])
    shape = (len(profiles), max(len(universe), 1))
    matrix = csr_array((np.ones(len(columns), dtype=np.float32), columns, indptr), shape=shape)
    answered = np.array([bool((answer_of or values_of)(profile)) for profile in profiles], dtype=bool)
    return Facet(matrix.toarray() if shape[1] <= _DENSE_UP_TO else matrix, answered)
