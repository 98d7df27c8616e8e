"""Quotas of the part of a list that people read: partners from other regions, partners of every group.

A quota keeps places for the best of its sort; nobody is invented: where there are fewer, fewer are shown. Quotas only
choose who stands among the first places; the order among those stays.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matching.candidates import NOBODY, Candidates
from matching.facets import UNKNOWN, Booleans, Facets
from matching.policy import Policy

Sort = tuple[int, Booleans]  # so many places for the candidates that are True


def from_other_regions(facets: Facets, partners: NDArray[np.int32], least: int) -> list[Sort]:
    """At least so many partners of another region; where one of the two gave none, that isn't known."""
    mine, theirs = facets.region[: len(partners), None], facets.region[partners]
    return [(least, (mine != theirs) & (mine != UNKNOWN) & (theirs != UNKNOWN))]


def per_group(facets: Facets, partners: NDArray[np.int32], least: int) -> list[Sort]:
    """At least so many partners of every group that takes part."""
    theirs = facets.group[partners]
    return [(least, theirs == group) for group in range(len(facets.groups))]


QUOTAS: dict[str, Callable[[Facets, NDArray[np.int32], int], list[Sort]]] = {
    "from_other_regions": from_other_regions,
    "per_group": per_group,
}


def mixed(candidates: Candidates, facets: Facets, policy: Policy, places: int) -> tuple[Candidates, Booleans | None]:
    """Bring the best of each sort among the first `places`; also return who stands there because of that (None: no quota).

    Quotas are served in the order of QUOTAS while there is room, and one partner may serve several.
    """
    listed = candidates.partners != NOBODY
    kept = np.zeros_like(listed)
    sorts = [
        sort
        for name, quota in QUOTAS.items()
        if getattr(policy, name)
        for sort in quota(facets, candidates.partners, getattr(policy, name))
    ]
    if not sorts:
        return candidates, None
    for least, is_of_sort in sorts:
        kept |= _first(listed & is_of_sort & ~kept, least - _count(kept & is_of_sort), places - _count(kept))
    shown = kept | _first(listed & ~kept, np.full(len(kept), places), places - _count(kept))
    order = np.argsort(~shown, axis=1, kind="stable")
    return candidates.taken(order), np.take_along_axis(kept, order, axis=1)


def _count(mask: Booleans) -> NDArray[np.int64]:
    return np.asarray(np.count_nonzero(mask, axis=1), dtype=np.int64)


def _first(mask: Booleans, wanted: NDArray[np.int64], room: NDArray[np.int64]) -> Booleans:
    """Return the first True of every row, as many as are wanted and as there is room for."""
    most = np.maximum(np.minimum(wanted, room), 0)
    return np.asarray(mask & (np.cumsum(mask, axis=1) <= most[:, None]))
