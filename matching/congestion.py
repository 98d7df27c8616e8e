"""Fair lists: popular profiles don't flood them, and everybody appears in some.

Two steps after scoring, both without model or texts: a correction for hubs (Conneau et al. 2018, "Word translation
without parallel data", CSLS) and a guarantee pass that swaps tail places of lists.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.candidates import NOBODY, Candidates
from matching.embeddings import Vectors
from matching.facets import Booleans

VISIBLE_PLACES = 10  # the part of a list that people read; exposure is counted in it
FEW = 5  # fewer incoming places than this is reported as little exposure


@dataclass(frozen=True)
class FairnessReport:
    """Exposure in the first `places` places of all lists, over profiles that may meet anybody at all."""

    places: int
    minimum_incoming: int
    gini: float
    share_under_five: float
    swaps: int
    isolated: int

    @classmethod
    def of(cls, lists: Candidates, swaps: int = 0) -> FairnessReport:
        """Count who appears how often."""
        places = min(VISIBLE_PLACES, lists.partners.shape[1])
        reachable = (lists.partners != NOBODY).any(axis=1)
        incoming = incoming_places(lists.partners, places)[reachable]
        return cls(
            places=places,
            minimum_incoming=int(incoming.min(initial=np.iinfo(np.int64).max)) if len(incoming) else 0,
            gini=gini(incoming),
            share_under_five=float(np.mean(incoming < FEW)) if len(incoming) else 0.0,
            swaps=swaps,
            isolated=int(np.count_nonzero(~reachable)),
        )


def incoming_places(partners: NDArray[np.int32], places: int) -> NDArray[np.int64]:
    """Return in how many lists each profile stands among the first `places`."""
    shown = partners[:, :places]
    return np.bincount(shown[shown != NOBODY], minlength=len(partners))


def gini(counts: NDArray[np.int64]) -> float:
    """Return the Gini coefficient of non-negative counts: 0 = all equal, towards 1 = one has everything."""
    total = counts.sum()
    if not total:
        return 0.0
    ranks = np.arange(1, len(counts) + 1)
    return float((2 * ranks - len(counts) - 1) @ np.sort(counts) / (len(counts) * total))


def corrected(candidates: Candidates, neighbours: int) -> Candidates:
    """Reorder by 2 F(A, B) - (mean of A's best F) - (mean of B's best F), the means over `neighbours` best partners.

    Symmetric like F; who is close to everybody loses, who is close to few wins.
    """
    best = candidates.values[:, :neighbours]
    known = ~np.isneginf(best)
    sums = np.where(known, best, 0.0).sum(axis=1)
    mean = (sums / np.maximum(known.sum(axis=1), 1)).astype(np.float32)
    partner_mean = mean[candidates.partners]  # NOBODY takes the last one: its value is -inf anyway
    values: Vectors = 2 * candidates.values - mean[:, None] - partner_mean
    return candidates.ordered_by(values)


class _Lists:
    """The lists while places are being swapped; `order` holds which place each entry had."""

    def __init__(self, candidates: Candidates, places: int, protected: int, kept: Booleans | None) -> None:
        self.partners = candidates.partners.copy()
        self.kept = np.zeros_like(self.partners, dtype=bool) if kept is None else kept.copy()
        self.order = np.tile(np.arange(self.partners.shape[1], dtype=np.int32), (len(self.partners), 1))
        self.places = places
        self.protected = protected
        self.incoming = incoming_places(self.partners, places)

    def admit(self, newcomer: int, host: int, minimum: int) -> bool:
        """Bring `newcomer`, if the host lists it, to the last visible place, for the tail item shown most often."""
        row = self.partners[host]
        source = int((row == newcomer).argmax())
        if source < self.places or row[source] != newcomer:
            return False
        tail = row[self.protected : self.places]
        spare = self.incoming[tail]
        spare[(tail == NOBODY) | self.kept[host, self.protected : self.places]] = 0
        leaving = int(spare.argmax())
        if spare[leaving] <= minimum:
            return False
        self.incoming[tail[leaving]] -= 1
        self.incoming[newcomer] += 1
        for part in (row, self.order[host], self.kept[host]):
            self._move(part, source, self.protected + leaving)
        return True

    def _move(self, row: NDArray[np.generic], source: int, leaving: int) -> None:
        """Put what stands at `source` to the last visible place, and what stood at `leaving` right behind it."""
        coming, going = row[source], row[leaving]
        row[self.places + 1 : source + 1] = row[self.places : source]
        row[leaving : self.places - 1] = row[leaving + 1 : self.places]
        row[self.places - 1 : self.places + 1] = coming, going


def guaranteed(
    candidates: Candidates, minimum: int, places: int, protected: int, kept: Booleans | None = None
) -> tuple[Candidates, int]:
    """Give everybody `minimum` incoming places among the first `places`, where eligibility allows.

    The first `protected` places of a list are never touched, nor those `kept` for a quota, and nobody is pushed below
    the minimum. Returns the lists and the number of swaps.
    """
    lists = _Lists(candidates, min(places, candidates.partners.shape[1]), protected, kept)
    swaps = 0
    if lists.places > protected:
        lacking = np.flatnonzero(lists.incoming < minimum)
        for newcomer in lacking[np.argsort(lists.incoming[lacking], kind="stable")]:
            for host in candidates.partners[newcomer]:
                if lists.incoming[newcomer] >= minimum or host == NOBODY:
                    break
                swaps += lists.admit(int(newcomer), int(host), minimum)
    values, scores = (np.take_along_axis(part, lists.order, axis=1) for part in (candidates.values, candidates.scores))
    return Candidates(lists.partners, values, scores), swaps
