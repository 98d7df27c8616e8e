"""Facets of many profiles as arrays, and the question "do these two share a value?" for a whole block of pairs.

What a shared value means is decided in `eligibility` (may they meet?) and `scoring` (how much is it worth?).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matching.profiles import Profile
from matching.splicing import Splice

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Booleans = NDArray[np.bool_]
Values = Mapping[str, Mapping[str, int]]
Index = slice | NDArray[np.intp]

UNKNOWN = -1  # the code of a fact that is not given
_USUAL = (1, 4)  # before anybody answers, one in four names a type of cooperation
_DENSE_UP_TO = 256  # so many different values: a dense product is the faster one


@dataclass(frozen=True)
class Facet:
    """One many-valued facet: which profile has which value (`columns`), and who left the question empty."""

    values: NDArray[np.float32] | csr_array
    answered: Booleans
    columns: Mapping[str, int]

    def meets(self, rows: Index, other: Facet, columns: Index) -> Booleans:
        """Return whether the row profile's values and the column profile's values have one in common."""
        return np.asarray(self.product(rows, other, columns) > 0)

    def product(self, rows: Index, other: Facet, columns: Index) -> NDArray[np.float32]:
        """Return the sum over the values that both have, of the product of their weights."""
        mine, theirs = self.values[rows], other.values[columns]
        if not _entries(mine) or not _entries(theirs):
            return np.zeros((mine.shape[0], theirs.shape[0]), dtype=np.float32)
        product: Any = mine @ theirs.T
        return np.asarray(product if isinstance(product, np.ndarray) else product.toarray())

    def weighted(self, weights: NDArray[np.float32]) -> Facet:
        """Return the facet with a weight for each value."""
        return replace(self, values=self.values * weights) if len(weights) else self

    def spliced(self, fresh: Facet, splice: Splice) -> Facet:
        """Return some rows of this facet and some of another over the same values."""
        return Facet(splice.table(self.values, fresh.values), splice.rows(self.answered, fresh.answered), self.columns)


@dataclass(frozen=True)
class Rarity:
    """How many name a type of cooperation: one that few name says more than one that everybody names."""

    counts: Mapping[str, int]
    among: int

    @classmethod
    def of(cls, profiles: Sequence[Profile]) -> Rarity:
        """Count the types."""
        return cls(Counter(kind for profile in profiles for kind in folded(profile.cooperation)), len(profiles))

    def weight(self, kind: str) -> float:
        """Return how much it says that two have the type in common; before anybody answers, one in four names it."""
        return -log((self.counts.get(kind, 0) + _USUAL[0]) / (self.among + _USUAL[1]))


@dataclass(frozen=True)
class Facets:
    """All facets that rules and weights look at, one row per profile; those of cooperation are weighted by rarity."""

    codes: Values  # of the four facts below: the number of each name
    organisation: NDArray[np.int64]
    group: NDArray[np.int64]
    country: NDArray[np.int64]
    region: NDArray[np.int64]
    rarity: Rarity
    languages: Facet
    cooperation: Facet
    sectors: Facet
    wanted_sectors: Facet
    tags_offered: Facet
    tags_needed: Facet
    blocked: Facet
    identity: Facet

    @classmethod
    def build(cls, profiles: Sequence[Profile], rarity: Rarity | None = None) -> Facets:
        """Collect the facets; comparisons ignore capital letters. `rarity` is counted unless given."""
        tags = _numbered(profiles, lambda profile: folded((*profile.tags_offered, *profile.tags_needed)))
        values = {name: tags if name.startswith("tags") else _numbered(profiles, of) for name, of in _VALUES.items()}
        codes = {name: _extended({}, (of(profile) for profile in profiles)) for name, of in _FACTS.items()}
        return cls._over(profiles, values, codes, rarity or Rarity.of(profiles), len(codes["organisation"]))

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups, folded; the codes in `group` count them."""
        return tuple(self.codes["group"])

    def spliced(self, profiles: Sequence[Profile], fresh: Sequence[Profile], splice: Splice) -> Facets:
        """Return the facets of `profiles`, of which `fresh` are new; rarity stays as it is."""
        free = int(self.organisation.max(initial=-1)) + 1
        codes = {
            name: self.codes[name] if name == "group" else _extended(self.codes[name], map(of, fresh), free)
            for name, of in _FACTS.items()
        }
        values = {name: getattr(self, name).columns for name in _VALUES}
        try:
            new = self._over(fresh, values, codes, self.rarity, free + len(fresh))
        except KeyError:  # a value nobody had before
            return Facets.build(profiles, self.rarity)
        both = {name: (getattr(self, name), getattr(new, name)) for name in (*_VALUES, *_DERIVED)}
        parts: dict[str, Any] = {name: old.spliced(some, splice) for name, (old, some) in both.items()}
        facts: dict[str, Any] = {name: splice.rows(getattr(self, name), getattr(new, name)) for name in _FACTS}
        return Facets(codes, rarity=self.rarity, **facts, **parts)

    @classmethod
    def _over(cls, profiles: Sequence[Profile], values: Values, codes: Values, rarity: Rarity, alone: int) -> Facets:
        """Look everything up; raises KeyError at a value without a column. Organisations from `alone` on are free."""
        numbers = {name: {"": UNKNOWN, **known} for name, known in codes.items()}
        facts: dict[str, Any] = {
            name: np.array([numbers[name][of(profile)] for profile in profiles], dtype=np.int64)
            for name, of in _FACTS.items()
        }
        nobody = np.arange(alone, alone + len(profiles))  # no organisation given: one of its own
        facts["organisation"] = np.where(facts["organisation"] == UNKNOWN, nobody, facts["organisation"])
        sectors, ids = values["sectors"], values["blocked"]
        asked = {wanted for profile in profiles for wanted in folded(profile.wanted_sectors)}
        below = {wanted: {code for code in sectors if covers(wanted, code)} for wanted in asked}
        wanted = _facet(profiles, lambda p: set().union(*(below[one] for one in folded(p.wanted_sectors))), sectors)
        parts: dict[str, Any] = {name: _facet(profiles, values_of, values[name]) for name, values_of in _VALUES.items()}
        weights = np.array([rarity.weight(kind) for kind in values["cooperation"]], dtype=np.float32)
        return cls(
            codes,
            rarity=rarity,
            wanted_sectors=replace(wanted, answered=np.array([bool(p.wanted_sectors) for p in profiles], dtype=bool)),
            identity=_facet(profiles, lambda p: {p.id} & ids.keys(), ids),
            **facts,
            **{**parts, "cooperation": parts["cooperation"].weighted(weights)},
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


def _region(profile: Profile) -> str:
    """A region belongs to its country: two may have the same name."""
    return f"{folded_one(profile.country)} {folded_one(profile.region)}" if profile.region else ""


_FACTS: dict[str, Callable[[Profile], str]] = {
    "organisation": lambda profile: folded_one(profile.organisation),
    "group": lambda profile: folded_one(profile.group),
    "country": lambda profile: folded_one(profile.country),
    "region": _region,
}
_VALUES: dict[str, Callable[[Profile], Collection[str]]] = {
    "languages": lambda profile: folded(profile.languages),
    "cooperation": lambda profile: folded(profile.cooperation),
    "sectors": lambda profile: folded(profile.sectors),
    "tags_offered": lambda profile: folded(profile.tags_offered),
    "tags_needed": lambda profile: folded(profile.tags_needed),
    "blocked": lambda profile: profile.blocked,
}
_DERIVED = ("wanted_sectors", "identity")


def _extended(known: Mapping[str, int], names: Iterable[str], free: int = 0) -> dict[str, int]:
    """Number the names that aren't known yet, from `free` on."""
    return {**known, **{name: free + code for code, name in enumerate(sorted({*names} - known.keys() - {""}))}}


def _numbered(profiles: Sequence[Profile], values_of: Callable[[Profile], Collection[str]]) -> dict[str, int]:
    return {value: column for column, value in enumerate(sorted(set().union(*map(values_of, profiles))))}


def _facet(
    profiles: Sequence[Profile], values_of: Callable[[Profile], Collection[str]], columns: Mapping[str, int]
) -> Facet:
    from scipy.sparse import csr_array

    rows = [sorted(columns[value] for value in values_of(profile)) for profile in profiles]
    entries = np.array([column for row in rows for column in row], dtype=np.int32)
    indptr = np.cumsum([0, *(len(row) for row in rows)])
    shape = (len(profiles), max(len(columns), 1))
    matrix = csr_array((np.ones(len(entries), dtype=np.float32), entries, indptr), shape=shape)
    answered = np.array([bool(row) for row in rows], dtype=bool)
    return Facet(matrix.toarray() if shape[1] <= _DENSE_UP_TO else matrix, answered, columns)


def _entries(values: Any) -> int:
    """Return how many values are given; a dense table counts as full."""
    return int(values.size if isinstance(values, np.ndarray) else values.nnz)
